import type { Duration } from './duration.js';
import type { Priority } from './priority.js';
import type { RetryPolicy } from './retry-policy.js';
import type { VersioningIntent } from './worker-deployments.js';

/** What a workflow's cancellation does to an activity that it waits for. */
export const ActivityCancellationType = {
  /** Asks the activity to cancel and reports it as cancelled at once. The default, as in Temporal's behaviour. */
  TRY_CANCEL: 'TRY_CANCEL',
  /** Asks the activity to cancel and waits for its end. It must send heartbeats to hear of it. */
  WAIT_CANCELLATION_COMPLETED: 'WAIT_CANCELLATION_COMPLETED',
  /** Reports the activity as cancelled at once and lets it go on. */
  ABANDON: 'ABANDON',
} as const;
export type ActivityCancellationType = (typeof ActivityCancellationType)[keyof typeof ActivityCancellationType];

/** How an activity is scheduled. One of `startToCloseTimeout` and `scheduleToCloseTimeout` is required. */
export interface ActivityOptions {
  /** Unique among the run's pending activities. Default: a sequence number. */
  readonly activityId?: string;
  /** Default: the workflow's. */
  readonly taskQueue?: string;
  /** Longest silence between heartbeats. Default: none are expected. */
  readonly heartbeatTimeout?: Duration;
  /** Default: retried for ever, after 1 s, 2 s, 4 s … up to 100 s. */
  readonly retry?: RetryPolicy;
  /** Limit of one attempt. Default: `scheduleToCloseTimeout`. */
  readonly startToCloseTimeout?: Duration;
  /** Limit of the wait in the queue. Never retried. Default: none. */
  readonly scheduleToStartTimeout?: Duration;
  /** Limit over all attempts. Default: none. */
  readonly scheduleToCloseTimeout?: Duration;
  /** Default: TRY_CANCEL. */
  readonly cancellationType?: ActivityCancellationType;
  /** One line for people. */
  readonly summary?: string;
  /** Order among the activities that wait. Kept with the task: queues don't go by it yet. */
  readonly priority?: Priority;
  /** Without effect: no activity is handed over with the answer to a workflow task yet. */
  readonly allowEagerDispatch?: boolean;
  /** @deprecated Without effect: workers of versions are not told apart. */
  readonly versioningIntent?: VersioningIntent;
}

/**
 * How a local activity runs: in the worker that runs the workflow, without a queue, and once in history, when it is over.
 * One of `startToCloseTimeout` and `scheduleToCloseTimeout` is required.
 */
export interface LocalActivityOptions {
  /** Default: retried for ever, after 1 s, 2 s, 4 s … up to 100 s. */
  readonly retry?: RetryPolicy;
  /** Limit of one attempt. Default: `scheduleToCloseTimeout`. */
  readonly startToCloseTimeout?: Duration;
  /** Limit of the wait for a free slot in the worker. Never retried. Default: none. */
  readonly scheduleToStartTimeout?: Duration;
  /** Limit over all attempts. Default: none. */
  readonly scheduleToCloseTimeout?: Duration;
  /** A wait before a retry that is longer than this is a durable timer, and no worker is held by it. Default: 1 minute. */
  readonly localRetryThreshold?: Duration;
  /** Default: TRY_CANCEL. */
  readonly cancellationType?: ActivityCancellationType;
  /** One line for people. */
  readonly summary?: string;
}
