import { describe, expect, it } from 'vitest';
import type { Reply, WorkflowCommand } from '../../schemas/generated/messages.js';
import { closedReply } from '../../services/history/core/ask.js';
import type { Decision } from '../../services/history/core/input.js';
import { activity, failure, payload, Scenario } from './scenario.js';

function replyOf({ effects }: Decision): Reply {
  const [effect] = effects;
  if (effect?.kind !== 'reply') throw new Error(`no reply but ${effect?.kind}`);
  return effect.reply;
}

describe('a description', () => {
  it('tells what an open run waits for', () => {
    const s = new Scenario();
    s.start({ memo: { note: payload('hi') }, searchAttributes: { Customer: payload('7') } });
    s.completeTask([activity('a'), activity('b'), activity('c'), activity('d')]);
    s.advance(10);
    const claim = { attempt: 1, startedAt: s.now };
    s.send('ClaimActivityTask', { ...claim, scheduledEventId: 6 });
    s.send('ClaimActivityTask', { ...claim, scheduledEventId: 8 });
    s.send('FailActivityTask', { scheduledEventId: 7, attempt: 1, failure: failure('x') });
    s.completeAfterSignal([{ requestCancelActivityTask: { activityId: 'd' } }]);
    expect(replyOf(s.send('DescribeWorkflow', {}))).toMatchObject({
      type: 'WorkflowDescribed',
      runId: 'r1',
      firstExecutionRunId: 'r1',
      workflowType: 'order',
      taskQueue: 'q',
      status: 'RUNNING',
      historyLength: s.run().nextEventId - 1,
      historySizeBytes: s.events.length * 100,
      startedAt: 1_000_000,
      closedAt: null,
      memo: { note: payload('hi') },
      searchAttributes: { Customer: payload('7') },
      workflowTaskAttempt: 0,
      pendingActivities: [
        { activityId: 'a', state: 'SCHEDULED', attempt: 1, lastStartedAt: null, nextAttemptAt: null },
        { activityId: 'b', state: 'STARTED', attempt: 1, lastStartedAt: 1_000_010, lastWorkerIdentity: 'worker' },
        { activityId: 'c', state: 'SCHEDULED', attempt: 2, nextAttemptAt: 1_001_010, lastFailure: { message: 'x' } },
        { activityId: 'd', state: 'CANCEL_REQUESTED', attempt: 1 },
      ],
    });
  });

  it('tells why a workflow task does not get done', () => {
    const s = new Scenario();
    s.start();
    const answer = { scheduledEventId: 2, attempt: 1, seenEventId: 2 };
    s.send('FailWorkflowTask', { ...answer, cause: 'WORKFLOW_TYPE_NOT_REGISTERED', failure: failure('no such type') });
    expect(replyOf(s.send('DescribeWorkflow', {}))).toMatchObject({
      workflowTaskAttempt: 2,
      workflowTaskFailure: { message: 'no such type' },
    });
  });

  it('of a closed run has its end and nothing pending', () => {
    const s = new Scenario();
    s.start();
    s.completeTask([activity('a')]);
    s.advance(5);
    s.send('TerminateWorkflow', { reason: '', details: [] });
    expect(replyOf(s.send('DescribeWorkflow', {}))).toMatchObject({
      status: 'TERMINATED',
      closedAt: 1_000_005,
      pendingActivities: [],
    });
  });
});

describe('the end of a run', () => {
  function closedBy(command: Partial<WorkflowCommand>): Reply {
    const s = new Scenario();
    s.start();
    s.completeTask([command]);
    return replyOf(s.send('AwaitWorkflowResult', {}, { requestId: 'wait' }));
  }
  const nothingElse = { result: null, failure: null, details: [], retryState: null };

  it('COMPLETED has the result', () => {
    const reply = closedBy({ completeWorkflowExecution: { result: payload('7') } });
    expect(reply).toMatchObject({ ...nothingElse, requestId: 'wait', status: 'COMPLETED', result: payload('7') });
  });

  it('FAILED has the failure and why there is no further run', () => {
    const reply = closedBy({ failWorkflowExecution: { failure: failure('no') } });
    const why = { failure: failure('no'), retryState: 'RETRY_POLICY_NOT_SET' };
    expect(reply).toMatchObject({ ...nothingElse, status: 'FAILED', ...why });
  });

  it('CANCELLED has the details', () => {
    const reply = closedBy({ cancelWorkflowExecution: { details: [payload('d')] } });
    expect(reply).toMatchObject({ ...nothingElse, status: 'CANCELLED', details: [payload('d')] });
  });

  it('TERMINATED has the reason as its failure', () => {
    const s = new Scenario();
    s.start();
    s.send('TerminateWorkflow', { reason: 'enough', details: [payload('d')] });
    expect(closedReply(s.run(), 'wait')).toMatchObject({
      status: 'TERMINATED',
      failure: { message: 'enough', terminatedInfo: { identity: 'worker' } },
      details: [payload('d')],
    });
  });

  it('TIMED_OUT has the time-out as its failure', () => {
    const s = new Scenario();
    s.start({ workflowRunTimeoutMs: 1 });
    s.advance(1);
    expect(closedReply(s.run(), 'wait')).toMatchObject({
      status: 'TIMED_OUT',
      failure: { message: 'Workflow execution timed out', timeoutInfo: { timeoutType: 'START_TO_CLOSE' } },
    });
  });

  it('is waited for while the run is open', () => {
    const s = new Scenario();
    s.start();
    const { effects } = s.send('AwaitWorkflowResult', {}, { requestId: 'wait' });
    expect(effects).toMatchObject([{ kind: 'await-close', requestId: 'wait', runId: 'r1' }]);
    expect(() => closedReply(s.run(), 'wait')).toThrow('is open');
  });

  it('of a run that is not known is an error that says so', () => {
    const s = new Scenario();
    expect(replyOf(s.send('AwaitWorkflowResult', {}, { runId: 'r9' }))).toMatchObject({
      code: 'WORKFLOW_NOT_FOUND',
      message: "no workflow 'w' with run id 'r9' is known in this namespace",
    });
  });
});
