import type { RunCommand } from '../../workflow/activation.js';
import type { WorkflowRun } from '../../workflow/run.js';
import { LocalActivities } from './local-activities.js';

/** A workflow task that the run's code has been through. */
export interface AnsweredTask {
  readonly scheduledEventId: number;
  readonly attempt: number;
  readonly seenEventId: number;
  readonly startedAt: number;
  /** What the code gave, to be compared with the events that history made of it. */
  readonly commands: readonly RunCommand[];
}

export interface ActivityIdentity {
  readonly seq: number;
  readonly activityId: string;
  readonly activityType: string;
}

/** How far a run's code has been brought, and what is needed to bring it further. */
export interface RunProgress {
  readonly workflowId: string;
  readonly runId: string;
  readonly run: WorkflowRun;
  /** The task in hand, for the watchdog. */
  taskId: number;
  /** The last task; undefined for a run that hasn't begun. */
  last: AnsweredTask | undefined;
  /** Activities by the event id of ActivityTaskScheduled, by which the events of their end name them. */
  readonly activities: Map<number, ActivityIdentity>;
  readonly localActivities: LocalActivities;
  /** Sequence numbers of what the code asked of other workflows, by the event that did. */
  readonly initiated: Map<number, number>;
  /** Events told to the run, and their encoded size. */
  historyLength: number;
  historyBytes: number;
  /** Updates accepted so far. */
  acceptedUpdates: number;
}

export function beginProgress(workflowId: string, runId: string, run: WorkflowRun): RunProgress {
  return {
    workflowId,
    runId,
    run,
    taskId: 0,
    last: undefined,
    activities: new Map(),
    localActivities: new LocalActivities(run.localActivities),
    initiated: new Map(),
    historyLength: 0,
    historyBytes: 0,
    acceptedUpdates: 0,
  };
}

/** The last event that the run's code has been through. */
export function seenEventId(progress: RunProgress): number {
  return progress.last?.seenEventId ?? 0;
}

/** Whether the code has ended the run. If the answer is refused, the state is ahead of the truth and of no use. */
export function hasEnded(progress: RunProgress): boolean {
  return progress.last?.commands.some(({ seq }) => seq === 0) ?? false;
}
