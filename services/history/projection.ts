import type { HistoryEvent } from '../../schemas/generated/messages.js';
import type { Codec } from '../platform/codec/codec.js';
import { MAX_FORGOTTEN_RUNS } from '../platform/limits.js';
import { apply } from './core/apply.js';
import { dueAt } from './core/due.js';
import { createPartition, expiredRuns, forget, type PartitionState } from './core/state.js';
import { readKept, unpackRun } from './kept-run.js';
import { RunLog, type RunRecords } from './run-log.js';
import { BufferedStore, type OpenStore } from './run-store.js';
import { StoredClosedRuns, StoredCurrentRuns } from './stored-ids.js';
import { StoredRuns } from './stored-runs.js';
import { Timers } from './timers.js';

/** What a partition's history says so far: the core's state, the events' bytes, and when which run is due. */
export interface Projection {
  readonly state: PartitionState;
  readonly runLog: RunLog;
  readonly timers: Timers;
  /** Of a projection with a local store: call `trim` between inputs, and close the store in the end. */
  readonly stored: { readonly runs: StoredRuns; readonly store: BufferedStore } | undefined;
}

/** Where runs go that memory has no room for. */
export interface Storage {
  readonly codec: Codec;
  readonly open: OpenStore;
  /** Bytes that runs in memory may take, about. */
  readonly hotBytes: number;
}

/** The projection of a partition without history. Without a storage all of it stays in memory. */
export function createProjection(partition: number, storage?: Storage): Projection {
  const runLog = new RunLog();
  const timers = new Timers();
  if (storage === undefined) return { state: createPartition(partition), runLog, timers, stored: undefined };
  const store = new BufferedStore(storage.open);
  const currentRuns = new StoredCurrentRuns(store);
  const runs = new StoredRuns({ ...storage, store, runLog, currentRuns });
  const state = createPartition(partition, { runs, currentRuns, closedRuns: new StoredClosedRuns(store) });
  return { state, runLog, timers, stored: { runs, store } };
}

/** Folds one event in, as decided or as read (H3). Keeps the bytes. Returns the run's records unless it belongs to no run. */
export function project({ state, runLog }: Projection, event: HistoryEvent, bytes: Buffer): RunRecords | undefined {
  apply(state, event, bytes.length);
  if (event.type === 'PartitionOwnerClaimed') return undefined;
  const run = runLog.add(event.header, bytes);
  if (state.runs.get(run.runId)?.status !== 'RUNNING') runLog.close(run.runId);
  return run;
}

/** Sets when the runs of events that have just been folded in are due next. */
export function setTimers({ state, timers }: Projection, events: readonly HistoryEvent[]): void {
  let settled: string | undefined;
  for (const event of events) {
    if (event.type === 'PartitionOwnerClaimed' || event.header.runId === settled) continue;
    settled = event.header.runId;
    const run = state.runs.get(settled);
    timers.set(settled, run === undefined ? undefined : dueAt(run));
  }
}

/** Forgets closed runs that are past their retention, as many as may be at once. Returns whether that was the limit. */
export function sweep({ state, runLog }: Projection, now: number, retentionMs: number): boolean {
  const expired = expiredRuns(state, now, retentionMs);
  for (const runId of expired) {
    forget(state, runId);
    runLog.forget(runId);
  }
  return expired.length === MAX_FORGOTTEN_RUNS;
}

/** Takes in a run that had been kept. Runs that had closed come in the order in which they closed, before all others. */
export function loadRun(projection: Projection, codec: Codec, bytes: Buffer, isClosedInOrder: boolean): void {
  const { state, runLog, timers, stored } = projection;
  const kept = readKept(codec, bytes);
  const { runId, workflowId } = kept;
  if (stored !== undefined) {
    stored.runs.load(kept, bytes);
  } else {
    const { run, records } = unpackRun(codec, kept);
    state.runs.set(runId, run);
    state.currentRuns.set(workflowId, runId);
    runLog.restore(records);
  }
  timers.set(runId, kept.dueAt ?? undefined);
  if (isClosedInOrder) state.closedRuns.add(runId);
}
