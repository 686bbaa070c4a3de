// Temporal's questions to an error of its gRPC client, asked of ours.
import { ServiceError } from './errors.js';

/** Whether the error came from the way to the services, rather than from the workflow or the program. */
export function isGrpcServiceError(error: unknown): error is ServiceError {
  return error instanceof ServiceError;
}

/** The older name of `isGrpcServiceError`. */
export const isServerErrorResponse = isGrpcServiceError;

/** Whether the error, or one that caused it, is that of a time that was up. */
export function isGrpcDeadlineError(error: unknown): error is Error {
  return hasCode(error, ['DEADLINE_EXCEEDED', 'NO_ANSWER']);
}

/** Whether the error, or one that caused it, is that of a call which a signal ended. */
export function isGrpcCancelledError(error: unknown): error is Error {
  return hasCode(error, ['CANCELLED']);
}

function hasCode(error: unknown, codes: readonly string[]): boolean {
  for (let each = error; each instanceof Error; each = each.cause) {
    if (each instanceof ServiceError && codes.includes(each.code)) return true;
  }
  return false;
}
