import type { HistoryEvent } from '../../schemas/generated/messages.js';
import { apply } from './core/apply.js';
import { dueAt } from './core/due.js';
import { createPartition, expiredRuns, forget, type PartitionState } from './core/state.js';
import { RunLog, type RunRecords } from './run-log.js';
import { Timers } from './timers.js';

/** What a partition's history says so far: the core's state, the events' bytes, and when which run is due. */
export interface Projection {
  readonly state: PartitionState;
  readonly runLog: RunLog;
  readonly timers: Timers;
}

/** The projection of a partition without history. */
export function createProjection(partition: number): Projection {
  return { state: createPartition(partition), runLog: new RunLog(), timers: new Timers() };
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

/** Forgets the closed runs that are past their retention. */
export function sweep({ state, runLog }: Projection, now: number, retentionMs: number): void {
  for (const runId of expiredRuns(state, now, retentionMs)) {
    forget(state, runId);
    runLog.forget(runId);
  }
}
