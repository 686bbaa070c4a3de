import { expect, test } from 'vitest';
import { runIdOf } from '../../sdk/worker/sandbox/task-run-id.js';
import { startExecutor } from './executor.js';
import { completed, failed, kindsOf, resultOf, TestHistory } from './test-history.js';

test('runs are divided among threads and keep to theirs [worker.workflow-threads]', async () => {
  const { executor, follow } = await startExecutor({ threads: 2 });
  const histories = Array.from({ length: 8 }, () => follow(new TestHistory('tellsItsThread')));
  const threads = new Map<TestHistory, unknown>();
  for (const history of histories) {
    const first = completed(await executor.runTask(history.task()));
    threads.set(history, first.commands[0]?.startTimer?.startToFireTimeoutMs);
    history.completeTask(first);
  }
  expect(new Set(threads.values()).size).toBe(2);
  for (const [history, thread] of threads) {
    history.timerFired('1', history.timerStarted('1', Number(thread)));
    expect(resultOf(completed(await executor.runTask(history.task())))).toBe(thread);
  }
  await executor.close();
});

test('a run that hung goes on in a thread beside, and no longer takes the time of the others [determinism.endless-loop]', async () => {
  const { executor, follow, fetched } = await startExecutor({ codeTimeoutMs: 300, threads: 1 });
  const stuck = new TestHistory('neverYields');
  const task = stuck.task();
  expect(failed(await executor.runTask(task)).cause).toBe('WORKFLOW_CODE_TIMEOUT');

  const open = follow(new TestHistory('hello', ['Ada']));
  open.completeTask(completed(await executor.runTask(open.task())));
  open.activityCompleted(open.activityScheduled('greet', '1', ['Ada']), 'Hi');
  const order: string[] = [];
  const again = executor.runTask(stuck.cut(2)).finally(() => order.push('stuck'));
  const hello = executor.runTask(open.task()).finally(() => order.push('hello'));
  expect(resultOf(completed(await hello))).toBe('Hi!');
  expect(failed(await again).cause).toBe('WORKFLOW_CODE_TIMEOUT');
  expect(order).toEqual(['hello', 'stuck']);
  // The other run's thread was left alone, and so was its cache.
  expect(fetched).toEqual([]);
  await executor.close();
});

test('code that takes all memory fails its task by saying so, and hurts no other run', async () => {
  const { executor, follow } = await startExecutor({ threads: 1, maxHeapMb: 64 });
  const hog = new TestHistory('takesAllMemory');
  const open = follow(new TestHistory('hello', ['Ada']));
  const [down, hello] = await Promise.all([executor.runTask(hog.task()), executor.runTask(open.task())]);
  expect(failed(down)).toMatchObject({
    cause: 'WORKFLOW_WORKER_UNHANDLED_FAILURE',
    failure: { message: expect.stringContaining('workflow code used more memory than its thread may have, 64 MB') },
  });
  expect(kindsOf(completed(hello))).toEqual(['scheduleActivityTask']);
  await executor.close();
});

test('so does code that takes all memory for buffers, which are no part of the heap', async () => {
  const { executor } = await startExecutor({ threads: 1, maxHeapMb: 64, codeTimeoutMs: 10_000 });
  const down = failed(await executor.runTask(new TestHistory('takesAllBuffers').task()));
  expect(down.failure.message).toContain('workflow code used more memory than its thread may have, 64 MB');
  const hello = await executor.runTask(new TestHistory('hello', ['Ada']).task());
  expect(kindsOf(completed(hello))).toEqual(['scheduleActivityTask']);
  await executor.close();
});

test('no more runs are kept than maxCachedWorkflows says [worker.cache]', async () => {
  const { executor, follow, fetched } = await startExecutor({ threads: 1, maxCachedRuns: 1 });
  const [first, second] = [follow(new TestHistory('hello', ['A'])), follow(new TestHistory('hello', ['B']))];
  for (const history of [first, second]) history.completeTask(completed(await executor.runTask(history.task())));
  for (const history of [second, first]) {
    history.activityCompleted(history.activityScheduled('greet', '1'), 'Hi');
    expect(resultOf(completed(await executor.runTask(history.task())))).toBe('Hi!');
  }
  expect(fetched).toEqual([first.runId]);
  await executor.close();
});

test("a task's run is found without decoding the task", () => {
  const history = new TestHistory('hello', [], `grüße-${'x'.repeat(200)}`);
  expect(runIdOf(history.task())).toBe(history.runId);
  expect(runIdOf(history.query('state'))).toBe(history.runId);
  expect(runIdOf(Buffer.from('nonsense'))).toBeUndefined();
  expect(runIdOf(Buffer.alloc(5))).toBeUndefined();
});
