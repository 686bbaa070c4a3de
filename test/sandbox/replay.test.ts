import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { bundleWorkflowCode } from '../../sdk/worker/bundler.js';
import { startExecutor, type TestExecutor } from './executor.js';
import { completed, failed, kindsOf, resultOf, TestHistory } from './test-history.js';

let sandbox: TestExecutor;
let changed: TestExecutor;
beforeAll(async () => {
  sandbox = await startExecutor();
  const workflowsPath = fileURLToPath(new URL('./changed-workflows.ts', import.meta.url));
  changed = await startExecutor(await bundleWorkflowCode({ workflowsPath }));
});
afterAll(() => Promise.all([sandbox.executor.close(), changed.executor.close()]));

/** A history of `hello` as it is now, up to the activity's end; under another type for the changed code. */
function helloHistory(workflowType = 'hello'): TestHistory {
  const history = new TestHistory(workflowType, ['Ada']);
  history.task();
  history.completeTask({ seenEventId: 2, startedAt: history.now });
  history.activityCompleted(history.activityScheduled('greet', '1', ['Ada']), 'Hello Ada');
  return history;
}

test('a run replayed on another worker goes on as the live one does [determinism.replay-same]', async () => {
  const history = sandbox.follow(new TestHistory('manySteps', [20]));
  const other = await startExecutor();
  other.follow(history);
  for (let step = 1; step <= 20; step++) {
    const answer = completed(await sandbox.executor.runTask(history.task()));
    expect(kindsOf(answer)).toEqual(['scheduleActivityTask']);
    history.completeTask(answer);
    history.activityCompleted(history.activityScheduled('count', String(step)), step);
  }
  const last = history.task();
  const live = completed(await sandbox.executor.runTask(last));
  const replayed = completed(await other.executor.runTask(last));
  expect(resultOf(live)).toBe(210);
  expect(replayed.commands).toEqual(live.commands);
  expect(sandbox.fetched).toEqual([]);
  expect(other.fetched).toEqual([history.runId]);
  await other.executor.close();
});

test('a task delivered twice is answered twice the same', async () => {
  const history = sandbox.follow(new TestHistory('hello', ['Ada']));
  const task = history.task();
  const [first, second] = [await sandbox.executor.runTask(task), await sandbox.executor.runTask(task)];
  expect(completed(second).commands).toEqual(completed(first).commands);
  expect(completed(second).header.requestId).toBe(completed(first).header.requestId);
});

test('an answer that history did not take makes the cached run useless', async () => {
  const history = sandbox.follow(new TestHistory('collectNames'));
  history.signal('name', 'a').signal('name', 'end');
  const refused = completed(await sandbox.executor.runTask(history.task()));
  expect(resultOf(refused)).toEqual(['main', 'a', 'end', 'set']);
  history.signal('name', 'b');
  expect(resultOf(completed(await sandbox.executor.runTask(history.task())))).toEqual(['main', 'a', 'end', 'b', 'set']);
});

test('a cached run whose answer another attempt replaced is replayed', async () => {
  const history = sandbox.follow(new TestHistory('napThenAnswer', [10]));
  completed(await sandbox.executor.runTask(history.task()));
  // Another worker answered the second attempt, at a time of its own.
  history.cut(2);
  history.completeTask({ seenEventId: 2, startedAt: history.now + 5 });
  history.timerFired('1', history.timerStarted('1', 10));
  const answer = completed(await sandbox.executor.runTask(history.task()));
  expect(resultOf(answer)).toBe(`slept ${answer.startedAt - history.now - 5}`);
  expect(sandbox.fetched).toContain(history.runId);
});

test('events left out of a task that would be too large are asked for', async () => {
  const history = sandbox.follow(helloHistory());
  const whole = history.task();
  expect(resultOf(completed(await sandbox.executor.runTask(whole)))).toBe('Hello Ada!');
  const { codec } = await import('./test-history.js');
  const task = codec.decode(whole);
  if (task.type !== 'WorkflowTask') throw new Error('not a task');
  const light = codec.encode({ ...task, events: [] });
  expect(resultOf(completed(await sandbox.executor.runTask(light)))).toBe('Hello Ada!');
});

