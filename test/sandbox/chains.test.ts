import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { WorkflowExecutionStarted } from '../../schemas/generated/messages.js';
import { defaultPayloadConverter } from '../../sdk/common/converter/payload-converter.js';
import { mapFromPayloads } from '../../sdk/common/converter/payloads.js';
import { suggestedReasons } from '../../sdk/workflow/continue-as-new-suggestion.js';
import { startExecutor, type TestExecutor } from './executor.js';
import { completed, failed, payload, resultOf, TestHistory } from './test-history.js';

let sandbox: TestExecutor;
beforeAll(async () => {
  sandbox = await startExecutor();
});
afterAll(() => sandbox.executor.close());

async function run(history: TestHistory) {
  return completed(await sandbox.executor.runTask(history.task()));
}

/** A history whose start says more. */
function startedWith(workflowType: string, start: Partial<WorkflowExecutionStarted>): TestHistory {
  const history = sandbox.follow(new TestHistory(workflowType));
  const [started] = history.events;
  if (started?.type !== 'WorkflowExecutionStarted') throw new Error('the first event starts the run');
  history.events[0] = { ...started, ...start };
  return history;
}

describe('continue-as-new', () => {
  test('becomes a command with what was set, and nothing for what was not', async () => {
    const history = sandbox.follow(new TestHistory('goesOn', [{ taskQueue: 'other', memo: { step: 2 } }]));
    const { commands } = await run(history);
    expect(commands).toHaveLength(1);
    const command = commands[0]?.continueAsNewWorkflowExecution;
    expect(mapFromPayloads(defaultPayloadConverter, command?.memo)).toEqual({ step: 2 });
    expect(command).toMatchObject({
      workflowType: 'goesOn',
      taskQueue: 'other',
      workflowRunTimeoutMs: null,
      backoffStartIntervalMs: null,
      searchAttributes: null,
    });
  });

  test('is refused with options that it cannot take', async () => {
    const history = sandbox.follow(new TestHistory('goesOn', [{ workflowRunTimeout: -1 }]));
    const { failure } = failed(await sandbox.executor.runTask(history.task()));
    expect(failure.message).toContain('workflowRunTimeout must be a positive duration');
  });
});

describe('workflowInfo()', () => {
  test('tells what the runs before came to [workflow.workflow-info-chain]', async () => {
    const failure = { message: 'down', source: '', stackTrace: '', encodedAttributes: null, cause: null };
    const history = startedWith('infoOfChain', {
      firstExecutionRunId: 'first',
      continuedExecutionRunId: 'before',
      lastCompletionResult: payload({ sum: 3 }),
      continuedFailure: { ...emptyInfos, ...failure },
      cronSchedule: '@hourly',
      firstWorkflowTaskBackoffMs: 1_800_000,
      firstExecutionStartedAt: 5_000,
      attempt: 4,
    });
    expect(resultOf(await run(history))).toEqual({
      firstExecutionRunId: 'first',
      continuedFromExecutionRunId: 'before',
      lastResult: { sum: 3 },
      lastFailure: 'down',
      cronSchedule: '@hourly',
      cronScheduleToScheduleInterval: 1_800_000,
      startTime: new Date(5_000).toISOString(),
      runStartTime: new Date(history.now).toISOString(),
      attempt: 4,
    });
  });

  test('tells the parent and the root of a child [workflow.workflow-info-parent]', async () => {
    const execution = (workflowId: string) => ({ workflowId, runId: `run of ${workflowId}` });
    const parent = { ...execution('parent'), eventId: 5 };
    const history = startedWith('infoOfTree', { parent, root: execution('root') });
    expect(resultOf(await run(history))).toEqual({
      parent: { ...execution('parent'), namespace: 'test' },
      root: execution('root'),
    });
  });
});

test('continuing as new is suggested by what the run has been told, with the reasons [workflow.workflow-info-suggested]', () => {
  const short = { historyLength: 4_095, historySize: 4 * 1024 * 1024 - 1, acceptedUpdates: 1_799 };
  expect(suggestedReasons(short)).toEqual([]);
  expect(suggestedReasons({ ...short, historyLength: 4_096 })).toEqual(['TOO_MANY_HISTORY_EVENTS']);
  expect(suggestedReasons({ ...short, historySize: 4 * 1024 * 1024 })).toEqual(['HISTORY_SIZE_TOO_LARGE']);
  expect(suggestedReasons({ ...short, acceptedUpdates: 1_800 })).toEqual(['TOO_MANY_UPDATES']);
});

test('a run that began with the history of another one draws the same numbers [determinism.random]', async () => {
  const original = sandbox.follow(new TestHistory('randomNumbers'));
  const copy = startedWith('randomNumbers', { originalExecutionRunId: original.runId });
  expect(resultOf(await run(copy))).toEqual(resultOf(await run(original)));
});

const emptyInfos = {
  applicationInfo: null,
  timeoutInfo: null,
  canceledInfo: null,
  terminatedInfo: null,
  serverInfo: null,
  activityInfo: null,
  childWorkflowInfo: null,
};
