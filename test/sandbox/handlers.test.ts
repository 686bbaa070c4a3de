import { setImmediate as soon } from 'node:timers/promises';
import { HandlerUnfinishedPolicy } from 'millrace/common';
import { defineQuery, defineSignal, defineUpdate } from 'millrace/workflow';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { startExecutor, type TestExecutor } from './executor.js';
import { answerOf, completed, decoded, kindsOf, resultOf, TestHistory } from './test-history.js';

let sandbox: TestExecutor;
beforeAll(async () => {
  sandbox = await startExecutor();
});
afterAll(() => sandbox.executor.close());

const execute = (history: TestHistory) => sandbox.executor.runTask(history.task());

async function begun(type: string, ...args: unknown[]): Promise<TestHistory> {
  const history = sandbox.follow(new TestHistory(type, args));
  return history.recordUpdates(completed(await execute(history)));
}

test('a workflow may wait for all handlers [workflow.all-handlers-finished]', async () => {
  const history = await begun('waitsForHandlers');
  history.timerFired('1', history.timerStarted('1', 1));
  history.update('add', 1);
  const answer = completed(await execute(history));
  expect(kindsOf(answer)).toEqual(['acceptUpdate', 'scheduleActivityTask']);
  history.recordUpdates(answer);
  history.activityCompleted(history.activityScheduled('count', '1'), 1);
  const last = completed(await execute(history));
  expect(kindsOf(last)).toEqual(['completeUpdate', 'completeWorkflowExecution']);
});

