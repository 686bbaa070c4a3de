import { afterAll, beforeAll, expect, test } from 'vitest';
import { defaultsOf } from '../../schemas/generated/defaults.js';
import { emptyFailure } from '../../sdk/common/failure/empty-failure.js';
import { startExecutor, type TestExecutor } from './executor.js';
import { completed, decoded, kindsOf, resultOf, TestHistory } from './test-history.js';

let sandbox: TestExecutor;
beforeAll(async () => {
  sandbox = await startExecutor();
});
afterAll(() => sandbox.executor.close());

async function started(workflowType: string, ...args: unknown[]): Promise<TestHistory> {
  const history = sandbox.follow(new TestHistory(workflowType, args));
  history.completeTask(completed(await sandbox.executor.runTask(history.task())));
  return history;
}

const worker = { identity: 'worker', requestId: '', replyTo: null };

test('an activity is scheduled with its arguments, and its result goes back into the code [workflow.proxy-activities]', async () => {
  const history = sandbox.follow(new TestHistory('hello', ['Ada']));
  const first = completed(await sandbox.executor.runTask(history.task()));
  expect(kindsOf(first)).toEqual(['scheduleActivityTask']);
  expect(first.commands[0]?.scheduleActivityTask).toMatchObject({
    activityId: '1',
    activityType: 'greet',
    taskQueue: 'queue',
    startToCloseTimeoutMs: 60_000,
    scheduleToCloseTimeoutMs: null,
    retryPolicy: null,
  });
  expect(decoded(first.commands[0]?.scheduleActivityTask?.input[0])).toBe('Ada');
  expect(first.header).toMatchObject({ workflowId: history.workflowId, runId: history.runId, identity: 'worker' });

  history.completeTask(first);
  history.activityCompleted(history.activityScheduled('greet', '1', ['Ada']), 'Hello Ada');
  expect(resultOf(completed(await sandbox.executor.runTask(history.task())))).toBe('Hello Ada!');
  expect(sandbox.fetched).not.toContain(history.runId);
});

test('an activity that failed for good rejects with an ActivityFailure that has the failure as its cause [workflow.activity-failure]', async () => {
  const history = await started('failsWithActivity');
  const scheduledEventId = history.activityScheduled('greet', '1', ['x']);
  history.add('ActivityTaskFailed', {
    scheduledEventId,
    startedEventId: 0,
    failure: {
      ...emptyFailure('no such name'),
      applicationInfo: { failureType: 'BadName', nonRetryable: true, ...defaultsOf.ApplicationFailureInfo },
    },
    retryState: 'NON_RETRYABLE_FAILURE',
    ...worker,
  });
  const answer = completed(await sandbox.executor.runTask(history.task()));
  expect(resultOf(answer)).toBe('Activity task failed: greet NON_RETRYABLE_FAILURE BadName no such name');
});

test('a cancelled activity is asked to cancel and reported as cancelled at once [workflow.cancellation-try-cancel workflow.activity-cancellation]', async () => {
  const history = await started('givesUpOnActivity');
  history.activityScheduled('greet', '1', ['slow']);
  history.signal('go');
  const answer = completed(await sandbox.executor.runTask(history.task()));
  expect(kindsOf(answer)).toEqual(['requestCancelActivityTask', 'completeWorkflowExecution']);
  expect(resultOf(answer)).toBe('cancelled');
});

test('with WAIT_CANCELLATION_COMPLETED the code waits for the activity to end [workflow.cancellation-wait]', async () => {
  const history = await started('waitsForCancelledActivity');
  const scheduledEventId = history.activityScheduled('greet', '1', ['slow']);
  history.signal('go');
  const asked = completed(await sandbox.executor.runTask(history.task()));
  expect(kindsOf(asked)).toEqual(['requestCancelActivityTask']);
  const workflowTaskCompletedEventId = history.completeTask(asked);
  history.add('ActivityTaskCancelRequested', { scheduledEventId, workflowTaskCompletedEventId });
  history.add('ActivityTaskCanceled', { scheduledEventId, startedEventId: 0, details: [], ...worker });
  expect(resultOf(completed(await sandbox.executor.runTask(history.task())))).toBe('cancelled');
});

test('an activity cancelled in the task that schedules it leaves no command', async () => {
  const history = sandbox.follow(new TestHistory('startsAndTakesBack'));
  const answer = completed(await sandbox.executor.runTask(history.task()));
  expect(kindsOf(answer)).toEqual(['completeWorkflowExecution']);
  expect(resultOf(answer)).toBe('[true,true]');
});

test('the end of an activity that nobody waits for any more is ignored', async () => {
  const history = await started('withTimeout');
  const timer = history.timerStarted('1', 10_000);
  const activity = history.activityScheduled('greet', '1', ['slow']);
  history.timerFired('1', timer);
  history.activityCompleted(activity, 'too late');
  const answer = completed(await sandbox.executor.runTask(history.task()));
  expect(resultOf(answer)).toBe('timed out');
});
