import { defaultsOf } from '../../../schemas/generated/defaults.js';
import type { Failure } from '../../../schemas/generated/messages.js';

/** A failure record with nothing but its message and what made it: this SDK, unless said otherwise. */
export function emptyFailure(message: string, source = 'TypeScriptSDK'): Failure {
  return { message, source, stackTrace: '', ...defaultsOf.Failure };
}
