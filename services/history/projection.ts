import type { HistoryEvent } from '../../schemas/generated/messages.js';
import { apply } from './core/apply.js';
import { expiredRuns, forget, type PartitionState } from './core/state.js';
import type { RunLog, RunRecords } from './run-log.js';

/** What a partition's history says so far: the core's state, and the events' bytes. */
export interface Projection {
  readonly state: PartitionState;
  readonly runLog: RunLog;
}

/** Folds one event in, as decided or as read (H3). Keeps the bytes. Returns the run's records unless it belongs to no run. */
export function project({ state, runLog }: Projection, event: HistoryEvent, bytes: Buffer): RunRecords | undefined {
  apply(state, event, bytes.length);
  if (event.type === 'PartitionOwnerClaimed') return undefined;
  const run = runLog.add(event.header, bytes);
  if (state.runs.get(run.runId)?.status !== 'RUNNING') runLog.close(run.runId);
  return run;
}

/** Forgets the closed runs that are past their retention. */
export function sweep({ state, runLog }: Projection, now: number, retentionMs: number): void {
  for (const runId of expiredRuns(state, now, retentionMs)) {
    forget(state, runId);
    runLog.forget(runId);
  }
}
