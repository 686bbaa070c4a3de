// The one writer of state: `apply` folds an event into it (H3). It takes every event as decided; what it can't
// make sense of is a broken invariant (H9).
import type { HistoryEvent, HistoryEventTypes } from '../../../schemas/generated/messages.js';
import { timeAfter } from '../../../sdk/common/time-after.js';
import { applyToActivities } from './apply-activity.js';
import { applyToChildren } from './apply-children.js';
import { applyToUpdates, dropAdmitted } from './apply-update.js';
import { applyToWorkflowTask } from './apply-workflow-task.js';
import { changedFields } from './fields.js';
import { invariant } from './invariant.js';
import { openRun, withoutInput } from './open-run.js';
import {
  type ClosedStatus,
  type CloseEvent,
  currentRun,
  isWokenBySignals,
  type PartitionState,
  type RunState,
  type StartedEvent,
  timerKey,
} from './state.js';

export type RunEvent = Exclude<HistoryEvent, { type: 'PartitionOwnerClaimed' }>;
export type Appliers<K extends keyof HistoryEventTypes> = {
  readonly [T in K]: (run: RunState, event: Extract<RunEvent, { type: T }>) => void;
};

/** Folds an event into the state, in place. `sizeBytes` is the size of its record's value. */
export function apply(state: PartitionState, event: HistoryEvent, sizeBytes: number): void {
  if (event.type === 'PartitionOwnerClaimed') {
    invariant(event.partition === state.partition, `a claim of partition ${event.partition} in ${state.partition}`);
    invariant(event.ownerEpoch > state.ownerEpoch, `owner epoch ${event.ownerEpoch} after ${state.ownerEpoch}`);
    state.ownerEpoch = event.ownerEpoch;
    state.lastEventTime = Math.max(state.lastEventTime, event.claimedAt);
    return;
  }
  const { header } = event;
  state.lastEventTime = Math.max(state.lastEventTime, header.eventTime);
  const run = event.type === 'WorkflowExecutionStarted' ? startRun(state, event) : state.runs.get(header.runId);
  invariant(run !== undefined, `${event.type} of run ${header.runId}, which was never started`);
  invariant(run.status === 'RUNNING', `${event.type} of run ${header.runId}, which is ${run.status}`);
  invariant(
    header.sequence === run.nextSequence,
    `sequence ${header.sequence} of ${header.runId}, not ${run.nextSequence}`,
  );
  run.nextSequence += 1;
  run.historyBytes += sizeBytes;
  if (header.eventId !== 0) {
    invariant(header.eventId === run.nextEventId, `event ${header.eventId} of ${header.runId}, not ${run.nextEventId}`);
    run.nextEventId += 1;
  }
  applyTo(run, event.type, event);
  if (isClose(event)) closeRun(state, run, event);
}

/**
 * Passes over an event of a run that was taken from a snapshot, whose state has it in already: of the partition's own
 * state, what the event changes there is noted.
 */
export function passOver(state: PartitionState, event: RunEvent): void {
  const { workflowId, runId, eventTime } = event.header;
  state.lastEventTime = Math.max(state.lastEventTime, eventTime);
  if (event.type === 'WorkflowExecutionStarted') state.currentRuns.set(workflowId, runId);
  if (isClose(event)) state.closedRuns.add(runId);
}

