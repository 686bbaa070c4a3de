import type { Failure } from '../../../schemas/generated/messages.js';

/** A failure record with nothing but its message and what made it: this SDK, unless said otherwise. */
export function emptyFailure(message: string, source = 'TypeScriptSDK'): Failure {
  return {
    message,
    source,
    stackTrace: '',
    encodedAttributes: null,
    cause: null,
    applicationInfo: null,
    timeoutInfo: null,
    canceledInfo: null,
    terminatedInfo: null,
    serverInfo: null,
    activityInfo: null,
  };
}
