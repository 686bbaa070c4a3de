import { afterAll, beforeAll, expect, test } from 'vitest';
import { startExecutor, type TestExecutor } from './executor.js';
import { completed, failed, resultOf, TestHistory } from './test-history.js';

let sandbox: TestExecutor;
beforeAll(async () => {
  sandbox = await startExecutor();
});
afterAll(() => sandbox.executor.close());

async function run(history: TestHistory) {
  return completed(await sandbox.executor.runTask(history.task()));
}

/** Runs workflows that sleep once, one task after the other, so that each is left and entered again. */
async function interleaved(histories: readonly TestHistory[]): Promise<unknown[]> {
  for (const history of histories) history.completeTask(await run(sandbox.follow(history)));
  const results: unknown[] = [];
  for (const history of histories) {
    history.timerFired('1', history.timerStarted('1', 1));
    results.push(resultOf(await run(history)));
  }
  return results;
}

test('each run has its own module state [determinism.isolation]', async () => {
  const histories = [1, 2, 3].map(() => new TestHistory('countsInModule'));
  expect(await interleaved(histories)).toEqual([2, 2, 2]);
});

test('each run has its own global object, kept between its tasks [determinism.isolation]', async () => {
  const histories = ['a', 'b'].map((own) => new TestHistory('usesGlobals', [own]));
  expect(await interleaved(histories)).toEqual([
    { before: null, after: 'a', free: 'a' },
    { before: null, after: 'b', free: 'b' },
  ]);
});

test('what runs share can not be changed [determinism.isolation]', async () => {
  const history = new TestHistory('changesBuiltIns');
  expect(resultOf(await run(history))).toEqual(Array(6).fill('TypeError'));
});

test('properties inherited from frozen prototypes can be overridden by assignment', async () => {
  const history = new TestHistory('overridesInherited');
  expect(resultOf(await run(history))).toEqual({
    name: 'OwnError',
    text: 'OwnError: mine',
    object: 'own text',
    keys: ['toString'],
  });
});

test('time and randomness are the same on replay, and differ between runs [determinism.random workflow.uuid4]', async () => {
  const history = sandbox.follow(new TestHistory('isDeterministic'));
  const first = await run(history);
  history.completeTask(first);
  history.activityCompleted(history.activityScheduled('count', '1'), 1);
  const last = history.task();
  const live = completed(await sandbox.executor.runTask(last));
  const facts = resultOf(live) as Record<string, unknown>;
  expect(facts).toMatchObject({ now: first.startedAt, date: new Date(first.startedAt).toISOString() });
  expect(facts.uuid).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
  expect(facts.perf).toBe(live.startedAt - history.now);

  const other = await startExecutor();
  other.follow(history);
  const { later, perf, ...lasting } = resultOf(completed(await other.executor.runTask(last))) as typeof facts;
  expect(facts).toMatchObject(lasting);
  expect([later, perf].every((time) => typeof time === 'number')).toBe(true);
  await other.executor.close();

  const another = new TestHistory('isDeterministic');
  another.task();
  another.completeTask({ seenEventId: 2, startedAt: another.now });
  another.activityCompleted(another.activityScheduled('count', '1'), 1);
  const elsewhere = resultOf(await run(sandbox.follow(another))) as typeof facts;
  expect(elsewhere.random).not.toBe(facts.random);
});

test('a deterministic set of Web APIs is there, and the rest is absent [determinism.web-apis]', async () => {
  expect(resultOf(await run(new TestHistory('usesWebApis')))).toEqual({
    url: '1',
    text: 'grüße',
    isOwnRealm: true,
    base64: 'abc',
    aborted: 'AbortError',
    copied: true,
    random: 4,
    weakRef: 'DeterminismViolationError',
    fetch: 'undefined',
  });
});

test('what is disposed of, aborted or collected is deterministic [determinism.forbidden-globals]', async () => {
  const history = sandbox.follow(new TestHistory('disposesAndAborts'));
  history.completeTask(await run(history));
  const started = history.timerStarted('1', 1_000);
  history.timerFired('2', history.timerStarted('2', 5));
  expect(started).toBeGreaterThan(0);
  history.now += 10;
  expect(resultOf(await run(history))).toEqual({
    events: ['uses a object', 'disposed later', 'disposed', 'any'],
    reason: 'Error: first',
    timeout: 'TimeoutError',
    query: 'a=1&b=%C3%A4',
    perf: true,
    uuid: 36,
    registry: 'DeterminismViolationError',
    weak: 1,
  });
});

test('AsyncLocalStorage follows the code of each run through its waits [determinism.web-apis]', async () => {
  const histories = ['a', 'b'].map((own) => sandbox.follow(new TestHistory('usesAsyncLocalStorage', [own])));
  for (const history of histories) history.completeTask(await run(history));
  for (const history of histories) {
    const started = ['1', '2'].map((timerId) => history.timerStarted(timerId, 1));
    history.timerFired('2', started[1] ?? 0).timerFired('1', started[0] ?? 0);
  }
  const results: unknown[] = [];
  for (const history of histories) results.push(resultOf(await run(history)));
  expect(results).toEqual(['a', 'b'].map((own) => [[`${own} 1`, 'inner', 'none'], `${own} 2`, 'none', 'entered']));
});

test('what is absent says what to do instead [determinism.absent-globals]', async () => {
  const { failure } = failed(await sandbox.executor.runTask(new TestHistory('callsFetch').task()));
  expect(failure.message).toBe(
    'fetch is not defined. Workflow code has no fetch, since a replay could not repeat it: ' +
      'do it in an activity and call that through proxyActivities.',
  );
});

test('workflowInfo tells about the run [workflow.workflow-info]', async () => {
  const history = new TestHistory('tellsAboutItself');
  expect(resultOf(await run(history))).toEqual({
    workflowId: history.workflowId,
    runId: history.runId,
    workflowType: 'tellsAboutItself',
    taskQueue: 'queue',
    namespace: 'test',
    attempt: 1,
    historyLength: 2,
    start: history.now,
  });
});
