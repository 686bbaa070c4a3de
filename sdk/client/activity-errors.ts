import { identifyAcrossRealms } from '../common/cross-realm.js';

/** No attempt of the activity is running: it has ended or timed out, or its workflow is closed. */
export class ActivityNotFoundError extends Error {}
identifyAcrossRealms(ActivityNotFoundError, 'ActivityNotFoundError');

/** The services refused what was said of an activity; the message says why. */
export class ActivityCompletionError extends Error {}
identifyAcrossRealms(ActivityCompletionError, 'ActivityCompletionError');

/** Thrown by `heartbeat`: the workflow has asked the activity to cancel. Answer with `reportCancellation`. */
export class ActivityCancelledError extends Error {}
identifyAcrossRealms(ActivityCancelledError, 'ActivityCancelledError');

/** Thrown by `heartbeat`: the activity's workflow is paused. */
export class ActivityPausedError extends Error {}
identifyAcrossRealms(ActivityPausedError, 'ActivityPausedError');

/** Thrown by `heartbeat`: the attempt was reset, another one takes its place. */
export class ActivityResetError extends Error {}
identifyAcrossRealms(ActivityResetError, 'ActivityResetError');
