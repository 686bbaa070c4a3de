import { AuthenticationError, ProtocolError, protocolErrorsCodesById, ResponseError } from '@platformatic/kafka';
import { LogError } from '../errors.js';

/** Errors of the protocol after which the same request may succeed, most of them once the metadata is fresh. */
const passing: ReadonlySet<string> = new Set([
  'CONCURRENT_TRANSACTIONS',
  'COORDINATOR_LOAD_IN_PROGRESS',
  'COORDINATOR_NOT_AVAILABLE',
  'CORRUPT_MESSAGE',
  'FENCED_LEADER_EPOCH',
  'KAFKA_STORAGE_ERROR',
  'LEADER_NOT_AVAILABLE',
  'NETWORK_EXCEPTION',
  'NOT_CONTROLLER',
  'NOT_COORDINATOR',
  'NOT_ENOUGH_REPLICAS',
  'NOT_ENOUGH_REPLICAS_AFTER_APPEND',
  'NOT_LEADER_OR_FOLLOWER',
  'OFFSET_NOT_AVAILABLE',
  'REPLICA_NOT_AVAILABLE',
  'REQUEST_TIMED_OUT',
  'THROTTLING_QUOTA_EXCEEDED',
  'UNKNOWN_LEADER_EPOCH',
  'UNKNOWN_TOPIC_OR_PARTITION',
]);

/** With the waits between them, about a third of a second. */
const unknownTopicAttempts = 6;

/** The broker's own name for what went wrong, if it was the broker that refused. */
export function refusal(error: unknown): string | undefined {
  if (!(error instanceof ResponseError)) return undefined;
  const first: unknown = error.errors[0];
  return first instanceof ProtocolError ? idOf(first) : 'UNKNOWN_SERVER_ERROR';
}

/** What the broker answered besides its errors: requests for many partitions can fail for some of them. */
export function responseOf<Response>(error: unknown): Response | undefined {
  return error instanceof ResponseError ? (Reflect.get(error, 'response') as Response | undefined) : undefined;
}

/** Somebody closed what this was asked of, so that trying again is of no use. */
export class ClosedError extends LogError {
  constructor() {
    super('LOG_UNAVAILABLE', 'the connection to Kafka is closed: connect again');
  }
}

/** Whether trying again can help: the broker said so, or never got to answer. */
export function isPassing(error: unknown): boolean {
  if (error instanceof ClosedError) return false;
  if (error instanceof LogError) return error.retryable;
  if (isRefusedLogin(error)) return false;
  const code = refusal(error);
  return code === undefined || passing.has(code);
}

export function isPassingCode(code: string): boolean {
  return passing.has(code);
}

/** As `isPassing`, at the given attempt: a topic stays unknown to some brokers for a moment after it is made, not longer. */
export function isPassingAt(attempt: number, error: unknown): boolean {
  const isUnknownTopic = error instanceof LogError && error.code === 'UNKNOWN_TOPIC';
  return isPassing(error) && !(isUnknownTopic && attempt >= unknownTopicAttempts);
}

/** The protocol's name for an error code. */
export function codeName(errorCode: number): string {
  const names: Readonly<Record<string, string>> = protocolErrorsCodesById;
  return names[errorCode] ?? `error ${errorCode}`;
}

/** The error that callers of the log see for one they shouldn't wait out. */
export function toLogError(error: unknown, doing: string): LogError {
  if (error instanceof LogError) return error;
  const code = refusal(error);
  if (isRefusedLogin(error) || code?.endsWith('AUTHORIZATION_FAILED')) {
    const options = { cause: error };
    return new LogError('UNAUTHORIZED', `the broker doesn't allow ${doing} (${code ?? messageOf(error)})`, options);
  }
  return new LogError('LOG_UNAVAILABLE', `${doing} failed (${code ?? messageOf(error)}); try again`, { cause: error });
}

export function messageOf(error: unknown): string {
  const outer = error instanceof Error ? error.message : String(error);
  const cause = error instanceof Error && error.cause instanceof Error ? `: ${error.cause.message}` : '';
  return outer + cause;
}

/** Credentials that are wrong stay wrong. The wire layer wraps what the broker said about them. */
function isRefusedLogin(error: unknown): boolean {
  return error instanceof AuthenticationError || (error instanceof Error && error.cause instanceof AuthenticationError);
}

function idOf(error: ProtocolError): string {
  const id: unknown = Reflect.get(error, 'apiId');
  return typeof id === 'string' ? id : 'UNKNOWN_SERVER_ERROR';
}
