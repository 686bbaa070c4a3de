import { afterAll, beforeAll, expect, test } from 'vitest';
import { startExecutor, type TestExecutor } from './executor.js';
import { completed, kindsOf, resultOf, TestHistory } from './test-history.js';

let sandbox: TestExecutor;
beforeAll(async () => {
  sandbox = await startExecutor();
});
afterAll(() => sandbox.executor.close());

async function run(history: TestHistory) {
  return completed(await sandbox.executor.runTask(history.task()));
}

test('sleep is a durable timer, and the time that passed is the time of the tasks [workflow.sleep determinism.date]', async () => {
  const history = sandbox.follow(new TestHistory('napThenAnswer', [5_000]));
  const first = await run(history);
  expect(first.commands[0]?.startTimer).toMatchObject({ timerId: '1', startToFireTimeoutMs: 5_000 });
  history.completeTask(first);
  const timer = history.timerStarted('1', 5_000);
  history.timerFired('1', timer);
  const second = await run(history);
  expect(resultOf(second)).toBe(`slept ${second.startedAt - first.startedAt}`);
});

test('a timer lasts at least a millisecond [workflow.sleep]', async () => {
  const history = sandbox.follow(new TestHistory('napThenAnswer', [0]));
  expect((await run(history)).commands[0]?.startTimer?.startToFireTimeoutMs).toBe(1);
});

test('a condition is looked at after each thing that happens [workflow.condition determinism.conditions-between-jobs]', async () => {
  const history = sandbox.follow(new TestHistory('waitForGo'));
  const first = await run(history);
  expect(kindsOf(first)).toEqual([]);
  history.completeTask(first);
  history.signal('unrelated');
  const second = await run(history);
  expect(kindsOf(second)).toEqual([]);
  history.completeTask(second);
  history.signal('go');
  expect(resultOf(await run(history))).toBe('gone');
});

test('a condition with a time-out tells which came first, and puts its timer away [workflow.condition-timeout]', async () => {
  const inTime = sandbox.follow(new TestHistory('waitForGo', ['1 minute']));
  inTime.completeTask(await run(inTime));
  inTime.timerStarted('1', 60_000);
  inTime.signal('go');
  const met = await run(inTime);
  expect(kindsOf(met)).toEqual(['cancelTimer', 'completeWorkflowExecution']);
  expect(resultOf(met)).toBe('gone');

  const late = sandbox.follow(new TestHistory('waitForGo', ['1 minute']));
  late.completeTask(await run(late));
  late.timerFired('1', late.timerStarted('1', 60_000));
  late.signal('unrelated');
  expect(resultOf(await run(late))).toBe('timed out');
});

test('a condition that is met at once starts no timer [workflow.condition]', async () => {
  const history = sandbox.follow(new TestHistory('waitForGo', ['1 minute']));
  history.signal('go');
  const answer = await run(history);
  expect(kindsOf(answer)).toEqual(['completeWorkflowExecution']);
  expect(resultOf(answer)).toBe('gone');
});

test('setTimeout is a durable timer, and clearTimeout takes it back without a trace [determinism.timers]', async () => {
  const history = sandbox.follow(new TestHistory('setTimeoutOrder'));
  const first = await run(history);
  const timers = first.commands.map(({ startTimer }) => startTimer);
  expect(timers).toMatchObject([
    { timerId: '2', startToFireTimeoutMs: 50 },
    { timerId: '3', startToFireTimeoutMs: 20 },
  ]);
  history.completeTask(first);
  const late = history.timerStarted('2', 50);
  const early = history.timerStarted('3', 20);
  history.timerFired('3', early);
  history.completeTask(await run(history));
  history.timerFired('2', late);
  expect(resultOf(await run(history))).toEqual(['early', 'late']);
});

test('a timer that fired while its cancellation was on the way does nothing', async () => {
  const history = sandbox.follow(new TestHistory('waitForGo', ['1 minute']));
  history.completeTask(await run(history));
  const timer = history.timerStarted('1', 60_000);
  history.signal('go');
  const met = await run(history);
  // Fired after the task was cut, refused as unhandled, and given to the next task with all before it.
  history.timerFired('1', timer);
  expect(kindsOf(met)).toEqual(['cancelTimer', 'completeWorkflowExecution']);
  const again = await run(history);
  expect(resultOf(again)).toBe('gone');
  expect(sandbox.fetched).toContain(history.runId);
});
