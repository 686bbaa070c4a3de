// Everything has a bound, and passing it has a name.
import { describe, expect, it } from 'vitest';
import { defaultsOf } from '../../schemas/generated/defaults.js';
import type { Command } from '../../schemas/generated/messages.js';
import { apply } from '../../services/history/core/apply.js';
import { InvariantBroken } from '../../services/history/core/invariant.js';
import { createPartition } from '../../services/history/core/state.js';
import { MAX_HISTORY_EVENTS, MAX_PENDING_ACTIVITIES, MAX_PENDING_TIMERS } from '../../services/platform/limits.js';
import { activity, failure, Scenario } from './scenario.js';

const range = (n: number) => Array.from({ length: n }, (_, index) => index);

describe('pending activities and timers', () => {
  it('may be as many as the limit', () => {
    const s = new Scenario();
    s.start();
    s.completeTask(range(MAX_PENDING_ACTIVITIES).map((id) => activity(`${id}`)));
    expect(s.run().activities.size).toBe(MAX_PENDING_ACTIVITIES);
  });

  it('fail the task by name beyond it', () => {
    const s = new Scenario();
    s.start();
    s.completeTask(range(MAX_PENDING_ACTIVITIES + 1).map((id) => activity(`${id}`)));
    expect(s.events.at(-1)).toMatchObject({
      type: 'WorkflowTaskFailed',
      cause: 'BAD_COMMAND',
      failure: { message: `more than ${MAX_PENDING_ACTIVITIES} activities would be pending` },
    });
    s.advance(1_000);
    s.completeTask(
      range(MAX_PENDING_TIMERS + 1).map((id) => ({ startTimer: { timerId: `${id}`, startToFireTimeoutMs: 1 } })),
    );
    expect(s.events.at(-1)).toMatchObject({
      failure: { message: `more than ${MAX_PENDING_TIMERS} timers would be pending` },
    });
  });

  it('have ids of their own', () => {
    const s = new Scenario();
    s.start();
    s.completeTask([activity('1'), activity('1')]);
    expect(s.events.at(-1)).toMatchObject({ failure: { message: "activity id '1' is pending already" } });
    s.advance(1_000);
    const timer = { startTimer: { timerId: 't', startToFireTimeoutMs: 1 } };
    s.completeTask([timer, timer]);
    expect(s.events.at(-1)).toMatchObject({ failure: { message: "timer id 't' is pending already" } });
    s.advance(2_000);
    s.completeTask([timer, { cancelTimer: { timerId: 't' } }, timer]);
    expect(s.run().timers.size).toBe(1);
  });
});

describe('a history as long as it may get', () => {
  it('ends its run, saying why', () => {
    const s = new Scenario();
    s.start();
    s.completeTask([activity('1', { scheduleToCloseTimeoutMs: 1_000 })]);
    s.run().nextEventId = MAX_HISTORY_EVENTS - 1;
    s.advance(1_000);
    expect(s.events.at(-1)).toMatchObject({ type: 'WorkflowExecutionTerminated' });
    expect(s.run().status).toBe('TERMINATED');
  });
});

describe('a history as long as it may get, beside a workflow task that is pending', () => {
  const signal = { signalName: 'more', input: [], headers: {} };

  it('is ended by the signal that fills it', () => {
    const s = new Scenario();
    s.start();
    s.run().nextEventId = MAX_HISTORY_EVENTS - 1;
    s.send('SignalWorkflow', signal);
    expect(s.run().status).toBe('TERMINATED');
    s.send('SignalWorkflow', signal);
    expect(s.events.filter(({ type }) => type === 'WorkflowExecutionSignaled')).toHaveLength(1);
  });

  it.each(['CompleteWorkflowTask', 'FailWorkflowTask'] as const)('is ended by a %s', (type) => {
    const s = new Scenario();
    s.start();
    const { scheduledEventId = 0, attempt = 0 } = s.run().workflowTask ?? {};
    s.run().nextEventId = MAX_HISTORY_EVENTS;
    const answer = { scheduledEventId, attempt, seenEventId: 2, startedAt: 0 };
    if (type === 'CompleteWorkflowTask') s.send(type, answer);
    else s.send(type, { ...answer, cause: 'BAD_COMMAND', failure: failure('x') });
    expect(s.run().status).toBe('TERMINATED');
  });
});

describe('a history as long as it may get, of a run that waits for another workflow', () => {
  it('ends its run, and asks nobody again', () => {
    const s = new Scenario();
    s.start();
    const signal = { signalExternalWorkflowExecution: { workflowId: 'v', runId: null, signalName: 'go' } };
    s.completeTask([signal, { startTimer: { timerId: 't', startToFireTimeoutMs: 10_000 } }]);
    s.run().nextEventId = MAX_HISTORY_EVENTS - 1;
    s.advance(10_000);
    expect(s.run().status).toBe('TERMINATED');
  });
});

