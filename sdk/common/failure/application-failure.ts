import { identifyAcrossRealms, isObject } from '../cross-realm.js';
import type { Duration } from '../duration.js';
import { TemporalFailure } from './failure.js';

export interface ApplicationFailureOptions {
  readonly message?: string | undefined;
  /** Named in a retry policy's `nonRetryableErrorTypes`. */
  readonly type?: string | undefined;
  /** Whether the failure ends the retries, whatever the policy says. */
  readonly nonRetryable?: boolean | undefined;
  readonly details?: readonly unknown[] | undefined;
  /** Wait before the next attempt, in place of the retry policy's. */
  readonly nextRetryDelay?: Duration | undefined;
  readonly cause?: Error | undefined;
  readonly category?: ApplicationFailureCategory | undefined;
}

/** How grave a failure is, for whoever watches. */
export const ApplicationFailureCategory = {
  /** Expected: an attempt of an activity that fails so is logged at debug, and counted by no metric. */
  BENIGN: 'BENIGN',
} as const;
export type ApplicationFailureCategory = (typeof ApplicationFailureCategory)[keyof typeof ApplicationFailureCategory];

/**
 * A failure of user code. Any other error that an activity throws is turned into one, of the error's class name and
 * retryable; thrown from a workflow it fails the workflow, where any other error fails the workflow task.
 */
export class ApplicationFailure extends TemporalFailure {
  readonly type: string | undefined;
  readonly nonRetryable: boolean;
  readonly details: readonly unknown[] | undefined;
  readonly nextRetryDelay: Duration | undefined;
  readonly category: ApplicationFailureCategory | undefined;

  constructor(
    message?: string,
    type?: string | null,
    nonRetryable?: boolean | null,
    details?: readonly unknown[] | null,
    cause?: Error,
    nextRetryDelay?: Duration | null,
    category?: ApplicationFailureCategory | null,
  ) {
    super(message, cause);
    this.type = type ?? undefined;
    this.nonRetryable = nonRetryable ?? false;
    this.details = details ?? undefined;
    this.nextRetryDelay = nextRetryDelay ?? undefined;
    this.category = category ?? undefined;
  }

  static create(options: ApplicationFailureOptions): ApplicationFailure {
    const { message, type, nonRetryable, details, nextRetryDelay, cause, category } = options;
    return new ApplicationFailure(message, type, nonRetryable, details, cause, nextRetryDelay, category);
  }

  /**
   * From an error: its message and stack, its class name as the type, retryable, unless overridden. An
   * ApplicationFailure is given back itself, with what is overridden, as Temporal does.
   */
  static fromError(error: unknown, overrides: ApplicationFailureOptions = {}): ApplicationFailure {
    if (error instanceof ApplicationFailure) return Object.assign(error, overrides);
    const failure = ApplicationFailure.create({
      ...overrides,
      message: overrides.message ?? messageOf(error),
      type: overrides.type ?? typeOf(error),
    });
    failure.stack = (isObject(error) && typeof error.stack === 'string' && error.stack) || '';
    return failure;
  }

  static retryable(message?: string | null, type?: string | null, ...details: unknown[]): ApplicationFailure {
    return new ApplicationFailure(message ?? undefined, type ?? 'Error', false, details);
  }

  static nonRetryable(message?: string | null, type?: string | null, ...details: unknown[]): ApplicationFailure {
    return new ApplicationFailure(message ?? undefined, type ?? 'Error', true, details);
  }
}
identifyAcrossRealms(ApplicationFailure, 'ApplicationFailure');

/** The error itself if it is an ApplicationFailure, else one made from it; the cause is kept. */
export function ensureApplicationFailure(error: unknown): ApplicationFailure {
  if (error instanceof ApplicationFailure) return error;
  const cause = isObject(error) && error.cause instanceof Error ? error.cause : undefined;
  return ApplicationFailure.fromError(error, { cause });
}

/** The error itself if it is a TemporalFailure, else an ApplicationFailure made from it. */
export function ensureTemporalFailure(error: unknown): TemporalFailure {
  return error instanceof TemporalFailure ? error : ensureApplicationFailure(error);
}

/** The message of the innermost cause; undefined when what was thrown is neither an Error nor a string. */
export function rootCause(error: unknown): string | undefined {
  if (typeof error === 'string') return error;
  if (error instanceof TemporalFailure) return error.cause === undefined ? error.message : rootCause(error.cause);
  return isObject(error) && typeof error.message === 'string' ? error.message : undefined;
}

function messageOf(error: unknown): string {
  return isObject(error) && typeof error.message === 'string' && error.message !== '' ? error.message : String(error);
}

function typeOf(error: unknown): string {
  if (!isObject(error)) return 'Error';
  if (typeof error.constructor === 'function' && error.constructor.name !== '') return error.constructor.name;
  return typeof error.name === 'string' ? error.name : 'Error';
}
