// What ends an attempt of an activity, and what ends the activity.
import { describe, expect, it } from 'vitest';
import type { HistoryEvent } from '../../schemas/generated/messages.js';
import { defaultRetryPolicy } from '../../services/history/core/retry.js';
import { activity, failure, Scenario } from './scenario.js';

function running(options: Parameters<typeof activity>[1]): Scenario {
  const s = new Scenario();
  s.start();
  s.completeTask([activity('1', options)]);
  return s;
}

const attempt = (s: Scenario, number = 1) => ({ scheduledEventId: 5, attempt: number, startedAt: s.now });
const claim = (s: Scenario, number = 1) => s.send('ClaimActivityTask', attempt(s, number));
const last = (s: Scenario, type: HistoryEvent['type']) => s.events.filter((event) => event.type === type).at(-1);
const timedOut = (timeoutType: string) => ({ failure: { timeoutInfo: { timeoutType } } });

describe('the limits of an activity', () => {
  it('startToCloseTimeout ends an attempt, and the next one follows [workflow.activity-start-to-close]', () => {
    const s = running({ startToCloseTimeoutMs: 500 });
    claim(s);
    s.advance(499);
    expect(last(s, 'ActivityTaskAttemptFailed')).toBeUndefined();
    s.advance(1);
    expect(last(s, 'ActivityTaskAttemptFailed')).toMatchObject(timedOut('START_TO_CLOSE'));
    s.advance(1_000);
    s.send('CompleteActivityTask', { scheduledEventId: 5, attempt: 2, result: null });
    expect(last(s, 'ActivityTaskStarted')).toMatchObject({ attempt: 2 });
    expect(last(s, 'ActivityTaskCompleted')).toBeDefined();
  });

  it('scheduleToStartTimeout ends the activity, which is not tried again [workflow.activity-schedule-to-start]', () => {
    const s = running({ scheduleToStartTimeoutMs: 300 });
    s.advance(300);
    expect(last(s, 'ActivityTaskTimedOut')).toMatchObject(timedOut('SCHEDULE_TO_START'));
    expect(s.run().activities.size).toBe(0);
  });

  it('scheduleToCloseTimeout ends an activity between two attempts [workflow.activity-schedule-to-close]', () => {
    const s = running({ scheduleToCloseTimeoutMs: 1_500 });
    s.send('FailActivityTask', { scheduledEventId: 5, attempt: 1, failure: failure('down') });
    s.advance(1_000);
    claim(s, 2);
    s.advance(499);
    expect(last(s, 'ActivityTaskTimedOut')).toBeUndefined();
    s.advance(1);
    expect(last(s, 'ActivityTaskTimedOut')).toMatchObject(timedOut('SCHEDULE_TO_CLOSE'));
    expect(s.run().activities.size).toBe(0);
  });

  it('heartbeatTimeout ends an attempt that is silent, and spares one that is heard [workflow.activity-heartbeat-timeout]', () => {
    const s = running({ heartbeatTimeoutMs: 400 });
    claim(s);
    s.advance(300);
    s.send('RecordActivityHeartbeat', { scheduledEventId: 5, attempt: 1, details: [] });
    s.advance(399);
    expect(last(s, 'ActivityTaskAttemptFailed')).toBeUndefined();
    s.advance(1);
    expect(last(s, 'ActivityTaskAttemptFailed')).toMatchObject(timedOut('HEARTBEAT'));
  });

  it('a failure of a type that the policy names is not tried again, any other is [workflow.retry-non-retryable-types]', () => {
    const retryPolicy = { ...defaultRetryPolicy, nonRetryableErrorTypes: ['Fatal'] };
    const fail = (failureType: string) => {
      const s = running({ retryPolicy });
      s.send('FailActivityTask', { scheduledEventId: 5, attempt: 1, failure: failure('x', { failureType }) });
      return s;
    };
    expect(last(fail('Fatal'), 'ActivityTaskFailed')).toMatchObject({ retryState: 'NON_RETRYABLE_FAILURE' });
    expect(last(fail('Other'), 'ActivityTaskFailed')).toBeUndefined();
  });
});
