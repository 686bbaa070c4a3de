// What is said of an activity attempt that is over changes nothing (H6).
import { describe, expect, it } from 'vitest';
import { activity, failure, Scenario } from './scenario.js';

const told: Record<string, (s: Scenario, attempt: number, runId?: string) => ReturnType<Scenario['send']>> = {
  claim: (s, attempt, runId = 'r1') =>
    s.send('ClaimActivityTask', { scheduledEventId: 5, attempt, startedAt: s.now }, { runId }),
  heartbeat: (s, attempt, runId = 'r1') =>
    s.send('RecordActivityHeartbeat', { scheduledEventId: 5, attempt, details: [] }, { runId }),
  completion: (s, attempt, runId = 'r1') =>
    s.send('CompleteActivityTask', { scheduledEventId: 5, attempt, result: null }, { runId }),
  failure: (s, attempt, runId = 'r1') =>
    s.send('FailActivityTask', { scheduledEventId: 5, attempt, failure: failure('x') }, { runId }),
  cancellation: (s, attempt, runId = 'r1') =>
    s.send('CancelActivityTask', { scheduledEventId: 5, attempt, details: [] }, { runId }),
};

/** Ways in which attempt 1 of activity 5 is over. */
const endings: Record<string, (s: Scenario) => void> = {
  'has completed': (s) => s.send('CompleteActivityTask', { scheduledEventId: 5, attempt: 1, result: null }),
  'has failed for good': (s) =>
    s.send('FailActivityTask', { scheduledEventId: 5, attempt: 1, failure: failure('x', { nonRetryable: true }) }),
  'waits for its next attempt': (s) =>
    s.send('FailActivityTask', { scheduledEventId: 5, attempt: 1, failure: failure('x') }),
  'has a later attempt on the queue': (s) => {
    s.send('FailActivityTask', { scheduledEventId: 5, attempt: 1, failure: failure('x') });
    s.advance(1_000);
  },
  'was cancelled before it began': (s) => s.completeAfterSignal([{ requestCancelActivityTask: { activityId: '1' } }]),
  'belongs to a run that was terminated': (s) => s.send('TerminateWorkflow', { reason: '', details: [] }),
};

function withActivity(): Scenario {
  const s = new Scenario();
  s.start();
  s.completeTask([activity('1')]);
  return s;
}

describe('an attempt that is over', () => {
  for (const [ending, end] of Object.entries(endings)) {
    for (const [kind, tell] of Object.entries(told)) {
      it(`ignores a ${kind} when its activity ${ending}`, () => {
        const s = withActivity();
        end(s);
        const before = structuredClone(s.state);
        const decision = tell(s, 1);
        expect(decision.events).toEqual([]);
        expect(s.state).toEqual(before);
        const isAnswered = kind === 'claim' || kind === 'heartbeat';
        expect(decision.effects).toEqual(
          isAnswered ? [expect.objectContaining({ reply: expect.objectContaining({ reason: 'NOT_FOUND' }) })] : [],
        );
      });
    }
  }

  for (const [kind, tell] of Object.entries(told)) {
    it(`ignores a ${kind} of an attempt that has not been scheduled`, () => {
      const s = withActivity();
      s.send('FailActivityTask', { scheduledEventId: 5, attempt: 1, failure: failure('x') });
      expect(tell(s, 2).events).toEqual([]);
      expect(tell(s, 3).events).toEqual([]);
    });

    it(`ignores a ${kind} for another run`, () => {
      expect(tell(withActivity(), 1, 'r9').events).toEqual([]);
    });
  }
});

describe('an attempt in hand', () => {
  it('is claimed once', () => {
    const s = withActivity();
    expect(told.claim?.(s, 1).events).toHaveLength(1);
    expect(told.claim?.(s, 1).events).toEqual([]);
  });

  it('is claimed by its first heartbeat, so that start-to-close runs', () => {
    const s = withActivity();
    told.heartbeat?.(s, 1);
    s.advance(10_000);
    expect(s.events.at(-1)).toMatchObject({ type: 'ActivityTaskAttemptFailed', failure: { timeoutInfo: {} } });
  });

  it('that the worker stopped of its own accord counts as failed and is retried', () => {
    const s = withActivity();
    told.cancellation?.(s, 1);
    expect(s.events.at(-1)).toMatchObject({ type: 'ActivityTaskAttemptFailed', failure: { canceledInfo: {} } });
    s.advance(1_000);
    expect(told.completion?.(s, 2).events.map((event) => event.type)).toContain('ActivityTaskCompleted');
  });

  it('starts afresh: the claim and heartbeats of the attempt before do not count', () => {
    const s = new Scenario();
    s.start();
    s.completeTask([activity('1', { heartbeatTimeoutMs: 400 })]);
    told.heartbeat?.(s, 1);
    s.advance(1_400);
    const [state] = s.run().activities.values();
    expect(state).toMatchObject({ attempt: 2, claimedAt: null, heartbeatAt: null, worker: null, nextAttemptAt: null });
    s.advance(5_000);
    expect(state).toMatchObject({ attempt: 2 });
  });
});
