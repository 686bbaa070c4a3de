import { ServiceError } from '../../sdk/client/index.js';

/** Wait before something is asked again whose outcome is unknown, in milliseconds. */
export const ASK_AGAIN_MS = 1_000;

/** Whether nobody knows what came of what was asked. */
export function isUnknown(error: unknown): boolean {
  if (error instanceof ServiceError) return error.retryable;
  return error instanceof Error && 'retryable' in error && error.retryable === true;
}