const appliers: Appliers<RunEvent['type']> = {
  ...applyToWorkflowTask,
  ...applyToActivities,
  ...applyToUpdates,
  ...applyToChildren,
  WorkflowExecutionStarted: inbound,
  WorkflowExecutionSignaled(run, event) {
    run.signalRequestIds.add(event.requestId);
    // One that came with the start waits with it.
    if (event.requestId !== run.startRequestId && isWokenBySignals(run)) run.startsAt = null;
    inbound(run, event);
  },
  WorkflowExecutionCancelRequested(run, event) {
    run.cancelRequested = true;
    run.startsAt = null;
    run.signalRequestIds.add(event.requestId);
    inbound(run, event);
  },
  TimerStarted(run, { header, timerId, startToFireTimeoutMs }) {
    invariant(!run.timers.has(timerId), `timer '${timerId}' of ${run.runId} started twice`);
    run.timers.set(timerId, {
      timerId,
      startedEventId: header.eventId,
      fireAt: timeAfter(header.eventTime, startToFireTimeoutMs),
    });
  },
  TimerFired(run, event) {
    invariant(run.timers.delete(event.timerId), `timer '${event.timerId}' of ${run.runId} fired but is not pending`);
    run.endedUnseen.set(timerKey(event.timerId), {
      firstEventId: event.startedEventId,
      endedEventId: event.header.eventId,
    });
    inbound(run, event);
  },
  TimerCanceled(run, { timerId }) {
    // One that fired when the code could not know it yet is gone already.
    run.timers.delete(timerId);
    run.endedUnseen.delete(timerKey(timerId));
  },
  WorkflowExecutionCompleted: nothingMore,
  WorkflowExecutionFailed: nothingMore,
  WorkflowExecutionCanceled: nothingMore,
  WorkflowExecutionTerminated: nothingMore,
  WorkflowExecutionTimedOut: nothingMore,
  WorkflowExecutionContinuedAsNew: nothingMore,
  MarkerRecorded: nothingMore,
  UpsertWorkflowSearchAttributes(run, { searchAttributes, removed }) {
    run.searchAttributes = changedFields(run.searchAttributes, searchAttributes, removed);
  },
  WorkflowExecutionPaused(run) {
    run.paused = true;
  },
  WorkflowExecutionUnpaused(run) {
    run.paused = false;
  },
  WorkflowPropertiesModified(run, { upsertedMemo, removed }) {
    run.memo = changedFields(run.memo, upsertedMemo, removed);
  },
};

function applyTo<K extends RunEvent['type']>(run: RunState, type: K, event: RunEvent): void {
  // `type` is the event's own, which the compiler can't carry through the table.
  (appliers[type] as (run: RunState, event: RunEvent) => void)(run, event);
}

/** Workflow code has to be told of the event. */
function inbound(run: RunState, event: RunEvent): void {
  run.lastInboundEventId = event.header.eventId;
}

function nothingMore(): void {}

function startRun(state: PartitionState, event: StartedEvent): RunState {
  const { workflowId, runId } = event.header;
  invariant(!state.runs.has(runId), `run ${runId} started twice`);
  const last = currentRun(state, workflowId);
  invariant(last?.status !== 'RUNNING', `workflow '${workflowId}' started while it runs`);
  // The run that a chain or a reset goes on from has closed in the same decision: whoever folds, it is not forgotten.
  const goesOn = event.continuedExecutionRunId !== null || event.copiedUntilEventId !== null;
  const run = openRun(event, goesOn ? last : undefined);
  state.runs.set(runId, run);
  state.currentRuns.set(workflowId, runId);
  return run;
}

const closedStatus: { readonly [K in CloseEvent['type']]: ClosedStatus } = {
  WorkflowExecutionCompleted: 'COMPLETED',
  WorkflowExecutionFailed: 'FAILED',
  WorkflowExecutionCanceled: 'CANCELLED',
  WorkflowExecutionTerminated: 'TERMINATED',
  WorkflowExecutionTimedOut: 'TIMED_OUT',
  WorkflowExecutionContinuedAsNew: 'CONTINUED_AS_NEW',
};

function isClose(event: RunEvent): event is CloseEvent {
  return event.type in closedStatus;
}

/** Keeps of a closed run what describes it, its outcome, and what a request sent again is known by; the rest is let go. */
function closeRun(state: PartitionState, run: RunState, event: CloseEvent): void {
  const abandoned = [...run.activities.values()].filter((activity) => activity.worker !== null);
  run.status = closedStatus[event.type];
  run.closed = { event, abandoned };
  run.start = withoutInput(run.start);
  run.startsAt = null;
  run.paused = false;
  run.workflowTask = null;
  run.activities.clear();
  run.timers.clear();
  run.endedUnseen.clear();
  dropAdmitted(run);
  run.outgoing.clear();
  state.closedRuns.add(run.runId);
}
