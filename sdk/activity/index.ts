export {
  type ActivityFunction,
  type ActivityInterface,
  ApplicationFailure,
  CancelledFailure,
  type Logger,
  type UntypedActivities,
} from '../common/index.js';
export type { ActivityCancellationDetails } from './cancellation.js';
export { CompleteAsyncError } from './complete-async-error.js';
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
