import { afterAll, beforeAll, expect, test } from 'vitest';
import { startExecutor, type TestExecutor } from './executor.js';
import { answerOf, completed, decoded, kindsOf, TestHistory } from './test-history.js';

let sandbox: TestExecutor;
beforeAll(async () => {
  sandbox = await startExecutor();
});
afterAll(() => sandbox.executor.close());

async function asking(): Promise<TestHistory> {
  const history = sandbox.follow(new TestHistory('asksItself'));
  history.signal('name', 'first');
  history.completeTask(completed(await sandbox.executor.runTask(history.task())));
  return history;
}

async function ask(history: TestHistory, name: string, ...args: unknown[]) {
  return answerOf(await sandbox.executor.runTask(history.query(name, ...args)));
}

test('a query reads the state of a run, with arguments [workflow.queries]', async () => {
  const history = await asking();
  expect(decoded((await ask(history, 'state')).result)).toEqual(['first']);
  expect(decoded((await ask(history, 'echo', 'ab', 2)).result)).toBe('abab');
  expect(sandbox.fetched).not.toContain(history.runId);
});

test('a query of a run that is not cached replays its history', async () => {
  const history = await asking();
  const other = await startExecutor();
  other.follow(history);
  const answer = answerOf(await other.executor.runTask(history.query('state')));
  expect(decoded(answer.result)).toEqual(['first']);
  // The replayed run is kept: its next task needs no history.
  history.signal('name', 'end');
  expect(kindsOf(completed(await other.executor.runTask(history.task())))).toEqual(['completeWorkflowExecution']);
  expect(other.fetched).toEqual([history.runId]);
  await other.executor.close();
});

test('a query of a run that has no completed task yet runs its code on what there is', async () => {
  const history = sandbox.follow(new TestHistory('asksItself'));
  history.signal('name', 'early');
  expect(decoded((await ask(history, 'state')).result)).toEqual(['early']);
});

test('an unknown query names those that are registered [client.query-not-registered]', async () => {
  const answer = await ask(await asking(), 'nonsense');
  expect(answer).toMatchObject({ unknownQuery: true, result: null });
  expect(answer.failure?.message).toBe(
    'Workflow did not register a handler for nonsense. Registered queries: [__stack_trace __enhanced_stack_trace __temporal_workflow_metadata state async greedy echo]',
  );
});

test('a query handler can neither wait nor give commands [workflow.query-isolation]', async () => {
  const history = await asking();
  const waiting = await ask(history, 'async');
  expect(waiting.failure?.message).toContain('should not return a Promise');
  const greedy = await ask(history, 'greedy');
  expect(greedy.failure?.message).toContain('a query handler must only read');
  history.signal('name', 'end');
  const answer = completed(await sandbox.executor.runTask(history.task()));
  expect(kindsOf(answer)).toEqual(['completeWorkflowExecution']);
});