describe('a workflow that ends with handlers under way [workflow.unfinished-handlers-warning]', () => {
  async function endsWith(policy?: HandlerUnfinishedPolicy): Promise<string[]> {
    const before = sandbox.logged.length;
    const history = await begun('updatesSlowly', ...(policy === undefined ? [] : [policy]));
    history.update('add', 1).signal('note', 'hello').signal('end');
    expect(resultOf(completed(await execute(history)))).toEqual(['hello', 'begin add']);
    return sandbox.logged.slice(before).map(({ message }) => message);
  }

  test('warns of each kind, naming them', async () => {
    const warnings = await endsWith();
    expect(warnings).toHaveLength(2);
    expect(warnings[0]).toMatch(/^\[TMPRL1102\] Workflow finished while an update handler was still running/);
    expect(warnings[0]).toMatch(/\[\{"name":"add","id":"[^"]+"\}\]$/);
    expect(warnings[1]).toMatch(/^\[TMPRL1102\] Workflow finished while a signal handler was still running/);
  });

  test('keeps quiet where the policy is to abandon them', async () => {
    expect(await endsWith(HandlerUnfinishedPolicy.ABANDON)).toEqual([]);
  });
});

test('a handler that was taken off leaves its signals waiting [workflow.unset-handler]', async () => {
  const history = await begun('unsetsHandler');
  history.signal('note', 'one');
  history.recordUpdates(completed(await execute(history)));
  const timer = history.timerStarted('1', 1);
  history.signal('note', 'two');
  history.recordUpdates(completed(await execute(history)));
  history.timerFired('1', timer);
  expect(resultOf(completed(await execute(history)))).toEqual(['one', 'slept', 'again two']);
});

test('signal handlers may be async and run side by side [workflow.signal-async-handlers]', async () => {
  const history = await begun('updatesSlowly');
  history.signal('note', 'a').signal('note', 'b');
  const answer = completed(await execute(history));
  expect(kindsOf(answer)).toEqual(['startTimer', 'startTimer']);
});

test.each([
  ['signal', (name: string) => defineSignal(name)],
  ['query', (name: string) => defineQuery(name)],
  ['update', (name: string) => defineUpdate(name)],
])('names that are the SDK’s own can’t be a %s’s [workflow.reserved-names]', (what, define) => {
  expect(() => define('__temporal_mine')).toThrow(
    `Cannot use ${what} name: '__temporal_mine', with reserved prefix: '__temporal_'`,
  );
  for (const name of ['__stack_trace', '__enhanced_stack_trace']) {
    expect(() => define(name)).toThrow(`Cannot use ${what} name: '${name}', which is a reserved name`);
  }
});

test('a query sees a replaying run and unblocks nothing [determinism.query-activations]', async () => {
  const history = await begun('asksAboutReplay');
  const ask = async (name: string) => decoded(answerOf(await sandbox.executor.runTask(history.query(name))).result);
  expect(await ask('replaying')).toBe(true);
  expect(await ask('unblocked')).toBe(false);
});

test('the first end of a run counts, and stands behind all else [determinism.terminal-command]', async () => {
  const history = await begun('endsTwice');
  const answer = completed(await execute(history.signal('end').signal('note', 'late')));
  expect(kindsOf(answer)).toEqual(['startTimer', 'completeWorkflowExecution']);
  expect(resultOf(answer)).toBe('first');
});

describe('built-in queries', () => {
  const ask = async (history: TestHistory, name: string) =>
    decoded(answerOf(await sandbox.executor.runTask(history.query(name))).result);

  async function waiting(): Promise<TestHistory> {
    const history = await begun('waitsHereAndThere');
    history.activityScheduled('count', '1');
    history.timerStarted('1', 86_400_000);
    return history;
  }

  test('__stack_trace tells where the workflow waits, in its sources [workflow.stack-trace-query]', async () => {
    const trace = String(await ask(await waiting(), '__stack_trace'));
    const stacks = trace.split('\n\n');
    expect(stacks).toHaveLength(3);
    expect(stacks[0]).toMatch(/at waitsForActivity \(.*handler-workflows\.ts:\d+:\d+\)/);
    for (const stack of stacks) expect(stack).toMatch(/at waitsHereAndThere \(.*handler-workflows\.ts:\d+:\d+\)/);
    expect(trace).not.toContain('millrace-workflow');
  });

  test('__stack_trace tells of no other run that goes on meanwhile', async () => {
    const history = sandbox.follow(new TestHistory('manySteps', [30]));
    for (let step = 1; step <= 20; step++) {
      history.completeTask(completed(await execute(history)));
      history.activityCompleted(history.activityScheduled('count', String(step)), step);
    }
    // The others come right behind the history, so that their tasks stand between the steps of its replay.
    const others: Array<Promise<unknown>> = [];
    const { executor } = await startExecutor({
      threads: 1,
      fetchHistory: async () => {
        for (let count = 0; count < 20; count++) {
          others.push(soon().then(() => executor.runTask(new TestHistory('waitsHereAndThere').task())));
        }
        return history.encoded(1);
      },
    });
    const trace = decoded(answerOf(await executor.runTask(history.query('__stack_trace'))).result);
    await Promise.all(others);
    expect(trace).toContain('manySteps');
    expect(trace).not.toContain('waitsHereAndThere');
    await executor.close();
  });

  test('__enhanced_stack_trace tells it with the sources [workflow.enhanced-stack-trace-query]', async () => {
    const trace = await ask(await waiting(), '__enhanced_stack_trace');
    expect(trace).toMatchObject({ sdk: { name: 'millrace' } });
    const { stacks, sources } = trace as {
      stacks: Array<{ locations: Array<Record<string, unknown>> }>;
      sources: Record<string, Array<{ lineOffset: number; content: string }>>;
    };
    expect(stacks).toHaveLength(3);
    const own = stacks[1]?.locations.find(({ internalCode }) => !internalCode);
    expect(own).toMatchObject({ functionName: 'waitsHereAndThere', line: expect.any(Number) });
    const content = sources[String(own?.filePath)]?.[0]?.content ?? '';
    expect(content.split('\n')[Number(own?.line) - 1]).toContain("sleep('1 day')");
  });

  test('__temporal_workflow_metadata tells what the workflow handles, and its current details [workflow.metadata-query workflow.current-details]', async () => {
    const history = await waiting();
    expect(await ask(history, '__temporal_workflow_metadata')).toMatchObject({
      definition: {
        type: 'waitsHereAndThere',
        queryDefinitions: [
          { name: '__stack_trace' },
          { name: '__enhanced_stack_trace' },
          { name: '__temporal_workflow_metadata' },
          { name: 'details', description: 'What it is at' },
        ],
        signalDefinitions: [{ name: 'note', description: 'Notes something' }],
        updateDefinitions: [{ name: 'add' }],
      },
      currentDetails: '*waiting*',
    });
    expect(await ask(history, 'details')).toBe('*waiting*');
  });
});
