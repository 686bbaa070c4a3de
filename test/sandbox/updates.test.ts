import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { WorkflowCommand } from '../../schemas/generated/messages.js';
import { startExecutor, type TestExecutor } from './executor.js';
import { answerOf, completed, decoded, failed, kindsOf, resultOf, TestHistory } from './test-history.js';

let sandbox: TestExecutor;
beforeAll(async () => {
  sandbox = await startExecutor();
});
afterAll(() => sandbox.executor.close());

const execute = (history: TestHistory, on = sandbox) => on.executor.runTask(history.task());
const begin = (type: string, ...args: unknown[]) => sandbox.follow(new TestHistory(type, args));

/** A run that has been told of its start. */
async function begun(type: string, ...args: unknown[]): Promise<TestHistory> {
  const history = begin(type, ...args);
  return history.recordUpdates(completed(await execute(history)));
}

/** What the commands say about updates, in a few words. */
function saying(commands: readonly WorkflowCommand[]): unknown[] {
  return commands.flatMap(({ acceptUpdate, rejectUpdate, completeUpdate }) => {
    if (acceptUpdate !== null) return ['accepted'];
    if (rejectUpdate !== null) return [`rejected: ${rejectUpdate.failure.message}`];
    if (completeUpdate === null) return [];
    return [completeUpdate.failure === null ? decoded(completeUpdate.result) : completeUpdate.failure.message];
  });
}

test('an update is accepted and completed by its handler [workflow.updates]', async () => {
  const history = await begun('accumulates');
  history.update('add', 3).update('add', 4);
  const answer = completed(await execute(history));
  expect(saying(answer.commands)).toEqual(['accepted', 'accepted', 3, 7]);
});

test('a validator that throws rejects the update, and the handler never runs [workflow.update-validator]', async () => {
  const history = await begun('accumulates');
  history.update('add', -1).update('add', 5);
  const answer = completed(await execute(history));
  expect(saying(answer.commands)).toEqual(['rejected: not positive', 'accepted', 5]);
  expect(answer.commands.find(({ rejectUpdate }) => rejectUpdate !== null)?.rejectUpdate?.failure).toMatchObject({
    applicationInfo: { failureType: 'Invalid' },
  });
});

test('a validator may not give commands, what it returns is ignored, and the handler gets arguments that it has not touched', async () => {
  const history = await begun('badValidators');
  history.timerStarted('1', 86_400_000);
  history.update('greedy').update('async').update('spoils', { name: 'Ada' });
  const answer = completed(await execute(history));
  const said = saying(answer.commands);
  expect(said).toContainEqual(expect.stringContaining('a validator must only read'));
  expect(answer.commands.flatMap(({ rejectUpdate }) => rejectUpdate ?? [])).toMatchObject([
    { failure: { applicationInfo: { failureType: 'DeterminismViolationError' } } },
  ]);
  expect(kindsOf(answer).filter((kind) => kind === 'acceptUpdate')).toHaveLength(2);
  expect(said.at(-1)).toBe('Ada');
  expect(kindsOf(answer)).not.toContain('scheduleActivityTask');
});

describe('an error in an update handler [workflow.update-failure]', () => {
  test('fails the update when it is a TemporalFailure', async () => {
    const history = await begun('accumulates');
    const answer = completed(await execute(history.update('add', 99)));
    expect(saying(answer.commands)).toEqual(['accepted', 'too much']);
    history.recordUpdates(answer).signal('end');
    expect(resultOf(completed(await execute(history)))).toBe(0);
  });

  test('fails the workflow task when it is any other', async () => {
    const history = await begun('accumulates');
    expect(failed(await execute(history.update('add', 13)))).toMatchObject({
      cause: 'WORKFLOW_WORKER_UNHANDLED_FAILURE',
      failure: { message: 'a bug' },
    });
  });
});

