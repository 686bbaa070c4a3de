// A run out of memory: in a snapshot or in the local store. What is kept folds on exactly as the run in memory would.
import type { KeptRun, RunSnapshot } from '../../schemas/generated/messages.js';
import { messageOf } from '../../schemas/message.js';
import type { Codec } from '../platform/codec/codec.js';
import { dueAt } from './core/due.js';
import { invariant } from './core/invariant.js';
import type { CloseEvent, InitiatedEvent, RunState, StartedEvent } from './core/state.js';
import type { RunRecords } from './run-log.js';

/** A run's state and its records, which come and go together. */
export interface WholeRun {
  readonly run: RunState;
  readonly records: RunRecords;
}

/** What is kept of a run, as bytes and read. */
export interface WalkedRun {
  readonly kept: KeptRun;
  readonly bytes: Buffer;
}

export function keepRun(codec: Codec, { run, records }: WholeRun): Buffer {
  return codec.encode({
    type: 'KeptRun',
    runId: run.runId,
    workflowId: run.workflowId,
    isClosed: run.closed !== null,
    dueAt: dueAt(run) ?? null,
    firstOffset: records.firstOffset,
    lastOffset: records.lastOffset,
    lastEventId: records.lastEventId,
    events: records.events ?? null,
    state: codec.encode(snapshotOf(codec, run)),
  });
}

/** Reads what is kept without unpacking the state. Throws where it is no such thing. */
export function readKept(codec: Codec, bytes: Uint8Array): KeptRun {
  const kept = codec.decode(bytes);
  invariant(kept.type === 'KeptRun', `a ${kept.type} stands where a run should`);
  return kept;
}

export function unpackRun(codec: Codec, kept: KeptRun): WholeRun {
  const snapshot = codec.decode(kept.state);
  invariant(snapshot.type === 'RunSnapshot', `a ${snapshot.type} stands where the state of ${kept.runId} should`);
  const { workflowId, runId, lastEventId, firstOffset, lastOffset, events } = kept;
  const key = Buffer.from(workflowId, 'utf8');
  const records = {
    workflowId,
    runId,
    key,
    events: (events as Buffer[] | null) ?? undefined,
    lastEventId,
    firstOffset,
    lastOffset,
    unplaced: 0,
  };
  return { run: stateOf(codec, snapshot), records };
}

function snapshotOf(codec: Codec, run: RunState): RunSnapshot & { readonly type: 'RunSnapshot' } {
  const { closed, start, ...rest } = run;
  return {
    type: 'RunSnapshot',
    ...rest,
    activities: [...run.activities.values()],
    timers: [...run.timers.values()],
    endedUnseen: [...run.endedUnseen].map(([key, ended]) => ({ key, ...ended })),
    children: [...run.children.values()],
    outgoing: [...run.outgoing.values()].map((asked) => ({ ...asked, event: codec.encode(asked.event) })),
    signalRequestIds: [...run.signalRequestIds],
    updates: [...run.updates.values()],
    startEvent: codec.encode(start),
    closeEvent: closed === null ? null : codec.encode(closed.event),
    abandoned: closed?.abandoned ?? [],
  };
}

function stateOf(codec: Codec, snapshot: RunSnapshot & { readonly type: 'RunSnapshot' }): RunState {
  const { type: _, startEvent, closeEvent, abandoned, ...rest } = snapshot;
  return {
    ...rest,
    activities: new Map(snapshot.activities.map((activity) => [activity.scheduledEventId, activity])),
    timers: new Map(snapshot.timers.map((timer) => [timer.timerId, timer])),
    endedUnseen: new Map(snapshot.endedUnseen.map(({ key, ...ended }) => [key, ended])),
    children: new Map(snapshot.children.map((child) => [child.initiatedEventId, child])),
    outgoing: new Map(snapshot.outgoing.map((asked) => outgoingOf(codec, asked))),
    signalRequestIds: new Set(snapshot.signalRequestIds),
    updates: new Map(snapshot.updates.map((update) => [update.updateId, update])),
    start: startEvent === null ? startOf(snapshot) : (codec.decode(startEvent) as StartedEvent),
    closed: closeEvent === null ? null : { event: codec.decode(closeEvent) as CloseEvent, abandoned },
  };
}

function outgoingOf(codec: Codec, { event: bytes, ...sent }: RunSnapshot['outgoing'][number]) {
  const event = codec.decode(bytes) as InitiatedEvent;
  return [event.header.eventId, { ...sent, event }] as const;
}

/** A start as far as a snapshot of before it was kept knows it. Such runs have no chains. */
function startOf(snapshot: RunSnapshot): StartedEvent {
  const { workflowId, runId, startedAt: eventTime, startRequestId: requestId } = snapshot;
  const { workflowType, taskQueue, workflowTaskTimeoutMs, firstExecutionRunId } = snapshot;
  return messageOf('WorkflowExecutionStarted', {
    header: { workflowId, runId, eventId: 1, sequence: 1, eventTime, skippable: false },
    workflowType,
    taskQueue,
    workflowTaskTimeoutMs,
    firstExecutionRunId,
    attempt: 1,
    identity: '',
    requestId,
  });
}
