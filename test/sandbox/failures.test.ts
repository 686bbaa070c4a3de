import { afterAll, beforeAll, expect, test } from 'vitest';
import { ServiceError } from '../../sdk/client/index.js';
import { startExecutor, type TestExecutor } from './executor.js';
import { codec, completed, failed, kindsOf, resultOf, TestHistory } from './test-history.js';

let sandbox: TestExecutor;
beforeAll(async () => {
  sandbox = await startExecutor();
});
afterAll(() => sandbox.executor.close());

test('an ApplicationFailure fails the workflow [determinism.error-policy common.application-failure]', async () => {
  const answer = completed(await sandbox.executor.runTask(new TestHistory('failsOnPurpose').task()));
  const failure = answer.commands[0]?.failWorkflowExecution?.failure;
  expect(failure).toMatchObject({
    message: 'out of stock',
    applicationInfo: { failureType: 'OutOfStock', nonRetryable: true },
  });
  expect(failure?.stackTrace).toMatch(/test\/sandbox\/workflows\.ts:\d+:\d+/);
});

test('any other error fails the task, with a stack in terms of the sources [determinism.error-policy]', async () => {
  const outcome = await sandbox.executor.runTask(new TestHistory('failsByMistake').task());
  const { cause, failure } = failed(outcome);
  expect(cause).toBe('WORKFLOW_WORKER_UNHANDLED_FAILURE');
  expect(failure.message).toBe("Cannot read properties of undefined (reading 'name')");
  expect(failure.stackTrace).toMatch(/at failsByMistake \(test\/sandbox\/workflows\.ts:\d+:\d+\)/);
  expect(failure.stackTrace).not.toContain('millrace-workflow-runtime');
  expect(outcome).toMatchObject({ failure: { cause, message: failure.message } });
});

test('a rejection that nobody handles fails the task of its run, and of no other [determinism.unhandled-rejection]', async () => {
  const tasks = ['hello', 'forgetsRejection', 'hello'].map((type) =>
    sandbox.executor.runTask(new TestHistory(type, ['Ada']).task()),
  );
  const [before, forgetful, after] = await Promise.all(tasks);
  if (!before || !forgetful || !after) throw new Error('an outcome is missing');
  expect(failed(forgetful).failure).toMatchObject({
    message: 'Unhandled Promise rejection: Error: nobody listens',
    cause: { message: 'nobody listens', stackTrace: expect.stringContaining('at forgetsRejection') },
  });
  expect(kindsOf(completed(before))).toEqual(['scheduleActivityTask']);
  expect(kindsOf(completed(after))).toEqual(['scheduleActivityTask']);
});

test('an unknown workflow type fails the task and names what is registered', async () => {
  const { cause, failure } = failed(await sandbox.executor.runTask(new TestHistory('unheardOf').task()));
  expect(cause).toBe('WORKFLOW_TYPE_NOT_REGISTERED');
  expect(failure.message).toBe(
    "Failed to initialize workflow of type 'unheardOf': no such function is exported by the workflow bundle",
  );
  expect(failure.cause?.message).toContain('this worker has the workflows accumulates, ');
});

test('code that runs out of stack fails its task only', async () => {
  const { failure } = failed(await sandbox.executor.runTask(new TestHistory('runsOutOfStack').task()));
  expect(failure.message).toBe('Maximum call stack size exceeded');
});

test('code that never yields fails its task after the time allowed, and the others are carried out [determinism.endless-loop]', async () => {
  const { executor, follow, fetched } = await startExecutor({ codeTimeoutMs: 300 });
  const open = follow(new TestHistory('hello', ['Ada']));
  open.completeTask(completed(await executor.runTask(open.task())));
  open.activityCompleted(open.activityScheduled('greet', '1', ['Ada']), 'Hello Ada');

  const [stuck, hello] = await Promise.all([
    executor.runTask(new TestHistory('neverYields').task()),
    executor.runTask(open.task()),
  ]);
  const { cause, failure } = failed(stuck);
  expect(cause).toBe('WORKFLOW_CODE_TIMEOUT');
  expect(failure.message).toContain('workflow code ran for 300 ms without yielding');
  expect(resultOf(completed(hello))).toBe('Hello Ada!');
  // The thread was started anew, and its cache with it.
  expect(fetched).toEqual([open.runId]);
  await executor.close();
});

