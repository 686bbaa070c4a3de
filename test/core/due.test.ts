// H7: when a run next needs the clock.
import { describe, expect, it } from 'vitest';
import { dueAt } from '../../services/history/core/due.js';
import { activity, complete, failure, Scenario } from './scenario.js';

/** Time until the run is due, from now. */
function due(s: Scenario): number | undefined {
  const at = dueAt(s.run());
  return at === undefined ? undefined : at - s.now;
}

function running(options: Parameters<typeof activity>[1] = {}): Scenario {
  const s = new Scenario();
  s.start();
  s.completeTask([activity('1', options)]);
  return s;
}

describe('a run is due', () => {
  it('when its run time-out passes', () => {
    const s = new Scenario();
    s.start({ workflowRunTimeoutMs: 700 });
    expect(due(s)).toBe(700);
  });

  it('when its execution time-out passes, if that is sooner', () => {
    const s = new Scenario();
    s.start({ workflowRunTimeoutMs: 700, workflowExecutionTimeoutMs: 600 });
    expect(due(s)).toBe(600);
  });

  it('when nobody has answered its workflow task for a minute', () => {
    const s = new Scenario();
    s.start();
    expect(due(s)).toBe(60_000);
  });

  it('when its failed workflow task is to be tried again: after 1, 2, 4, 8 and then every 10 s', () => {
    const s = new Scenario();
    s.start();
    const waits = [1, 2, 3, 4, 5, 6].map((attempt) => {
      const answer = { scheduledEventId: 2, attempt, seenEventId: 2 };
      s.send('FailWorkflowTask', { ...answer, cause: 'NON_DETERMINISTIC_ERROR', failure: failure('x') });
      const wait = due(s) ?? 0;
      s.advance(wait);
      return wait;
    });
    expect(waits).toEqual([1_000, 2_000, 4_000, 8_000, 10_000, 10_000]);
  });

  it('when its next timer fires', () => {
    const s = new Scenario();
    s.start();
    s.completeTask([
      { startTimer: { timerId: 'a', startToFireTimeoutMs: 900 } },
      { startTimer: { timerId: 'b', startToFireTimeoutMs: 300 } },
    ]);
    expect(due(s)).toBe(300);
  });

  it('when an activity has waited too long for a worker', () => {
    expect(due(running({ scheduleToStartTimeoutMs: 250 }))).toBe(250);
  });

  it('when an activity has taken too long over all attempts, claimed or not', () => {
    const s = running({ scheduleToCloseTimeoutMs: 5_000 });
    expect(due(s)).toBe(5_000);
    s.send('ClaimActivityTask', { scheduledEventId: 5, attempt: 1, startedAt: s.now });
    expect(due(s)).toBe(5_000);
    s.advance(1_000);
    s.send('FailActivityTask', { scheduledEventId: 5, attempt: 1, failure: failure('x', { nextRetryDelayMs: 3_500 }) });
    expect(due(s)).toBe(3_500);
  });

  it('when a claimed attempt has taken too long, and not before it is claimed', () => {
    const s = running({ startToCloseTimeoutMs: 800 });
    expect(due(s)).toBe(60_000);
    s.send('ClaimActivityTask', { scheduledEventId: 5, attempt: 1, startedAt: s.now });
    expect(due(s)).toBe(800);
  });

  it('when a heartbeat is missing, counted from the last one', () => {
    const s = running({ heartbeatTimeoutMs: 200 });
    s.send('ClaimActivityTask', { scheduledEventId: 5, attempt: 1, startedAt: s.now });
    expect(due(s)).toBe(200);
    s.advance(150);
    s.send('RecordActivityHeartbeat', { scheduledEventId: 5, attempt: 1, details: [] });
    expect(due(s)).toBe(200);
  });

  it('when an attempt is to be tried again', () => {
    const s = running();
    s.send('FailActivityTask', { scheduledEventId: 5, attempt: 1, failure: failure('x') });
    expect(due(s)).toBe(1_000);
  });

  it('never, while it waits for a signal only', () => {
    const s = new Scenario();
    s.start();
    s.completeTask([]);
    expect(due(s)).toBeUndefined();
  });

  it('never, once it is closed', () => {
    const s = new Scenario();
    s.start({ workflowRunTimeoutMs: 700 });
    s.completeTask([{ startTimer: { timerId: 'a', startToFireTimeoutMs: 900 } }, complete]);
    expect(due(s)).toBeUndefined();
    s.input({ kind: 'timer-due', runId: 'r1' }, 'a timer of a closed run');
    s.input({ kind: 'timer-due', runId: 'unknown' }, 'a timer of no run');
    expect(s.run().status).toBe('COMPLETED');
  });
});
