import type { Priority } from '../common/priority.js';
import type { RetryPolicy } from '../common/retry-policy.js';

/** What an activity may know about itself. */
export interface Info {
  /** Names this attempt; opaque. */
  readonly taskToken: Uint8Array;
  /** The same as text. */
  readonly base64TaskToken: string;
  readonly activityId: string;
  readonly activityType: string;
  /** Starts at 1 and grows by one with each retry. */
  readonly attempt: number;
  /** Whether this is a local activity, which runs in the worker of its workflow. */
  readonly isLocal: boolean;
  /** Whether a workflow scheduled this activity. Standalone ones are not supported yet: always true. */
  readonly inWorkflow: boolean;
  /** The workflow that scheduled this activity. */
  readonly workflowExecution: { readonly workflowId: string; readonly runId: string };
  readonly workflowType: string;
  readonly namespace: string;
  /** The same as `namespace`; Temporal's older name. */
  readonly workflowNamespace: string;
  /** The same as `namespace`; Temporal's older name. */
  readonly activityNamespace: string;
  /** When the workflow scheduled the activity, in milliseconds since the epoch. */
  readonly scheduledTimestampMs: number;
  /** When this attempt was put on the queue, in milliseconds since the epoch. */
  readonly currentAttemptScheduledTimestampMs: number;
  /** Limit over all attempts, in milliseconds; 0 means none. */
  readonly scheduleToCloseTimeoutMs: number;
  /** Limit of this attempt, in milliseconds; 0 means none. */
  readonly startToCloseTimeoutMs: number;
  /** Longest silence between heartbeats, in milliseconds; undefined when none are expected. */
  readonly heartbeatTimeoutMs: number | undefined;
  /** What the attempt before told with its last heartbeat: any, as in Temporal, since only the activity knows its shape. */
  // biome-ignore lint/suspicious/noExplicitAny: programs written for Temporal read it without a cast
  readonly heartbeatDetails: any;
  readonly taskQueue: string;
  /** The retry policy in force. */
  readonly retryPolicy: RetryPolicy | undefined;
  /** The order among the tasks of its queue, if the workflow asked for one. */
  readonly priority: Priority | undefined;
  /** The run of a standalone activity. Those are not supported yet: always undefined. */
  readonly activityRunId: string | undefined;
}