test('code that brings the thread down fails its task, and the others are carried out', async () => {
  const { executor } = await startExecutor();
  const [down, hello] = await Promise.all([
    executor.runTask(new TestHistory('bringsTheThreadDown').task()),
    executor.runTask(new TestHistory('hello', ['Ada']).task()),
  ]);
  expect(failed(down)).toMatchObject({
    cause: 'WORKFLOW_WORKER_UNHANDLED_FAILURE',
    failure: { message: 'workflow code brought the sandbox down: it exited with code 3' },
  });
  expect(kindsOf(completed(hello))).toEqual(['scheduleActivityTask']);
  await executor.close();
});

test('bytes that are no task are refused by name', async () => {
  await expect(sandbox.executor.runTask(Buffer.from('nonsense'))).rejects.toMatchObject({ code: 'TASK_UNREADABLE' });
  const [event] = new TestHistory('hello').encoded();
  await expect(sandbox.executor.runTask(event ?? Buffer.alloc(0))).rejects.toMatchObject({ code: 'TASK_UNREADABLE' });
});

test('a history that can not be read is reported as such, to be tried again', async () => {
  const history = new TestHistory('hello', ['Ada']);
  history.task();
  history.completeTask({ seenEventId: 2, startedAt: history.now });
  history.activityScheduled('greet', '1');
  await expect(sandbox.executor.runTask(history.task())).rejects.toMatchObject({
    code: 'HISTORY_UNAVAILABLE',
    retryable: true,
  });
});

test('a history that is past its retention is not worth another try', async () => {
  const history = new TestHistory('hello', ['Ada']);
  history.task();
  history.completeTask({ seenEventId: 2, startedAt: history.now });
  history.activityScheduled('greet', '1');
  const task = history.task();
  const fetchHistory = async () => {
    throw new ServiceError('HISTORY_EXPIRED', 'it is past the retention of its topic');
  };
  const late = await startExecutor({ fetchHistory });
  await expect(late.executor.runTask(task)).rejects.toMatchObject({ code: 'HISTORY_EXPIRED', retryable: false });
  await late.executor.close();
});

test('a history that ends before the task does is none: it is of an owner that has been replaced', async () => {
  const history = new TestHistory('hello', ['Ada']);
  history.task();
  history.completeTask({ seenEventId: 2, startedAt: history.now });
  history.activityScheduled('greet', '1');
  const task = history.task();
  const behind = await startExecutor({ fetchHistory: async () => history.encoded(1).slice(0, -1) });
  await expect(behind.executor.runTask(task)).rejects.toMatchObject({ code: 'HISTORY_UNAVAILABLE', retryable: true });
  await behind.executor.close();
});

test('a task is answered from a slice of a larger buffer', async () => {
  const task = new TestHistory('hello', ['Ada']).task();
  const pooled = Buffer.concat([Buffer.alloc(1_000), task, Buffer.alloc(1_000)]);
  const slice = pooled.subarray(1_000, 1_000 + task.length);
  expect(kindsOf(completed(await sandbox.executor.runTask(slice)))).toEqual(['scheduleActivityTask']);
  expect(codec.decode(slice).type).toBe('WorkflowTask');
});

test('tasks under way when the executor is closed are left for another delivery', async () => {
  const { executor } = await startExecutor();
  const task = executor.runTask(new TestHistory('neverYields').task());
  const refused = expect(task).rejects.toMatchObject({ code: 'EXECUTOR_CLOSED' });
  await executor.close();
  await refused;
  await expect(executor.runTask(new TestHistory('hello').task())).rejects.toMatchObject({ code: 'EXECUTOR_CLOSED' });
});
