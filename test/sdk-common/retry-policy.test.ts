import { describe, expect, it } from 'vitest';
import { compileRetryPolicy, decompileRetryPolicy, type RetryPolicy, ValueError } from '../../sdk/common/index.js';

describe('a retry policy', () => {
  it("has Temporal's defaults [workflow.retry-policy common.retry-policy]", () => {
    expect(compileRetryPolicy({})).toEqual({
      initialIntervalMs: 1_000,
      backoffCoefficient: 2,
      maximumIntervalMs: 100_000,
      maximumAttempts: 0,
      nonRetryableErrorTypes: [],
    });
  });

  it('reads durations, and comes back as it was', () => {
    const policy: RetryPolicy = {
      initialInterval: '2 seconds',
      maximumInterval: '1 minute',
      backoffCoefficient: 1,
      maximumAttempts: 3,
      nonRetryableErrorTypes: ['CardDeclined'],
    };
    const record = compileRetryPolicy(policy);
    expect(record).toMatchObject({ initialIntervalMs: 2_000, maximumIntervalMs: 60_000, maximumAttempts: 3 });
    expect(compileRetryPolicy(decompileRetryPolicy(record))).toEqual(record);
    expect(decompileRetryPolicy(compileRetryPolicy({})).maximumAttempts).toBe(Number.POSITIVE_INFINITY);
  });

  it.each<[RetryPolicy, string]>([
    [{ backoffCoefficient: 0 }, 'RetryPolicy.backoffCoefficient must be greater than 0'],
    [{ backoffCoefficient: 0.5 }, 'RetryPolicy.backoffCoefficient cannot be less than 1'],
    [{ maximumAttempts: -1 }, 'RetryPolicy.maximumAttempts must be a positive integer'],
    [{ maximumAttempts: 0 }, 'RetryPolicy.maximumAttempts must be a positive integer'],
    [{ maximumAttempts: 2.5 }, 'RetryPolicy.maximumAttempts must be an integer'],
    [{ maximumInterval: 0 }, 'RetryPolicy.maximumInterval cannot be 0'],
    [{ initialInterval: 0 }, 'RetryPolicy.initialInterval cannot be 0'],
    [{ initialInterval: -5 }, 'RetryPolicy.initialInterval must be a positive duration'],
    [{ maximumInterval: 1, initialInterval: 2 }, 'RetryPolicy.maximumInterval cannot be less than its initialInterval'],
  ])('%j is refused [workflow.retry-policy-validation]', (policy, message) => {
    expect(() => compileRetryPolicy(policy)).toThrow(ValueError);
    expect(() => compileRetryPolicy(policy)).toThrow(message);
  });
});
