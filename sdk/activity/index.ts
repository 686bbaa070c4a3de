export {
  type ActivityFunction,
  type ActivityInterface,
  ApplicationFailure,
  CancelledFailure,
  CompleteAsyncError,
  type Duration,
  type Logger,
  type MetricMeter,
  type RetryPolicy,
  type UntypedActivities,
} from '../common/index.js';
export type { ActivityCancellationDetails } from './cancellation.js';
export {
  activityInfo,
  asyncLocalStorage,
  Context,
  cancellationDetails,
  cancellationSignal,
  cancelled,
  getClient,
  heartbeat,
  log,
  metricMeter,
  sleep,
} from './context.js';
export type { Info } from './info.js';
