import type { Failure, RetryPolicy } from '../../../schemas/generated/messages.js';
import type { ActivityState } from './state.js';

export type RetryState =
  | 'NON_RETRYABLE_FAILURE'
  | 'TIMEOUT'
  | 'MAXIMUM_ATTEMPTS_REACHED'
  | 'RETRY_POLICY_NOT_SET'
  | 'CANCEL_REQUESTED';

/** The policy of activities that name none, as Temporal's servers have it. */
export const defaultRetryPolicy: RetryPolicy = {
  initialIntervalMs: 1_000,
  backoffCoefficient: 2,
  maximumIntervalMs: 100_000,
  maximumAttempts: 0,
  nonRetryableErrorTypes: [],
};

/** The longest wait between two attempts, ten years: a time further off would not fit a record. */
const LONGEST_DELAY_MS = 10 * 365 * 24 * 60 * 60 * 1000;

/** Either when the next attempt is due, or why there is none. */
export type RetryDecision = { readonly nextAttemptAt: number } | { readonly retryState: RetryState };

/** Whether and when the activity is tried again after its current attempt failed so. */
export function nextAttempt(activity: ActivityState, failure: Failure, now: number): RetryDecision {
  if (activity.cancelRequested) return { retryState: 'CANCEL_REQUESTED' };
  const { retryPolicy: policy, attempt, scheduledAt, scheduleToCloseTimeoutMs: limitMs } = activity;
  return nextRetry({ policy, attempt, expiresAt: limitMs === null ? null : scheduledAt + limitMs }, failure, now);
}

/** An activity or a workflow that failed. */
interface Failed {
  readonly policy: RetryPolicy;
  /** The attempt that failed, from 1. */
  readonly attempt: number;
  /** When all attempts have to be over, or null. */
  readonly expiresAt: number | null;
}

/** Whether and when what failed so is tried again. */
export function nextRetry({ policy, attempt, expiresAt }: Failed, failure: Failure, now: number): RetryDecision {
  if (!isRetryable(failure, policy)) return { retryState: 'NON_RETRYABLE_FAILURE' };
  if (policy.maximumAttempts > 0 && attempt >= policy.maximumAttempts) {
    return { retryState: 'MAXIMUM_ATTEMPTS_REACHED' };
  }
  const delayMs = failure.applicationInfo?.nextRetryDelayMs ?? backoffMs(policy, attempt);
  const nextAttemptAt = now + Math.max(0, Math.min(delayMs, LONGEST_DELAY_MS));
  return expiresAt !== null && nextAttemptAt >= expiresAt ? { retryState: 'TIMEOUT' } : { nextAttemptAt };
}

/** What is wrong with a policy, or undefined. The SDK refuses these before; not every worker need be of this SDK. */
export function retryPolicyProblem(policy: RetryPolicy): string | undefined {
  const { initialIntervalMs, backoffCoefficient, maximumIntervalMs, maximumAttempts } = policy;
  if (initialIntervalMs < 0) return `initialInterval is ${initialIntervalMs} ms: it can't be negative`;
  if (!(backoffCoefficient >= 1)) return `backoffCoefficient is ${backoffCoefficient}: it can't be less than 1`;
  if (maximumIntervalMs < initialIntervalMs) return 'maximumInterval is less than initialInterval';
  if (maximumAttempts < 0) return `maximumAttempts is ${maximumAttempts}: it can't be negative`;
  return undefined;
}

/** The wait after the given attempt (from 1), in whole milliseconds. */
export function backoffMs(policy: RetryPolicy, attempt: number): number {
  const factor = policy.backoffCoefficient ** (attempt - 1);
  // The factor of a long series of attempts is Infinity, and zero times that is not a number; nor need the policy's be one.
  const grown = policy.initialIntervalMs * (Number.isFinite(factor) ? factor : Number.MAX_VALUE);
  return Math.round(Math.min(grown, policy.maximumIntervalMs));
}

function isRetryable(failure: Failure, policy: RetryPolicy): boolean {
  if (failure.applicationInfo !== null) {
    const { nonRetryable, failureType } = failure.applicationInfo;
    return !nonRetryable && !policy.nonRetryableErrorTypes.includes(failureType);
  }
  if (failure.timeoutInfo !== null) {
    const { timeoutType } = failure.timeoutInfo;
    return timeoutType === 'START_TO_CLOSE' || timeoutType === 'HEARTBEAT';
  }
  if (failure.serverInfo !== null) return !failure.serverInfo.nonRetryable;
  return failure.terminatedInfo === null;
}