describe('updates that come before their handler [workflow.update-buffering]', () => {
  test('are given to it inside setHandler, after the signals', async () => {
    const history = begin('ordersHandlers');
    history.update('add', 1).signal('note', 'first').update('add', 2).signal('note', 'last');
    const answer = completed(await execute(history));
    expect(resultOf(answer)).toEqual([
      'main',
      'update 1',
      'update 2',
      'after update',
      'signal first',
      'signal last',
      'after signal',
    ]);
  });

  test('are rejected when there is none at the end of the task', async () => {
    const history = await begun('asksItself');
    const answer = completed(await execute(history.update('nobody')));
    expect(saying(answer.commands)).toEqual(['rejected: No registered handler for update: nobody']);
  });
});

test('currentUpdateInfo is that of the update, after waits too [workflow.current-update-info]', async () => {
  const history = await begun('updatesSlowly');
  history.update('add', 1);
  const answer = completed(await execute(history));
  expect(kindsOf(answer)).toEqual(['acceptUpdate', 'scheduleActivityTask']);
  const updateId = answer.commands[0]?.acceptUpdate?.updateId;
  history.recordUpdates(answer);
  history.activityCompleted(history.activityScheduled('count', '1'), 41);
  const next = completed(await execute(history));
  expect(saying(next.commands)).toEqual([42]);
  history.recordUpdates(next).signal('end');
  expect(resultOf(completed(await execute(history)))).toEqual(['begin add', `end ${updateId}`]);
});

describe('on replay', () => {
  test('updates that were accepted run again, without their validators [determinism.validators-on-replay]', async () => {
    const history = await begun('accumulates');
    history.update('add', 3).update('add', -1).update('add', 4);
    history.recordUpdates(completed(await execute(history)));
    history.signal('end');
    const other = await startExecutor();
    other.follow(history);
    expect(resultOf(completed(await other.executor.runTask(history.task())))).toBe(7);
    expect(other.logged.filter(({ message }) => message === 'validating')).toEqual([]);
    await other.executor.close();
  });

  test('an update whose handler is gone is nondeterminism, and says which', async () => {
    const history = new TestHistory('asksItself');
    history.task();
    history.update('add', 1);
    const workflowTaskCompletedEventId = history.completeTask({ seenEventId: 2, startedAt: history.now });
    const update = { updateId: 'u', updateName: 'add', input: [], headers: {} };
    history.add('WorkflowExecutionUpdateAccepted', { update, identity: 'client', workflowTaskCompletedEventId });
    sandbox.follow(history);
    const answer = failed(await sandbox.executor.runTask(history.task()));
    expect(answer.cause).toBe('NON_DETERMINISTIC_ERROR');
    expect(answer.failure.message).toContain("history, expected: AcceptUpdate update 'add' (id u)");
  });
});

describe('default handlers', () => {
  test('are given the signals and updates that have no handler of their own [workflow.default-signal-handler workflow.default-update-handler]', async () => {
    const history = await begun('handlesAnything');
    history.signal('other', 1).signal('note', 'a').update('any', 2).update('add', 3);
    history.timerFired('1', history.timerStarted('1', 1));
    history.recordUpdates(completed(await execute(history)));
    history.signal('later').signal('end');
    expect(resultOf(completed(await execute(history)))).toEqual([
      ['note', 'a'],
      ['add', 3],
      ['signal', 'other', 1],
      ['update', 'any', 2],
      ['signal', 'later'],
    ]);
  });

  test('answer queries by name [workflow.default-query-handler]', async () => {
    const history = await begun('handlesAnything');
    history.timerFired('1', history.timerStarted('1', 1));
    history.recordUpdates(completed(await execute(history)));
    const answer = answerOf(await sandbox.executor.runTask(history.query('anything', 1, 'b')));
    expect(decoded(answer.result)).toEqual(['anything', 1, 'b']);
    const reserved = answerOf(await sandbox.executor.runTask(history.query('__temporal_x')));
    expect(reserved.failure?.message).toBe(
      "Cannot use query name: '__temporal_x', with reserved prefix: '__temporal_'",
    );
  });
});
