import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import { Connection } from '../../sdk/client/connection.js';
import { emptyFailure } from '../../sdk/common/failure/empty-failure.js';
import { historyFromJSON, historyToJSON } from '../../sdk/common/lib/proto-utils.js';
import { bundleWorkflowCode } from '../../sdk/worker/bundler.js';
import { ReplayError } from '../../sdk/worker/errors.js';
import type { ReplayWorkerOptions } from '../../sdk/worker/replay.js';
import { Worker } from '../../sdk/worker/worker.js';
import { DeterminismViolationError } from '../../sdk/workflow/errors.js';
import { bundleOfTests } from '../sandbox/executor.js';
import { payload, TestHistory } from '../sandbox/test-history.js';

const changed = bundleWorkflowCode({
  workflowsPath: fileURLToPath(new URL('../sandbox/changed-workflows.ts', import.meta.url)),
});
const asTested = async (): Promise<ReplayWorkerOptions> => ({ workflowBundle: await bundleOfTests() });
const asChanged = async (): Promise<ReplayWorkerOptions> => ({ workflowBundle: await changed });

/** A whole history of `hello`. */
function closedHello(): TestHistory {
  const history = new TestHistory('hello', ['Ada']);
  history.task();
  history.completeTask({ seenEventId: 2, startedAt: history.now });
  history.activityCompleted(history.activityScheduled('greet', '1', ['Ada']), 'Hello Ada');
  history.task();
  const seenEventId = history.events.length;
  const workflowTaskCompletedEventId = history.completeTask({ seenEventId, startedAt: history.now });
  history.add('WorkflowExecutionCompleted', {
    result: payload('Hello Ada!'),
    workflowTaskCompletedEventId,
    newExecutionRunId: null,
  });
  return history;
}

async function rejection(promise: Promise<unknown>): Promise<Error> {
  return promise.then(
    () => expect.unreachable(),
    (error: Error) => error,
  );
}

async function gathered<T>(items: AsyncIterable<T>): Promise<T[]> {
  const all: T[] = [];
  for await (const item of items) all.push(item);
  return all;
}

