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

test('a cancelled workflow cleans up in a scope that is not cancellable, and ends as cancelled [workflow.workflow-cancellation workflow.non-cancellable workflow.sleep-cancellation]', async () => {
  const history = sandbox.follow(new TestHistory('cancelledMidway'));
  history.completeTask(await run(history));
  const timer = history.timerStarted('1', 3_600_000);
  history.requestCancel();
  const cleaning = await run(history);
  expect(kindsOf(cleaning)).toEqual(['cancelTimer', 'scheduleActivityTask']);
  history.completeTask(cleaning);
  history.timerCanceled('1', timer);
  history.activityCompleted(history.activityScheduled('greet', '1'), 'done');
  expect(kindsOf(await run(history))).toEqual(['cancelWorkflowExecution']);
});

test('a workflow cancelled before its code begins is cancelled at its first wait [workflow.cancelled-before-start]', async () => {
  const history = sandbox.follow(new TestHistory('napThenAnswer', [1_000]));
  history.requestCancel();
  expect(kindsOf(await run(history))).toEqual(['cancelWorkflowExecution']);
});

test('a scope with a time-out cancels what runs in it [workflow.scope-timeout]', async () => {
  const history = sandbox.follow(new TestHistory('withTimeout'));
  const first = await run(history);
  expect(kindsOf(first)).toEqual(['startTimer', 'scheduleActivityTask']);
  history.completeTask(first);
  const timer = history.timerStarted('1', 10_000);
  history.activityScheduled('greet', '1');
  history.timerFired('1', timer);
  const second = await run(history);
  expect(kindsOf(second)).toEqual(['requestCancelActivityTask', 'completeWorkflowExecution']);
  expect(resultOf(second)).toBe('timed out');
});

test('a scope that ends in time puts its timer away [workflow.scope-timeout]', async () => {
  const history = sandbox.follow(new TestHistory('withTimeout'));
  history.completeTask(await run(history));
  history.timerStarted('1', 10_000);
  history.activityCompleted(history.activityScheduled('greet', '1'), 'hi');
  const answer = await run(history);
  expect(kindsOf(answer)).toEqual(['cancelTimer', 'completeWorkflowExecution']);
  expect(resultOf(answer)).toBe('hi');
});

test('scopes form a tree: cancelling one reaches its cancellable children only [workflow.cancellation-scope-tree]', async () => {
  const history = sandbox.follow(new TestHistory('scopeTree'));
  expect(resultOf(await run(history))).toEqual({
    outer: true,
    inner: true,
    shield: false,
    shieldAsked: 'Cancellation scope cancelled',
    underShield: false,
    current: true,
  });
});
