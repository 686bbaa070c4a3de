import { fileURLToPath } from 'node:url';
import { afterEach, expect, test } from 'vitest';
import { bundleWorkflowCode } from '../../sdk/worker/bundler.js';
import { startExecutor, type TestExecutor } from './executor.js';
import { answerOf, completed, resultOf, TestHistory } from './test-history.js';

const bundle = bundleWorkflowCode({ workflowsPath: fileURLToPath(new URL('./versions/readers.ts', import.meta.url)) });
const workers: TestExecutor[] = [];
afterEach(() => Promise.all(workers.splice(0).map(({ executor }) => executor.close())));

async function startWorker(history: TestHistory): Promise<TestExecutor> {
  const worker = await startExecutor(await bundle);
  workers.push(worker);
  worker.follow(history);
  return worker;
}

test('what a query or a validator draws at random is not missed by a replay, which does not ask again [determinism.random]', async () => {
  const history = new TestHistory('drawsWhileReading', []);
  const { executor } = await startWorker(history);
  history.recordUpdates(completed(await executor.runTask(history.task())));
  history.update('drawn');
  history.recordUpdates(completed(await executor.runTask(history.task())));
  const answers = [await executor.runTask(history.query('draw')), await executor.runTask(history.query('draw'))];
  expect(answers.map((answer) => answerOf(answer).failure)).toEqual([null, null]);
  history.signal('next');
  const live = resultOf(completed(await executor.runTask(history.task())));
  const other = await startWorker(history);
  expect(resultOf(completed(await other.executor.runTask(history.task())))).toEqual(live);
  expect(other.fetched).toEqual([history.runId]);
});

test('a query that waits leaves nothing behind that the run would go on waiting for', async () => {
  const history = new TestHistory('drawsWhileReading', []);
  const { executor } = await startWorker(history);
  history.completeTask(completed(await executor.runTask(history.task())));
  const answer = answerOf(await executor.runTask(history.query('wait')));
  expect(answer.failure?.message).toContain('must only read');
});
