import type { Failure } from '../../../schemas/generated/messages.js';
import { identifyAcrossRealms } from '../cross-realm.js';
import { withLongNames } from '../long-names.js';
import type { WorkflowExecution } from '../workflow-definition.js';

/** Which time-out passed. */
export const TimeoutType = withLongNames('TIMEOUT_TYPE_', {
  START_TO_CLOSE: 'START_TO_CLOSE',
  SCHEDULE_TO_START: 'SCHEDULE_TO_START',
  SCHEDULE_TO_CLOSE: 'SCHEDULE_TO_CLOSE',
  HEARTBEAT: 'HEARTBEAT',
});
export type TimeoutType = (typeof TimeoutType)[keyof typeof TimeoutType];

/** Why there is no further attempt. */
export const RetryState = withLongNames('RETRY_STATE_', {
  IN_PROGRESS: 'IN_PROGRESS',
  NON_RETRYABLE_FAILURE: 'NON_RETRYABLE_FAILURE',
  TIMEOUT: 'TIMEOUT',
  MAXIMUM_ATTEMPTS_REACHED: 'MAXIMUM_ATTEMPTS_REACHED',
  RETRY_POLICY_NOT_SET: 'RETRY_POLICY_NOT_SET',
  INTERNAL_SERVER_ERROR: 'INTERNAL_SERVER_ERROR',
  CANCEL_REQUESTED: 'CANCEL_REQUESTED',
});
export type RetryState = (typeof RetryState)[keyof typeof RetryState];

/** Base of the errors that cross between activities, workflows and clients. */
export class TemporalFailure extends Error {
  declare readonly cause?: Error;
  /** The record this error was made from, if it came over the wire. */
  declare failure?: Failure;

  constructor(message?: string | null, cause?: Error) {
    super(message ?? undefined, cause === undefined ? undefined : { cause });
  }
}
identifyAcrossRealms(TemporalFailure, 'TemporalFailure');

/** A failure raised by Millrace's services. */
export class ServerFailure extends TemporalFailure {
  readonly nonRetryable: boolean;

  constructor(message: string | undefined, nonRetryable: boolean, cause?: Error) {
    super(message, cause);
    this.nonRetryable = nonRetryable;
  }
}
identifyAcrossRealms(ServerFailure, 'ServerFailure');

/** A cancellation. Workflow code that lets it through ends as cancelled. */
export class CancelledFailure extends TemporalFailure {
  readonly details: readonly unknown[];

  constructor(message: string | undefined, details: readonly unknown[] = [], cause?: Error) {
    super(message, cause);
    this.details = details;
  }
}
identifyAcrossRealms(CancelledFailure, 'CancelledFailure');

/** The workflow was terminated from outside. */
export class TerminatedFailure extends TemporalFailure {}
identifyAcrossRealms(TerminatedFailure, 'TerminatedFailure');

/** A time-out of an activity or of a workflow. */
export class TimeoutFailure extends TemporalFailure {
  readonly lastHeartbeatDetails: unknown;
  readonly timeoutType: TimeoutType;

  constructor(message: string | undefined, lastHeartbeatDetails: unknown, timeoutType: TimeoutType, cause?: Error) {
    super(message, cause);
    this.lastHeartbeatDetails = lastHeartbeatDetails;
    this.timeoutType = timeoutType;
  }
}
identifyAcrossRealms(TimeoutFailure, 'TimeoutFailure');

/** An activity failed; the cause says why. */
export class ActivityFailure extends TemporalFailure {
  readonly activityType: string;
  readonly activityId: string | undefined;
  readonly retryState: RetryState;
  readonly identity: string | undefined;

  constructor(
    message: string | undefined,
    activityType: string,
    activityId: string | undefined,
    retryState: RetryState,
    identity: string | undefined,
    cause?: Error,
  ) {
    super(message, cause);
    this.activityType = activityType;
    this.activityId = activityId;
    this.retryState = retryState;
    this.identity = identity;
  }
}
identifyAcrossRealms(ActivityFailure, 'ActivityFailure');

/** A child workflow failed; the cause says why. */
export class ChildWorkflowFailure extends TemporalFailure {
  readonly namespace: string | undefined;
  readonly execution: WorkflowExecution;
  readonly workflowType: string;
  readonly retryState: RetryState;

  constructor(
    namespace: string | undefined,
    execution: WorkflowExecution,
    workflowType: string,
    retryState: RetryState,
    cause?: Error,
  ) {
    super('Child Workflow execution failed', cause);
    this.namespace = namespace;
    this.execution = execution;
    this.workflowType = workflowType;
    this.retryState = retryState;
  }
}
identifyAcrossRealms(ChildWorkflowFailure, 'ChildWorkflowFailure');

/** A Nexus operation failed; the cause says why. Nothing raises it yet: it is there for code that catches it. */
export class NexusOperationFailure extends TemporalFailure {
  readonly scheduledEventId: number | undefined;
  readonly endpoint: string;
  readonly service: string;
  readonly operation: string;
  readonly operationToken: string | undefined;

  constructor(
    message: string | undefined,
    scheduledEventId: number | undefined,
    endpoint: string,
    service: string,
    operation: string,
    operationToken: string | undefined,
    cause?: Error,
  ) {
    super(message, cause);
    this.scheduledEventId = scheduledEventId;
    this.endpoint = endpoint;
    this.service = service;
    this.operation = operation;
    this.operationToken = operationToken;
  }
}
identifyAcrossRealms(NexusOperationFailure, 'NexusOperationFailure');

/** Thrown when a start is refused because a run with the workflow id stands in the way. */
export class WorkflowExecutionAlreadyStartedError extends TemporalFailure {
  readonly workflowId: string;
  readonly workflowType: string;

  constructor(message: string, workflowId: string, workflowType: string) {
    super(message);
    this.workflowId = workflowId;
    this.workflowType = workflowType;
  }
}
identifyAcrossRealms(WorkflowExecutionAlreadyStartedError, 'WorkflowExecutionAlreadyStartedError');
