import { describe, expect, it } from 'vitest';
import { dueAt } from '../../services/history/core/due.js';
import { defaultRetryPolicy } from '../../services/history/core/retry.js';
import { activity, complete, failure, Scenario } from './scenario.js';

const signal = { signalName: 'wake', input: [] };
const dispatched = (s: Scenario, from: number) => s.trace.slice(from).filter((line) => line.includes('! dispatch'));

function paused(): Scenario {
  const s = new Scenario();
  s.start();
  s.completeTask([activity('1'), { startTimer: { timerId: 't', startToFireTimeoutMs: 1_000 } }]);
  s.send('PauseWorkflow', { reason: 'maintenance' });
  return s;
}

describe('a paused run', () => {
  it('is told to, and let go, in its history [client.pause]', async () => {
    const s = paused();
    s.send('PauseWorkflow', { reason: 'again' });
    s.send('DescribeWorkflow', {});
    s.send('SignalWorkflow', signal);
    s.send('FailActivityTask', { scheduledEventId: 5, attempt: 1, failure: failure('down') });
    s.advance(5_000);
    s.send('UnpauseWorkflow', { reason: 'done' });
    s.send('UnpauseWorkflow', { reason: 'again' });
    s.advance(1);
    s.completeTask([complete]);
    await expect(s.text()).toMatchFileSnapshot('golden/pause-held-back-then-let-go.trace');
  });

  it('tells the workers that have an activity in hand, and makes again what stopped for it', async () => {
    const s = new Scenario();
    const retryPolicy = { ...defaultRetryPolicy, maximumAttempts: 1 };
    s.start();
    s.completeTask([activity('1', { retryPolicy }), activity('2'), activity('3')]);
    s.send('ClaimActivityTask', { scheduledEventId: 5, attempt: 1, startedAt: s.now }, { runId: 'r1' });
    s.send('PauseWorkflow', { reason: 'maintenance' });
    s.send('ClaimActivityTask', { scheduledEventId: 6, attempt: 1, startedAt: s.now }, { runId: 'r1' });
    s.send('RecordActivityHeartbeat', { scheduledEventId: 6, attempt: 1, details: [] }, { runId: 'r1' });
    s.send('HeartbeatActivity', { activityId: '3', scheduledEventId: null, attempt: null, details: [] });
    s.send('FailActivityTask', {
      scheduledEventId: 5,
      attempt: 1,
      failure: failure('Activity paused', { failureType: 'ActivityPause' }),
    });
    s.advance(5_000);
    s.send('UnpauseWorkflow', { reason: 'done' });
    s.advance(1);
    s.send('FailActivityTask', { scheduledEventId: 5, attempt: 2, failure: failure('down') });
    await expect(s.text()).toMatchFileSnapshot('golden/pause-activities-in-hand-are-told.trace');
  });

  it('puts nothing on any queue, however long it stands still', () => {
    const s = paused();
    const from = s.trace.length;
    s.send('SignalWorkflow', signal);
    s.send('RequestCancelWorkflow', { reason: '' });
    s.advance(24 * 3_600_000);
    expect(dispatched(s, from)).toEqual([]);
    expect(s.run()).toMatchObject({ status: 'RUNNING', workflowTask: null });
  });

  it('takes the answer to the task that is out, and holds back the activities that it schedules', () => {
    const s = new Scenario();
    s.start();
    s.send('PauseWorkflow', { reason: '' });
    const from = s.trace.length;
    s.completeTask([activity('1'), activity('2')]);
    expect(dispatched(s, from)).toEqual([]);
    expect(dueAt(s.run())).toBeUndefined();
    s.send('UnpauseWorkflow', { reason: '' });
    expect(dispatched(s, from).filter((line) => line.includes('activity-task'))).toHaveLength(2);
    s.send('CompleteActivityTask', { scheduledEventId: 6, attempt: 1, result: null });
    expect(s.run().workflowTask).not.toBeNull();
  });

  it('tries a workflow task that failed again once it goes on', () => {
    const s = new Scenario();
    s.start();
    s.send('PauseWorkflow', { reason: '' });
    const answer = { scheduledEventId: 2, attempt: 1, seenEventId: 2 };
    s.send('FailWorkflowTask', { ...answer, cause: 'NON_DETERMINISTIC_ERROR', failure: failure('changed') });
    const from = s.trace.length;
    s.advance(60_000);
    expect(dispatched(s, from)).toEqual([]);
    s.send('UnpauseWorkflow', { reason: '' });
    s.advance(0);
    expect(dispatched(s, from)).toHaveLength(1);
  });

  it('still ends by its time-out, by termination, and where its code has ended it', () => {
    const timedOut = new Scenario();
    timedOut.start({ workflowRunTimeoutMs: 1_000 });
    timedOut.send('PauseWorkflow', { reason: '' });
    timedOut.advance(1_000);
    expect(timedOut.run().status).toBe('TIMED_OUT');
    const s = paused();
    s.send('TerminateWorkflow', { reason: '', details: [] });
    expect(s.run()).toMatchObject({ status: 'TERMINATED', paused: false });
    s.send('PauseWorkflow', { reason: '' });
    expect(s.trace.at(-1)).toContain('WORKFLOW_NOT_FOUND');
  });

  it('begins no delayed start before it goes on', () => {
    const s = new Scenario();
    s.start({ startDelayMs: 1_000 });
    s.send('PauseWorkflow', { reason: '' });
    s.advance(10_000);
    expect(s.run().workflowTask).toBeNull();
    s.send('UnpauseWorkflow', { reason: '' });
    s.advance(0);
    expect(s.run().workflowTask).not.toBeNull();
  });

  it('begins a delayed start that was signalled meanwhile, or asked to cancel, as soon as it goes on', () => {
    for (const wake of ['SignalWorkflow', 'RequestCancelWorkflow'] as const) {
      const s = new Scenario();
      s.start({ startDelayMs: 3_600_000 });
      s.send('PauseWorkflow', { reason: '' });
      if (wake === 'SignalWorkflow') s.send(wake, signal);
      else s.send(wake, { reason: '' });
      s.send('UnpauseWorkflow', { reason: '' });
      expect(s.run().workflowTask, wake).not.toBeNull();
    }
  });

  it('leaves a start to its delay where the only signal is the one that came with it', () => {
    const s = new Scenario();
    s.start({ startDelayMs: 3_600_000, signal: { signalName: 'wake', input: [], headers: {} } });
    s.send('PauseWorkflow', { reason: '' });
    s.send('UnpauseWorkflow', { reason: '' });
    expect(s.run().workflowTask).toBeNull();
    s.advance(3_600_000);
    expect(s.run().workflowTask).not.toBeNull();
  });

  it('gives a worker the further task that it asked for, once it goes on', () => {
    const s = new Scenario();
    s.start();
    s.send('PauseWorkflow', { reason: '' });
    s.completeTask([], { forceCreateNewWorkflowTask: true });
    expect(s.run().workflowTask).toBeNull();
    s.send('UnpauseWorkflow', { reason: '' });
    expect(s.run().workflowTask).not.toBeNull();
  });
});
