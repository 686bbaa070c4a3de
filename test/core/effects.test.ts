// H5: effects are a function of events, and a new owner knows which ones still have a use.
import { describe, expect, it } from 'vitest';
import { effectsOf, isOutstanding } from '../../services/history/core/effects.js';
import type { Effect } from '../../services/history/core/input.js';
import { activity, complete, failure, Scenario } from './scenario.js';

/** The effects of the latest event of a type. */
function effectsOfLast(s: Scenario, type: string): Effect[] {
  const event = s.events.findLast((candidate) => candidate.type === type);
  if (event === undefined) throw new Error(`no ${type}`);
  return effectsOf(s.state, event);
}

function only(effects: Effect[]): Effect {
  expect(effects).toHaveLength(1);
  const [effect] = effects;
  if (effect === undefined) throw new Error('no effect');
  return effect;
}

describe('the dispatch of a workflow task', () => {
  it('is outstanding until it is answered', () => {
    const s = new Scenario();
    s.start();
    const dispatch = only(effectsOfLast(s, 'WorkflowTaskScheduled'));
    expect(isOutstanding(s.state, dispatch)).toBe(true);
    s.completeTask([activity('1')]);
    expect(isOutstanding(s.state, dispatch)).toBe(false);
  });

  it('is not outstanding while the task waits for its next attempt, nor is the old attempt after that', () => {
    const s = new Scenario();
    s.start();
    const dispatch = only(effectsOfLast(s, 'WorkflowTaskScheduled'));
    const answer = { scheduledEventId: 2, attempt: 1, seenEventId: 2 };
    s.send('FailWorkflowTask', { ...answer, cause: 'BAD_COMMAND', failure: failure('x') });
    expect(isOutstanding(s.state, dispatch)).toBe(false);
    s.advance(1_000);
    expect(isOutstanding(s.state, dispatch)).toBe(false);
    expect(isOutstanding(s.state, only(effectsOfLast(s, 'WorkflowTaskScheduled')))).toBe(true);
  });

  it('is not outstanding once the run is closed', () => {
    const s = new Scenario();
    s.start();
    const dispatch = only(effectsOfLast(s, 'WorkflowTaskScheduled'));
    s.send('TerminateWorkflow', { reason: '', details: [] });
    expect(isOutstanding(s.state, dispatch)).toBe(false);
  });

  it('carries what no completed task has seen', () => {
    const s = new Scenario();
    s.start();
    s.completeTask([activity('1')]);
    s.send('CompleteActivityTask', { scheduledEventId: 5, attempt: 1, result: null });
    expect(only(effectsOfLast(s, 'WorkflowTaskScheduled'))).toMatchObject({ firstEventId: 3, seenEventId: 8 });
  });
});

describe('the dispatch of an activity', () => {
  function scheduled(): { s: Scenario; dispatch: Effect } {
    const s = new Scenario();
    s.start();
    s.completeTask([activity('1')]);
    return { s, dispatch: only(effectsOfLast(s, 'ActivityTaskScheduled')) };
  }

  it('is outstanding until it is claimed', () => {
    const { s, dispatch } = scheduled();
    expect(isOutstanding(s.state, dispatch)).toBe(true);
    s.send('ClaimActivityTask', { scheduledEventId: 5, attempt: 1, startedAt: s.now });
    expect(isOutstanding(s.state, dispatch)).toBe(false);
  });

  it('is outstanding until it has an outcome', () => {
    const { s, dispatch } = scheduled();
    s.send('CompleteActivityTask', { scheduledEventId: 5, attempt: 1, result: null });
    expect(isOutstanding(s.state, dispatch)).toBe(false);
  });

  it('of a later attempt replaces the one before', () => {
    const { s, dispatch } = scheduled();
    s.send('FailActivityTask', { scheduledEventId: 5, attempt: 1, failure: failure('x') });
    expect(isOutstanding(s.state, dispatch)).toBe(false);
    s.advance(1_000);
    const second = only(effectsOfLast(s, 'ActivityTaskAttemptScheduled'));
    expect(second).toMatchObject({ task: { attempt: 2, attemptScheduledAt: s.now } });
    expect(isOutstanding(s.state, dispatch)).toBe(false);
    expect(isOutstanding(s.state, second)).toBe(true);
  });
});

describe('acknowledgements', () => {
  it('stand on the event, so that a new owner can send them again', () => {
    const s = new Scenario();
    s.start({}, { requestId: 'start' });
    s.send('SignalWorkflow', { signalName: 'a', input: [], headers: {} }, { requestId: 'signal' });
    s.send('RequestCancelWorkflow', { reason: '' }, { requestId: 'cancel' });
    s.send('TerminateWorkflow', { reason: '', details: [] }, { requestId: 'end' });
    const acknowledged = s.events
      .flatMap((event) => effectsOf(s.state, event))
      .flatMap((effect) => (effect.kind === 'reply' ? [effect.reply] : []));
    expect(acknowledged).toMatchObject(
      ['start', 'signal', 'cancel', 'end'].map((requestId) => ({ type: 'CommandAccepted', requestId, runId: 'r1' })),
    );
    for (const event of s.events) {
      for (const effect of effectsOf(s.state, event)) {
        if (effect.kind === 'reply') expect(isOutstanding(s.state, effect)).toBe(true);
      }
    }
  });

  it('are not sent to those who did not ask for them', () => {
    const s = new Scenario();
    s.start({}, { replyTo: null });
    s.send('SignalWorkflow', { signalName: 'a', input: [], headers: {} }, { replyTo: null });
    s.send('DescribeWorkflow', {}, { replyTo: null });
    s.send('AwaitWorkflowResult', {}, { replyTo: null });
    s.send('GetWorkflowHistory', { firstEventId: 1 }, { replyTo: null });
    s.send('QueryWorkflow', { queryType: 'q', input: [], headers: {}, rejectCondition: 'NONE' }, { replyTo: null });
    s.completeTask([complete]);
    expect(s.trace.filter((line) => line.includes('! ') && !line.includes('dispatch'))).toEqual([]);
  });
});
