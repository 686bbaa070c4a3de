import type { ActivityCancellationDetails } from '../common/activity-cancellation-details.js';

export type { ActivityCancellationDetails };

/** Why an activity is asked to stop. It is the message of the `CancelledFailure` that `Context.cancelled` rejects with. */
export type ActivityCancellationReason =
  /** The workflow asked. */
  | 'CANCELLED'
  /** The attempt has timed out: its result won't count. */
  | 'TIMED_OUT'
  /** The services know of no such attempt: the workflow is closed, or another attempt has taken its place. */
  | 'NOT_FOUND'
  /** The workflow is paused: the attempt should stop and will be made again when it goes on. */
  | 'PAUSED'
  /** The attempt was reset: another one takes its place. */
  | 'RESET'
  /** The worker is being shut down. */
  | 'WORKER_SHUTDOWN'
  /** What `heartbeat` was given could not be converted or sent. */
  | 'HEARTBEAT_DETAILS_CONVERSION_FAILED';

export const notCancelled: ActivityCancellationDetails = {
  cancelRequested: false,
  notFound: false,
  timedOut: false,
  workerShutdown: false,
  paused: false,
  reset: false,
};
