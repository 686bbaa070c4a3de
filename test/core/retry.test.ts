import { describe, expect, it } from 'vitest';
import type { Failure, RetryPolicy } from '../../schemas/generated/messages.js';
import { activityTimeout, refused, terminated } from '../../services/history/core/failures.js';
import { backoffMs, defaultRetryPolicy, nextAttempt, retryPolicyProblem } from '../../services/history/core/retry.js';
import type { ActivityState } from '../../services/history/core/state.js';
import { activity, failure, Scenario } from './scenario.js';

function pending(policy: Partial<RetryPolicy>, rest: Partial<ActivityState> = {}): ActivityState {
  const s = new Scenario();
  s.start();
  s.completeTask([activity('1', { retryPolicy: { ...defaultRetryPolicy, ...policy } })]);
  const [state] = s.run().activities.values();
  if (state === undefined) throw new Error('no activity is pending');
  return { ...state, scheduledAt: 0, ...rest };
}

describe('back-off', () => {
  it('grows by the coefficient up to the longest interval', () => {
    const waits = [1, 2, 3, 4, 5, 6, 7, 8, 9].map((attempt) => backoffMs(defaultRetryPolicy, attempt));
    expect(waits).toEqual([1_000, 2_000, 4_000, 8_000, 16_000, 32_000, 64_000, 100_000, 100_000]);
  });

  it('stays level with a coefficient of 1', () => {
    const policy = { ...defaultRetryPolicy, backoffCoefficient: 1 };
    expect(backoffMs(policy, 1)).toBe(1_000);
    expect(backoffMs(policy, 50)).toBe(1_000);
  });

  it('is whole milliseconds, and finite after any number of attempts', () => {
    const policy = { ...defaultRetryPolicy, initialIntervalMs: 100, backoffCoefficient: 1.7 };
    expect(backoffMs(policy, 2)).toBe(170);
    expect(backoffMs(policy, 3)).toBe(289);
    expect(backoffMs(policy, 100_000)).toBe(100_000);
  });
});

describe('a policy', () => {
  it.each<[Partial<RetryPolicy>, string]>([
    [{ initialIntervalMs: -1 }, "initialInterval is -1 ms: it can't be negative"],
    [{ backoffCoefficient: 0.5 }, "backoffCoefficient is 0.5: it can't be less than 1"],
    [{ backoffCoefficient: Number.NaN }, "backoffCoefficient is NaN: it can't be less than 1"],
    [{ maximumIntervalMs: 999 }, 'maximumInterval is less than initialInterval'],
    [{ maximumAttempts: -1 }, "maximumAttempts is -1: it can't be negative"],
  ])('of %o makes no sense', (wrong, problem) => {
    expect(retryPolicyProblem({ ...defaultRetryPolicy, ...wrong })).toBe(problem);
    expect(retryPolicyProblem(defaultRetryPolicy)).toBeUndefined();
  });
});

describe('the next attempt', () => {
  it('follows a retryable failure after the back-off', () => {
    expect(nextAttempt(pending({}), failure('x'), 500)).toEqual({ nextAttemptAt: 1_500 });
    expect(nextAttempt(pending({}, { attempt: 3 }), failure('x'), 500)).toEqual({ nextAttemptAt: 4_500 });
  });

  it('takes the delay that the failure names, zero included', () => {
    expect(nextAttempt(pending({}), failure('x', { nextRetryDelayMs: 30 }), 500)).toEqual({ nextAttemptAt: 530 });
    expect(nextAttempt(pending({}), failure('x', { nextRetryDelayMs: 0 }), 500)).toEqual({ nextAttemptAt: 500 });
  });

  it('is never due before the failure, whatever an old policy or a failure says', () => {
    const backwards = pending({}, { attempt: 2, retryPolicy: { ...defaultRetryPolicy, backoffCoefficient: -1e300 } });
    expect(nextAttempt(backwards, failure('x'), 500)).toEqual({ nextAttemptAt: 500 });
    expect(nextAttempt(pending({}), failure('x', { nextRetryDelayMs: -1_000 }), 500)).toEqual({ nextAttemptAt: 500 });
  });

  it('is not, once the attempts are used up', () => {
    expect(nextAttempt(pending({ maximumAttempts: 2 }), failure('x'), 0)).toEqual({ nextAttemptAt: 1_000 });
    const last = pending({ maximumAttempts: 2 }, { attempt: 2 });
    expect(nextAttempt(last, failure('x'), 0)).toEqual({ retryState: 'MAXIMUM_ATTEMPTS_REACHED' });
  });

  it('is not, where it would begin after schedule-to-close has passed', () => {
    const limited = pending({}, { scheduleToCloseTimeoutMs: 1_500 });
    expect(nextAttempt(limited, failure('x'), 499)).toEqual({ nextAttemptAt: 1_499 });
    expect(nextAttempt(limited, failure('x'), 500)).toEqual({ retryState: 'TIMEOUT' });
  });

  it('is not, once the workflow has asked the activity to cancel', () => {
    const cancelled = pending({}, { cancelRequested: true });
    expect(nextAttempt(cancelled, failure('x'), 0)).toEqual({ retryState: 'CANCEL_REQUESTED' });
  });

  const never: ReadonlyArray<readonly [string, Failure]> = [
    ['a failure marked non-retryable', failure('x', { nonRetryable: true })],
    ['a failure of a type that the policy names', failure('x', { failureType: 'CardDeclined' })],
    ['schedule-to-start', activityTimeout('SCHEDULE_TO_START', [], null)],
    ['schedule-to-close', activityTimeout('SCHEDULE_TO_CLOSE', [], null)],
    ['a refusal by the services', refused('too large')],
    ['a termination', terminated('enough', 'someone')],
  ];
  for (const [name, cause] of never) {
    it(`does not follow ${name}`, () => {
      const activityState = pending({ nonRetryableErrorTypes: ['CardDeclined'] });
      expect(nextAttempt(activityState, cause, 0)).toEqual({ retryState: 'NON_RETRYABLE_FAILURE' });
    });
  }

  for (const timeoutType of ['START_TO_CLOSE', 'HEARTBEAT'] as const) {
    it(`follows ${timeoutType}`, () => {
      expect(nextAttempt(pending({}), activityTimeout(timeoutType, [], null), 0)).toEqual({ nextAttemptAt: 1_000 });
    });
  }
});