describe('one history [worker.run-replay-history]', () => {
  test('replays as it was fetched, as JSON, and as what JSON.stringify makes of it', async () => {
    const history = closedHello();
    const text = JSON.stringify(historyToJSON({ events: history.events }));
    expect(historyToJSON(historyFromJSON(JSON.parse(text)))).toMatchObject(JSON.parse(text));
    await Worker.runReplayHistory(await asTested(), { events: history.events });
    await Worker.runReplayHistory(await asTested(), JSON.parse(text));
    await Worker.runReplayHistory(await asTested(), JSON.parse(JSON.stringify({ events: history.events })));
  });

  test('of code that does other things rejects, with both commands and the line', async () => {
    const error = await rejection(Worker.runReplayHistory(await asChanged(), closedHello()));
    expect(error).toBeInstanceOf(DeterminismViolationError);
    expect(error.message).toContain("history, expected: ScheduleActivityTask activity 'greet' (id 1)");
    expect(error.message).toContain('code, actual:      StartTimer timer 1 of 5000 ms');
    expect(error.message).toContain('given at test/sandbox/changed-workflows.ts:');
  });

  test('is compared to its very end, also where no task follows', async () => {
    const longer = closedHello();
    longer.events.splice(-1, 1);
    const error = await rejection(Worker.runReplayHistory(await asTested(), longer));
    expect(error.message).toContain('expected: nothing');
    expect(error.message).toContain('actual:      CompleteWorkflowExecution');
  });

  test('of code that fails, or hangs, rejects with that', async () => {
    const failing = (workflowType: string) => {
      const history = new TestHistory(workflowType);
      history.task();
      history.completeTask({ seenEventId: 2, startedAt: history.now });
      return history;
    };
    const error = await rejection(Worker.runReplayHistory(await asTested(), failing('failsByMistake')));
    expect(error).toBeInstanceOf(ReplayError);
    expect(error.message).toBe("Cannot read properties of undefined (reading 'name')");
    expect(error.stack).toMatch(/at failsByMistake \(test\/sandbox\/workflows\.ts:\d+:\d+\)/);

    const options = { ...(await asTested()), isolateExecutionTimeout: 300 };
    const hang = await rejection(Worker.runReplayHistory(options, failing('neverYields')));
    expect(hang.message).toContain('workflow code ran for 300 ms without yielding');

    const unknown = await rejection(Worker.runReplayHistory(await asTested(), failing('unheardOf')));
    expect(unknown.message).toContain("Failed to initialize workflow of type 'unheardOf'");
  });

  test('may be told another workflow id', async () => {
    const history = new TestHistory('tellsAboutItself');
    const [result] = await gathered(Worker.runReplayHistories(await asTested(), [{ workflowId: 'another', history }]));
    expect(result).toEqual({ workflowId: 'another', runId: history.runId });
  });

  test('replays on a bundle from a file, which plugins may name [worker.bundle]', async () => {
    const codePath = join(await mkdtemp(join(tmpdir(), 'millrace-bundle-')), 'workflows.js');
    await writeFile(codePath, (await bundleOfTests()).code);
    const plugin = { name: 'file', configureReplayWorker: () => ({ workflowBundle: { codePath } }) };
    await Worker.runReplayHistory({ plugins: [plugin] }, { events: closedHello().events });
    await rm(dirname(codePath), { recursive: true });
  });

  test('replays by what the worker says of errors and sinks [worker.workflow-failure-error-types worker.sinks]', async () => {
    const history = new TestHistory('failsByMistake');
    history.task();
    const workflowTaskCompletedEventId = history.completeTask({ seenEventId: 2, startedAt: history.now });
    const failure = emptyFailure('a mistake');
    const end = { failure, retryState: 'NON_RETRYABLE_FAILURE', workflowTaskCompletedEventId, newExecutionRunId: null };
    history.add('WorkflowExecutionFailed', end as never);
    await Worker.runReplayHistory(
      { ...(await asTested()), workflowFailureErrorTypes: { '*': ['TypeError'] } },
      history,
    );

    const told: string[] = [];
    const sinks = {
      teller: {
        tell: { fn: () => void told.push('tell') },
        always: { fn: (_info: unknown, what: string) => void told.push(what), callDuringReplay: true },
      },
    };
    const workflowsPath = fileURLToPath(new URL('./fixtures/telling-workflows.ts', import.meta.url));
    const telling = new TestHistory('tells');
    telling.task();
    telling.completeTask({ seenEventId: 2, startedAt: telling.now });
    await Worker.runReplayHistory({ workflowsPath, sinks }, telling);
    expect(told).toEqual(['begun']);
  });

  test("replays by the plugins of the options' connection too [worker.plugins]", async () => {
    const { code } = await bundleOfTests();
    const plugin = { name: 'bundle', configureReplayWorker: () => ({ workflowBundle: { code } }) };
    const connection = Connection.lazy({ plugins: [plugin] });
    await Worker.runReplayHistory({ connection }, { events: closedHello().events });
  });

  test('that is none is refused by name', async () => {
    const refused = async (history: unknown) =>
      (await rejection(Worker.runReplayHistory(await asTested(), history))).message;
    expect(await refused({})).toBe('Invalid history: expected an object with an array of events');
    expect(await refused({ events: [] })).toContain('its first event must be WorkflowExecutionStarted');
    expect(await refused({ events: [{ type: 'WorkflowExecutionBegun' }] })).toContain(
      "no event of type 'WorkflowExecutionBegun'",
    );
    const [event] = closedHello().events;
    expect(await refused({ events: [{ ...event, header: 5 }] })).toContain(
      'WorkflowExecutionStarted.header must be an object',
    );
  });
});

test('many histories have a result each, with the error of those that no longer match [worker.run-replay-histories]', async () => {
  const renamed = new TestHistory('hello', ['Ada']);
  renamed.task();
  renamed.completeTask({ seenEventId: 2, startedAt: renamed.now });
  renamed.timerStarted('1', 10);
  const histories = [closedHello(), renamed, closedHello()];
  async function* found() {
    for (const history of histories) yield { workflowId: history.workflowId, history };
  }
  const results = await gathered(Worker.runReplayHistories(await asTested(), found()));
  expect(results.map(({ runId }) => runId)).toEqual(histories.map(({ runId }) => runId));
  expect(results.map(({ error }) => error?.name)).toEqual([undefined, 'DeterminismViolationError', undefined]);
});

test('a history of 10,000 events replays [determinism.replay-same]', async () => {
  const history = new TestHistory('manySteps', [1_666]);
  history.task();
  history.completeTask({ seenEventId: 2, startedAt: history.now });
  for (let step = 1; step <= 1_666; step++) {
    history.activityCompleted(history.activityScheduled('count', String(step)), step);
    history.task();
    history.completeTask({ seenEventId: history.events.length, startedAt: history.now });
  }
  const workflowTaskCompletedEventId = history.events.length;
  history.add('WorkflowExecutionCompleted', {
    result: payload(0),
    workflowTaskCompletedEventId,
    newExecutionRunId: null,
  });
  expect(history.events.length).toBe(10_001);
  await Worker.runReplayHistory(await asTested(), history);
  // That it was all compared shows in what is found at its very end.
  history.events.splice(-1, 1);
  const error = await rejection(Worker.runReplayHistory(await asTested(), history));
  expect(error.message).toContain('actual:      CompleteWorkflowExecution');
}, 120_000);
