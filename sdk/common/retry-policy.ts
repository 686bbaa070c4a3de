import type { RetryPolicy as RetryPolicyRecord } from '../../schemas/generated/messages.js';
import { type Duration, msOptionalToNumber, msToNumber } from './duration.js';
import { ValueError } from './errors.js';

/** How failed attempts are retried. */
export interface RetryPolicy {
  /** Factor by which the wait grows after each attempt. Default 2. */
  readonly backoffCoefficient?: number;
  /** Wait before the second attempt. Default 1 second. */
  readonly initialInterval?: Duration;
  /** Attempts in all, the first included. Default Infinity. */
  readonly maximumAttempts?: number;
  /** Longest wait between two attempts. Default 100 times the initial interval. */
  readonly maximumInterval?: Duration;
  /** ApplicationFailure types that are not retried. Default none. */
  readonly nonRetryableErrorTypes?: readonly string[];
}

/** The policy as our records carry it, defaults filled in. Throws a ValueError for a value out of range. */
export function compileRetryPolicy(policy: RetryPolicy): RetryPolicyRecord {
  const { backoffCoefficient = 2, maximumAttempts = Number.POSITIVE_INFINITY } = policy;
  if (!(backoffCoefficient > 0)) throw new ValueError('RetryPolicy.backoffCoefficient must be greater than 0');
  if (backoffCoefficient < 1) throw new ValueError('RetryPolicy.backoffCoefficient cannot be less than 1');
  if (!(maximumAttempts > 0)) throw new ValueError('RetryPolicy.maximumAttempts must be a positive integer');
  if (maximumAttempts !== Number.POSITIVE_INFINITY && !Number.isInteger(maximumAttempts)) {
    throw new ValueError('RetryPolicy.maximumAttempts must be an integer');
  }
  const initialInterval = msToNumber(policy.initialInterval ?? 1_000);
  const maximumInterval = msOptionalToNumber(policy.maximumInterval) ?? initialInterval * 100;
  if (initialInterval === 0) throw new ValueError('RetryPolicy.initialInterval cannot be 0');
  if (maximumInterval === 0) throw new ValueError('RetryPolicy.maximumInterval cannot be 0');
  if (!Number.isFinite(initialInterval) || initialInterval < 0) {
    throw new ValueError('RetryPolicy.initialInterval must be a positive duration');
  }
  if (!Number.isFinite(maximumInterval) || maximumInterval < initialInterval) {
    throw new ValueError('RetryPolicy.maximumInterval cannot be less than its initialInterval');
  }
  return {
    initialIntervalMs: Math.ceil(initialInterval),
    backoffCoefficient,
    maximumIntervalMs: Math.ceil(maximumInterval),
    // 0 stands for no limit, which an Avro int can't spell.
    maximumAttempts: maximumAttempts === Number.POSITIVE_INFINITY ? 0 : maximumAttempts,
    nonRetryableErrorTypes: policy.nonRetryableErrorTypes ?? [],
  };
}

/** The policy as user code sees it. */
export function decompileRetryPolicy(record: RetryPolicyRecord): RetryPolicy {
  return {
    backoffCoefficient: record.backoffCoefficient,
    initialInterval: record.initialIntervalMs,
    maximumAttempts: record.maximumAttempts === 0 ? Number.POSITIVE_INFINITY : record.maximumAttempts,
    maximumInterval: record.maximumIntervalMs,
    nonRetryableErrorTypes: [...record.nonRetryableErrorTypes],
  };
}
