export {
  type ActivityFunction,
  type ActivityInterface,
  ApplicationFailure,
  CancelledFailure,
  CompleteAsyncError,
  type Logger,
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
  heartbeat,
  log,
  sleep,
} from './context.js';
export type { Info } from './info.js';