describe('a command whose events would not fit a batch', () => {
  function refuse(s: Scenario, command: Command): void {
    s.input({ kind: 'too-large', command, bytes: 9, limitBytes: 8 }, 'too-large');
  }

  const header = {
    requestId: 'big',
    workflowId: 'w',
    runId: 'r1',
    identity: 'worker',
    sentAt: 0,
    replyTo: { partition: 0, asker: 'asker' },
  };

  it('is refused by name: a signal', () => {
    const s = new Scenario();
    s.start();
    refuse(s, {
      ...defaultsOf.SignalWorkflow,
      type: 'SignalWorkflow',
      header,
      signalName: 's',
      input: [],
      headers: {},
    });
    expect(s.trace.at(-1)).toContain('"code":"TOO_LARGE"');
  });

  it('fails the workflow task that sent it', () => {
    const s = new Scenario();
    s.start();
    const answer = { scheduledEventId: 2, attempt: 1, seenEventId: 2, startedAt: 0, commands: [] };
    refuse(s, { ...defaultsOf.CompleteWorkflowTask, type: 'CompleteWorkflowTask', header, ...answer });
    expect(s.events.at(-1)).toMatchObject({ type: 'WorkflowTaskFailed', cause: 'BAD_COMMAND' });
  });

  it('fails the activity that sent it, without a retry', () => {
    const s = new Scenario();
    s.start();
    s.completeTask([activity('1')]);
    refuse(s, { type: 'CompleteActivityTask', header, scheduledEventId: 5, attempt: 1, result: null });
    expect(s.events.findLast((event) => event.type === 'ActivityTaskFailed')).toMatchObject({
      retryState: 'NON_RETRYABLE_FAILURE',
      failure: { message: expect.stringContaining('pass large data by reference') },
    });
  });

  it('fails the activity whose failure was too large, too', () => {
    const s = new Scenario();
    s.start();
    s.completeTask([activity('1')]);
    refuse(s, { type: 'FailActivityTask', header, scheduledEventId: 5, attempt: 1, failure: failure('huge') });
    expect(s.run().activities.size).toBe(0);
  });
});

describe('H9: what cannot have been decided stops the fold', () => {
  const header = { workflowId: 'w', runId: 'r1', eventId: 3, sequence: 3, eventTime: 0, skippable: false };

  function started(): Scenario {
    const s = new Scenario();
    s.start();
    return s;
  }

  it('a gap in a run', () => {
    const event = { type: 'TimerFired', timerId: 't', startedEventId: 1 } as const;
    expect(() => apply(started().state, { ...event, header: { ...header, sequence: 4 } }, 1)).toThrow(InvariantBroken);
    expect(() => apply(started().state, { ...event, header: { ...header, eventId: 4 } }, 1)).toThrow(InvariantBroken);
  });

  it('an event of a run that was never started, or is closed', () => {
    const event = { type: 'TimerFired', timerId: 't', startedEventId: 1, header } as const;
    expect(() => apply(createPartition(0), event, 1)).toThrow('never started');
    const s = started();
    s.send('TerminateWorkflow', { reason: '', details: [] });
    expect(() => apply(s.state, { ...event, header: { ...header, eventId: 4, sequence: 4 } }, 1)).toThrow('TERMINATED');
  });

  it('a timer or an activity that is not pending', () => {
    const fired = { type: 'TimerFired', timerId: 't', startedEventId: 1, header } as const;
    expect(() => apply(started().state, fired, 1)).toThrow('not pending');
    const result = { scheduledEventId: 5, startedEventId: 0, result: null, identity: '', requestId: '', replyTo: null };
    expect(() => apply(started().state, { type: 'ActivityTaskCompleted', ...result, header }, 1)).toThrow(
      'not pending',
    );
  });

  it('a run that starts twice, or while the workflow id has an open one', () => {
    const s = started();
    const [event] = s.events;
    if (event?.type !== 'WorkflowExecutionStarted') throw new Error('the first event starts the run');
    expect(() => apply(s.state, event, 1)).toThrow('started twice');
    const other = { ...event, header: { ...event.header, runId: 'r2' } };
    expect(() => apply(s.state, other, 1)).toThrow('started while it runs');
  });

  it('a claim of another partition, or of an epoch that is not the highest', () => {
    const claim = { type: 'PartitionOwnerClaimed', partition: 0, ownerEpoch: 2, identity: '', claimedAt: 0 } as const;
    const state = createPartition(0);
    apply(state, claim, 1);
    expect(() => apply(state, claim, 1)).toThrow('owner epoch 2 after 2');
    expect(() => apply(state, { ...claim, partition: 1, ownerEpoch: 3 }, 1)).toThrow('partition 1');
  });
});
