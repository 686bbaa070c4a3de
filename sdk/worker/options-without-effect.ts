import type { Duration } from '../common/duration.js';

/** How a poller of Temporal's servers behaves; nothing polls here. */
export type PollerBehavior =
  | { readonly type: 'simple-maximum'; readonly maximum?: number }
  | { readonly type: 'autoscaling'; readonly minimum?: number; readonly initial?: number; readonly maximum?: number };

/**
 * Options of Temporal's workers that a program may go on to give, and that change nothing here: what they set is
 * decided in another way, as each says.
 */
export interface OptionsWithoutEffect {
  /** A worker reads its partitions of a topic as fast as it has slots: there are no polls to have many of. */
  readonly maxConcurrentWorkflowTaskPolls?: number;
  /** As `maxConcurrentWorkflowTaskPolls`. */
  readonly maxConcurrentActivityTaskPolls?: number;
  /** As `maxConcurrentWorkflowTaskPolls`. */
  readonly maxConcurrentNexusTaskPolls?: number;
  /** As `maxConcurrentWorkflowTaskPolls`. */
  readonly workflowTaskPollerBehavior?: PollerBehavior;
  /** As `maxConcurrentWorkflowTaskPolls`. */
  readonly activityTaskPollerBehavior?: PollerBehavior;
  /** As `maxConcurrentWorkflowTaskPolls`. */
  readonly nexusTaskPollerBehavior?: PollerBehavior;
  /** A workflow's tasks always come to the worker that has it cached, by the partition of its id. */
  readonly nonStickyToStickyPollRatio?: number;
  /** As `nonStickyToStickyPollRatio`: there is no second queue to fall back to. */
  readonly stickyQueueScheduleToStartTimeout?: Duration;
  /** Contexts are always reused. */
  readonly reuseV8Context?: boolean;
  /** No activity is handed over with the answer to a workflow task. */
  readonly maxEagerActivityReservationsPerWorkflowTask?: number;
  /** No Nexus tasks are taken. */
  readonly maxConcurrentNexusTaskExecutions?: number;
  /** Names the worker's code to servers that route by it. Here a worker is told by its `identity`. */
  readonly buildId?: string;
  /** Stacks name the files and lines of the sources; their text is not sent along. */
  readonly showStackTraceSources?: boolean;
  /** Workflow code stays in its threads. A high `isolateExecutionTimeout` gives a debugger time. */
  readonly debugMode?: boolean;
}

export const optionsWithoutEffect: ReadonlySet<string> = new Set([
  'maxConcurrentWorkflowTaskPolls',
  'maxConcurrentActivityTaskPolls',
  'maxConcurrentNexusTaskPolls',
  'workflowTaskPollerBehavior',
  'activityTaskPollerBehavior',
  'nexusTaskPollerBehavior',
  'nonStickyToStickyPollRatio',
  'stickyQueueScheduleToStartTimeout',
  'reuseV8Context',
  'maxEagerActivityReservationsPerWorkflowTask',
  'maxConcurrentNexusTaskExecutions',
  'buildId',
  'showStackTraceSources',
  'debugMode',
] satisfies Array<keyof OptionsWithoutEffect>);

/** Options that would change what a worker does and that it can't follow: refused with the reason. */
export const refusedOptions: Readonly<Record<string, string>> = {
  maxTaskQueueActivitiesPerSecond:
    'no service limits a queue as a whole yet; maxActivitiesPerSecond limits this worker',
  nexusServices: 'Nexus is a service that comes later',
  patchActivationCallback: 'workflow code runs in a thread of its own, which can not wait for an answer of this one',
  useVersioning: 'no service routes tasks by the version of workers yet',
  workerDeploymentOptions: 'no service routes tasks by the version of workers yet',
  disablePayloadErrorLimit: "Kafka's own limits hold: pass large data by reference",
};
