import { afterAll, beforeAll, expect, test } from 'vitest';
import { startExecutor, type TestExecutor } from './executor.js';
import { completed, resultOf, TestHistory } from './test-history.js';

let sandbox: TestExecutor;
beforeAll(async () => {
  sandbox = await startExecutor();
});
afterAll(() => sandbox.executor.close());

async function run(history: TestHistory) {
  return completed(await sandbox.executor.runTask(history.task()));
}

test('signals that come before their handler are given to it in order, inside setHandler [workflow.signals workflow.signal-buffering determinism.start-order]', async () => {
  const history = sandbox.follow(new TestHistory('collectNames'));
  history.signal('name', 'a').signal('name', 'b').signal('name', 'end');
  expect(resultOf(await run(history))).toEqual(['main', 'a', 'b', 'end', 'set']);
});

test('signals are applied before whatever else the task brings [determinism.activation-order]', async () => {
  const history = sandbox.follow(new TestHistory('waitForGo', ['1 minute']));
  history.completeTask(await run(history));
  history.timerFired('1', history.timerStarted('1', 60_000));
  history.signal('go');
  expect(resultOf(await run(history))).toBe('gone');
});

test('a signal that comes while a task is under way belongs to the next one, on the live run and on replay', async () => {
  const history = sandbox.follow(new TestHistory('collectNames'));
  const first = await run(history);
  // Before WorkflowTaskStarted in the history, and yet not seen by that task.
  history.signal('name', 'between');
  history.completeTask(first);
  history.completeTask(await run(history));
  history.signal('name', 'end');
  expect(resultOf(await run(history))).toEqual(['main', 'set', 'between', 'end']);

  const other = await startExecutor();
  other.follow(history);
  expect(resultOf(completed(await other.executor.runTask(history.cut(2))))).toEqual(['main', 'set', 'between', 'end']);
  expect(other.fetched).toEqual([history.runId]);
  await other.executor.close();
});

test('a Trigger settled by a signal resumes the workflow [workflow.trigger]', async () => {
  const history = sandbox.follow(new TestHistory('waitsOnTrigger'));
  history.completeTask(await run(history));
  history.signal('name', 'pulled');
  expect(resultOf(await run(history))).toBe('pulled');
});
