import type { WorkerState } from './worker.js';
import type { WorkerParts } from './worker-parts.js';

/** What a worker has in hand; Temporal's names. */
export interface WorkerStatus {
  readonly runState: WorkerState;
  /** Whether tasks of the kind are taken off their topic. */
  readonly workflowPollerState: 'POLLING' | 'SHUTDOWN';
  readonly activityPollerState: 'POLLING' | 'SHUTDOWN';
  /** The same as being in state POLLING: a reader always waits for the next record. */
  readonly hasOutstandingWorkflowPoll: boolean;
  readonly hasOutstandingActivityPoll: boolean;
  /** Workflow tasks and queries that are being carried out. */
  readonly numInFlightWorkflowActivations: number;
  /** Activities that run. */
  readonly numInFlightActivities: number;
  readonly numInFlightNonLocalActivities: number;
  /** Of those, how many are alive by the word of a heartbeat. */
  readonly numHeartbeatingActivities: number;
}

export function statusOf(runState: WorkerState, parts: WorkerParts): WorkerStatus {
  const { workflowConsumer, activityConsumer, activities } = parts;
  const isTakingWorkflows = workflowConsumer?.isTaking ?? false;
  const isTakingActivities = activityConsumer?.isTaking ?? false;
  const running = activityConsumer?.running.value ?? 0;
  return {
    runState,
    workflowPollerState: isTakingWorkflows ? 'POLLING' : 'SHUTDOWN',
    activityPollerState: isTakingActivities ? 'POLLING' : 'SHUTDOWN',
    hasOutstandingWorkflowPoll: isTakingWorkflows,
    hasOutstandingActivityPoll: isTakingActivities,
    numInFlightWorkflowActivations: workflowConsumer?.running.value ?? 0,
    numInFlightActivities: running,
    numInFlightNonLocalActivities: running,
    numHeartbeatingActivities: activities?.heartbeating ?? 0,
  };
}
