import { identifyAcrossRealms } from '../common/cross-realm.js';
import { RetryState } from '../common/failure/failure.js';

/** What can go wrong between a client and the services, and whether the same call may succeed later. */
export const serviceErrors = {
  /** The broker or the schema registry can't be reached. */
  UNREACHABLE: { retryable: true },
  /** The log did not acknowledge the command in time: it may still take effect. */
  NOT_ACKNOWLEDGED: { retryable: true },
  /** The command is in the log, but nobody answered in time. */
  NO_ANSWER: { retryable: true },
  /** The command was refused as it is, or the connection: wrong credentials, an incompatible schema. */
  REFUSED: { retryable: false },
  /** The run's history is no longer kept. */
  HISTORY_EXPIRED: { retryable: false },
  /** The time that `withDeadline` set is up: a command may still take effect. */
  DEADLINE_EXCEEDED: { retryable: true },
  /** The signal that `withAbortSignal` set was aborted: a command may still take effect. */
  CANCELLED: { retryable: false },
  /** This connection was closed. */
  CONNECTION_CLOSED: { retryable: false },
} as const;

export type ServiceErrorCode = keyof typeof serviceErrors;

/** A call that the services did not carry out; `message` says what to do next. */
export class ServiceError extends Error {
  readonly code: ServiceErrorCode;
  readonly retryable: boolean;

  constructor(code: ServiceErrorCode, message: string, options?: ErrorOptions) {
    super(message, options);
    this.code = code;
    this.retryable = serviceErrors[code].retryable;
  }
}
identifyAcrossRealms(ServiceError, 'ServiceError');

/** The workflow did not complete; the cause says how it ended. */
export class WorkflowFailedError extends Error {
  declare readonly cause: Error | undefined;
  readonly retryState: RetryState;

  constructor(message: string, cause: Error | undefined, retryState: RetryState) {
    super(message, { cause });
    this.retryState = retryState;
  }
}
identifyAcrossRealms(WorkflowFailedError, 'WorkflowFailedError');

/** The update was refused, or its handler failed; the cause says why. */
export class WorkflowUpdateFailedError extends Error {
  declare readonly cause: Error | undefined;

  constructor(message: string, cause: Error | undefined) {
    super(message, { cause });
  }
}
identifyAcrossRealms(WorkflowUpdateFailedError, 'WorkflowUpdateFailedError');

/** The wait for an update was given up: the update may or may not happen. Ask again by its id. */
export class WorkflowUpdateRPCTimeoutOrCancelledError extends Error {}
identifyAcrossRealms(WorkflowUpdateRPCTimeoutOrCancelledError, 'WorkflowUpdateRPCTimeoutOrCancelledError');

/** The run ended by continuing as a new one. */
export class WorkflowContinuedAsNewError extends Error {
  readonly newExecutionRunId: string;

  constructor(message: string, newExecutionRunId: string) {
    super(message);
    this.newExecutionRunId = newExecutionRunId;
  }
}
identifyAcrossRealms(WorkflowContinuedAsNewError, 'WorkflowContinuedAsNewError');

/** The query was refused because of the workflow's status, as `queryRejectCondition` asks. */
export class QueryRejectedError extends Error {
  readonly status: string;

  constructor(status: string) {
    super(`Query rejected: the workflow is ${status}`);
    this.status = status;
  }
}
identifyAcrossRealms(QueryRejectedError, 'QueryRejectedError');

/**
 * The workflow has no handler for the query, or its handler threw: then the cause is what it threw, and the message is
 * that of the cause. One class for both, as in Temporal.
 */
export class QueryNotRegisteredError extends Error {
  /** What gRPC calls INVALID_ARGUMENT: the same at each ask. */
  readonly code = 3;
}
identifyAcrossRealms(QueryNotRegisteredError, 'QueryNotRegisteredError');

/** The retry state that a record carries as text; unknown ones come from newer services. */
export function retryStateOf(text: string | null): RetryState {
  return Object.values(RetryState).find((state) => state === text) ?? RetryState.NON_RETRYABLE_FAILURE;
}
