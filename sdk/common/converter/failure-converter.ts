import type { Failure, Payload } from '../../../schemas/generated/messages.js';
import { isError, isObject } from '../cross-realm.js';
import { timeoutMs } from '../duration.js';
import { ApplicationFailure } from '../failure/application-failure.js';
import { emptyFailure } from '../failure/empty-failure.js';
import {
  ActivityFailure,
  CancelledFailure,
  ChildWorkflowFailure,
  ServerFailure,
  TemporalFailure,
  TerminatedFailure,
  TimeoutFailure,
} from '../failure/failure.js';
import type { PayloadConverter } from './payload-converter.js';
import { arrayFromPayloads, encodeValue, fromPayloadsAtIndex, toPayload } from './payloads.js';
import type { SerializationContext } from './serialization-context.js';

/** Turns errors into failure records and back. Synchronous, since workflow code uses it inside the sandbox. */
export interface FailureConverter {
  /** Throws a PayloadConverterError or a PayloadTooLargeError for details that have no encoding or are over the limit. */
  errorToFailure(error: unknown, payloadConverter: PayloadConverter, context?: SerializationContext): Failure;
  failureToError(failure: Failure, payloadConverter: PayloadConverter, context?: SerializationContext): Error;
}

export interface DefaultFailureConverterOptions {
  /** Whether message and stack are put into a payload, so that codecs (encryption, say) reach them. */
  readonly encodeCommonAttributes: boolean;
}

export class DefaultFailureConverter implements FailureConverter {
  readonly options: DefaultFailureConverterOptions;

  constructor(options?: Partial<DefaultFailureConverterOptions>) {
    this.options = { encodeCommonAttributes: false, ...options };
  }

  errorToFailure(error: unknown, payloadConverter: PayloadConverter, _context?: SerializationContext): Failure {
    const failure = this.plainFailure(error, payloadConverter);
    // A failure that came over the wire has its attributes encoded already, if it should.
    if (!this.options.encodeCommonAttributes || failure.encodedAttributes !== null) return failure;
    const encodedAttributes = toPayload(payloadConverter, {
      message: failure.message,
      stack_trace: failure.stackTrace,
    });
    return { ...failure, message: 'Encoded failure', stackTrace: '', encodedAttributes };
  }

  failureToError(
    failure: Failure,
    payloadConverter: PayloadConverter,
    _context?: SerializationContext,
  ): TemporalFailure {
    const plain = withDecodedAttributes(failure, payloadConverter);
    const cause = plain.cause === null ? undefined : this.failureToError(plain.cause, payloadConverter);
    const error = errorOf(plain, cause, payloadConverter);
    error.stack = plain.stackTrace;
    error.failure = failure;
    return error;
  }

  private plainFailure(error: unknown, converter: PayloadConverter): Failure {
    if (error instanceof TemporalFailure) {
      return error.failure ?? { ...this.commonOf(error, converter), ...infoOf(error, converter) };
    }
    if (isError(error)) return this.commonOf(error, converter);
    return emptyFailure(
      `${textOf(error)} [A non-Error value was thrown from your code. ` +
        'We recommend throwing Error objects so that we can provide a stack trace.]',
    );
  }

  private commonOf(error: Error, converter: PayloadConverter): Failure {
    const cause = isObject(error.cause) ? this.errorToFailure(error.cause, converter) : null;
    return { ...emptyFailure(error.message), stackTrace: error.stack ?? '', cause };
  }
}

export const defaultFailureConverter: DefaultFailureConverter = new DefaultFailureConverter();

/** The one field of the record that tells the kind of an error. */
function infoOf(error: TemporalFailure, converter: PayloadConverter): Partial<Failure> {
  const encodeAll = (values: readonly unknown[]): Payload[] =>
    values.map((value, index) => encodeValue(converter, `detail ${index} of the failure '${error.message}'`, value));
  if (error instanceof ApplicationFailure) {
    return {
      applicationInfo: {
        failureType: error.type ?? 'Error',
        nonRetryable: error.nonRetryable,
        details: encodeAll(error.details ?? []),
        nextRetryDelayMs: timeoutMs('nextRetryDelay', error.nextRetryDelay),
        category: error.category ?? null,
      },
    };
  }
  if (error instanceof ActivityFailure) {
    const { activityType, activityId = '', retryState, identity = '' } = error;
    return { activityInfo: { scheduledEventId: 0, startedEventId: 0, identity, activityType, activityId, retryState } };
  }
  if (error instanceof ChildWorkflowFailure) {
    const { namespace = '', execution, workflowType, retryState } = error;
    const { workflowId, runId = '' } = execution;
    return {
      childWorkflowInfo: {
        namespace,
        workflowId,
        runId,
        workflowType,
        initiatedEventId: 0,
        startedEventId: 0,
        retryState,
      },
    };
  }
  if (error instanceof CancelledFailure) return { canceledInfo: { details: encodeAll(error.details) } };
  if (error instanceof TimeoutFailure) {
    const details = error.lastHeartbeatDetails === undefined ? [] : [error.lastHeartbeatDetails];
    return { timeoutInfo: { timeoutType: error.timeoutType, lastHeartbeatDetails: encodeAll(details) } };
  }
  if (error instanceof TerminatedFailure) return { terminatedInfo: { identity: '' } };
  if (error instanceof ServerFailure) return { serverInfo: { nonRetryable: error.nonRetryable } };
  return {};
}

function errorOf(failure: Failure, cause: TemporalFailure | undefined, converter: PayloadConverter): TemporalFailure {
  const { message, applicationInfo, timeoutInfo, canceledInfo, terminatedInfo, serverInfo } = failure;
  const { activityInfo, childWorkflowInfo } = failure;
  if (applicationInfo !== null) {
    const { failureType, nonRetryable, nextRetryDelayMs, category } = applicationInfo;
    const details = arrayFromPayloads(converter, applicationInfo.details);
    return new ApplicationFailure(message, failureType, nonRetryable, details, cause, nextRetryDelayMs, category);
  }
  if (activityInfo !== null) {
    const { activityType, activityId, retryState, identity } = activityInfo;
    return new ActivityFailure(message, activityType, activityId, retryState, identity, cause);
  }
  if (childWorkflowInfo !== null) {
    const { namespace, workflowId, runId, workflowType, retryState } = childWorkflowInfo;
    return new ChildWorkflowFailure(namespace, { workflowId, runId }, workflowType, retryState, cause);
  }
  if (canceledInfo !== null) {
    return new CancelledFailure(message, arrayFromPayloads(converter, canceledInfo.details), cause);
  }
  if (timeoutInfo !== null) {
    const details = fromPayloadsAtIndex(converter, 0, timeoutInfo.lastHeartbeatDetails);
    return new TimeoutFailure(message, details, timeoutInfo.timeoutType, cause);
  }
  if (terminatedInfo !== null) return new TerminatedFailure(message, cause);
  if (serverInfo !== null) return new ServerFailure(message, serverInfo.nonRetryable, cause);
  return new TemporalFailure(message, cause);
}

function withDecodedAttributes(failure: Failure, converter: PayloadConverter): Failure {
  if (failure.encodedAttributes === null) return failure;
  const attributes = converter.fromPayload<{ message?: unknown; stack_trace?: unknown } | null>(
    failure.encodedAttributes,
  );
  const { message = failure.message, stack_trace: stackTrace = failure.stackTrace } = attributes ?? {};
  return { ...failure, message: String(message), stackTrace: String(stackTrace) };
}

function textOf(value: unknown): string {
  if (!isObject(value)) return String(value);
  try {
    return JSON.stringify(value);
  } catch {
    return String(value);
  }
}