test('evicted runs are replayed, and the cache holds no more than its bound [determinism.eviction worker.cache]', async () => {
  const small = await startExecutor({ maxCachedBytes: 100_000 });
  const histories = Array.from({ length: 10 }, () => small.follow(new TestHistory('hello', ['Ada'])));
  for (const history of histories) history.completeTask(completed(await small.executor.runTask(history.task())));
  for (const history of histories) {
    history.activityCompleted(history.activityScheduled('greet', '1', ['Ada']), 'Hi');
    expect(resultOf(completed(await small.executor.runTask(history.task())))).toBe('Hi!');
  }
  expect(small.fetched.length).toBeGreaterThan(0);
  await small.executor.close();
});

test('time never runs backwards for a run, whatever the clock of its worker', async () => {
  const history = sandbox.follow(new TestHistory('napThenAnswer', [10]));
  const future = Date.now() + 1_000_000;
  history.now = future;
  expect(completed(await sandbox.executor.runTask(history.task())).startedAt).toBe(future);
});

test('code that no longer matches its history fails the task, with both commands and the line of code [determinism.command-mismatch]', async () => {
  const history = changed.follow(helloHistory());
  const { cause, failure } = failed(await changed.executor.runTask(history.task()));
  expect(cause).toBe('NON_DETERMINISTIC_ERROR');
  expect(failure.message.split('\n')).toEqual([
    "[TMPRL1100] Nondeterminism error: the workflow's code no longer matches its history.",
    "  history, expected: ScheduleActivityTask activity 'greet' (id 1) (event 5, ActivityTaskScheduled)",
    '  code, actual:      StartTimer timer 1 of 5000 ms',
    '  given at test/sandbox/changed-workflows.ts:7:9',
    '    await sleep(5_000);',
  ]);
});

test('another activity type is told apart, and so is a command that is missing or too many [determinism.missing-command]', async () => {
  const renamed = changed.follow(helloHistory('renamed'));
  expect(failed(await changed.executor.runTask(renamed.task())).failure.message).toContain(
    "code, actual:      ScheduleActivityTask activity 'welcome' (id 1)",
  );

  const shorter = changed.follow(helloHistory('shorter'));
  const { message } = failed(await changed.executor.runTask(shorter.task())).failure;
  expect(message).toContain("expected: ScheduleActivityTask activity 'greet'");
  expect(message).toContain('actual:      CompleteWorkflowExecution');

  const longer = changed.follow(new TestHistory('renamed', ['Ada']));
  longer.task();
  longer.completeTask({ seenEventId: 2, startedAt: longer.now });
  longer.signal('anything');
  const extra = failed(await changed.executor.runTask(longer.task())).failure.message;
  expect(extra).toContain('expected: nothing');
  expect(extra).toContain("actual:      ScheduleActivityTask activity 'welcome'");
});

test('a cached run that gave other commands than history has is replayed before it is blamed', async () => {
  const history = sandbox.follow(new TestHistory('hello', ['Ada']));
  history.completeTask(completed(await sandbox.executor.runTask(history.task())));
  history.timerStarted('1', 5_000);
  const { cause, failure } = failed(await sandbox.executor.runTask(history.task()));
  expect(cause).toBe('NON_DETERMINISTIC_ERROR');
  expect(failure.message).toContain('expected: StartTimer timer 1 of 5000 ms (event 5, TimerStarted)');
  expect(failure.message).toContain('given at test/sandbox/workflows.ts:');
});

test('lines logged on replay are dropped [workflow.log determinism.console]', async () => {
  const history = sandbox.follow(new TestHistory('logsAround'));
  history.task();
  history.completeTask({ seenEventId: 2, startedAt: history.now });
  history.activityCompleted(history.activityScheduled('count', '1'), 1);
  completed(await sandbox.executor.runTask(history.task()));
  const mine = sandbox.logged.filter(({ facts }) => facts.runId === history.runId);
  expect(mine).toMatchObject([{ level: 'info', message: 'after', facts: { step: 2, runId: history.runId } }]);
});
