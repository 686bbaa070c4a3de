// Values that can't be written as JSON, and values over the limit of a payload, wherever a user can give one.
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { Context, heartbeat } from '../../../sdk/activity/index.js';
import { type QueryNotRegisteredError, WorkflowFailedError, type WorkflowHandle } from '../../../sdk/client/index.js';
import { ApplicationFailure, PayloadConverterError, PayloadTooLargeError } from '../../../sdk/common/index.js';
import { MAX_PAYLOAD_BYTES } from '../../../services/platform/limits.js';
import { eventually } from '../../kit/kit.js';
import { openStack, type RunningWorker, type Stack, taskFailureCauses, taskFailureOf } from './stack.js';

const taskQueue = 'values';
const tooLarge = new Uint8Array(MAX_PAYLOAD_BYTES + 1);
const circular: Record<string, unknown> = {};
circular.self = circular;

let stack: Stack;
let worker: RunningWorker;
let attempts = 0;

const activities = {
  echo: async (value: unknown) => value,
  returnsBigInt: async () => 1n,
  async returnsTooMuch() {
    attempts += 1;
    return tooLarge;
  },
  async failsWithBigInt() {
    throw ApplicationFailure.nonRetryable('the card was refused', 'CardRefused', 1n);
  },
  async beatsWithBigInt() {
    heartbeat(1n);
    await Context.current().cancelled;
  },
  async failsAtLength() {
    throw new Error('x'.repeat(5 * 1024 * 1024));
  },
};

beforeAll(async () => {
  stack = await openStack();
  worker = await stack.startWorker({ taskQueue, activities });
});

function start(type: string, workflowId: string, ...args: unknown[]): Promise<WorkflowHandle> {
  return stack.client.workflow.start(type, { workflowId, taskQueue, args });
}

/** How the workflow's one activity ended. */
async function activityFailure(activity: string): Promise<unknown> {
  const handle = await start('callActivity', activity, activity);
  const failed = await handle.result().catch((error: unknown) => error);
  expect(failed).toBeInstanceOf(WorkflowFailedError);
  return (failed as WorkflowFailedError).cause?.cause;
}

describe('from a client', () => {
  let handle: WorkflowHandle;
  beforeAll(async () => {
    handle = await start('notes', 'notes');
  });

  test.each([
    ['a BigInt', 1n, PayloadConverterError, /argument 0 of .* can't be encoded: .*BigInt/],
    ['a circular object', circular, PayloadConverterError, /argument 0 of .* can't be encoded: .*circular/],
    ['a function', () => 1, PayloadConverterError, /argument 0 of .* can't be encoded: Unable to convert a function/],
    ['too much', tooLarge, PayloadTooLargeError, /argument 0 of .* takes 2097153 bytes, .*pass a reference/],
  ])('%s is refused in a start, a signal and a query, before anything is sent', async (_, value, type, message) => {
    const calls = [
      () => start('greet', 'never', value),
      () => handle.signal('note', value),
      () => handle.query('count', value),
    ];
    for (const call of calls) {
      const error = await call().catch((reason: unknown) => reason);
      expect(error).toBeInstanceOf(type);
      expect((error as Error).message).toMatch(message);
    }
    await expect(stack.client.workflow.getHandle('never').describe()).rejects.toThrow("'never'");
  });

  test('arguments that are over the limit together only, are refused by the name of the call', async () => {
    const half = new Uint8Array(MAX_PAYLOAD_BYTES);
    await expect(start('greet', 'never', half, half)).rejects.toThrow(/StartWorkflow of workflow 'never' takes/);
    await expect(handle.signal('note', half, half)).rejects.toThrow(/SignalWorkflow of workflow 'notes' takes/);
  });

  test('a value of the very limit goes through, also when it was signalled several times', async () => {
    const most = new Uint8Array(MAX_PAYLOAD_BYTES);
    for (let i = 0; i < 3; i++) await handle.signal('note', most);
    await eventually(async () => expect(await handle.query('count')).toBe(3));
  });
});

describe('from an activity', () => {
  test('a result that has no encoding fails the attempts, naming the activity', async () => {
    expect(await activityFailure('returnsBigInt')).toMatchObject({
      message: expect.stringMatching(/result of activity 'returnsBigInt' can't be encoded: .*BigInt/),
    });
  });

  test('a result over the limit fails it for good', async () => {
    expect(await activityFailure('returnsTooMuch')).toMatchObject({
      nonRetryable: true,
      message: expect.stringMatching(/result of activity 'returnsTooMuch' takes 2097153 bytes, .*pass a reference/),
    });
    expect(attempts).toBe(1);
  });

  test('a failure whose details have no encoding still tells what had failed, and why the details are missing', async () => {
    expect(await activityFailure('failsWithBigInt')).toMatchObject({
      type: 'CardRefused',
      nonRetryable: true,
      message: expect.stringMatching(/^the card was refused .*detail 0 .* can't be encoded: .*BigInt/),
    });
  });

  test('a heartbeat whose details have no encoding fails the attempts, naming the activity', async () => {
    expect(await activityFailure('beatsWithBigInt')).toMatchObject({
      message: expect.stringMatching(/heartbeat of activity 'beatsWithBigInt' can't be encoded: .*BigInt/),
    });
  });

  test('a failure too large for a record is told in few words', async () => {
    expect(await activityFailure('failsAtLength')).toMatchObject({
      message: expect.stringMatching(/can't be recorded: FailActivityTask of workflow 'failsAtLength' takes \d+ bytes/),
    });
  });
});

describe('from a workflow', () => {
  const mended: WorkflowHandle[] = [];

  test.each([
    ['returnsWrong', 'bigint', /^the result of workflow 'returnsWrong' can't be encoded: .*BigInt/],
    ['returnsWrong', 'circular', /^the result of workflow 'returnsWrong' can't be encoded: .*circular/],
    ['returnsWrong', 'tooLarge', /^the result of workflow 'returnsWrong' takes 2097153 bytes, .*pass a reference/],
    ['passesWrong', 'bigint', /^argument 0 of activity 'echo' can't be encoded: .*BigInt/],
    ['passesWrong', 'tooLarge', /^argument 0 of activity 'echo' takes 2097153 bytes, .*pass a reference/],
    ['failsWithWrongDetails', 'bigint', /^detail 0 of the failure 'the card was refused' can't be encoded: .*BigInt/],
    ['failsWithWrongDetails', 'tooLarge', /^detail 0 of the failure 'the card was refused' takes 2097153 bytes/],
  ])('%s (%s) fails the workflow task by name, where it waits for mended code', async (type, kind, message) => {
    const handle = await start(type, `${type}-${kind}`, kind);
    mended.push(handle);
    const failure = await taskFailureOf(handle);
    expect(failure.message).toMatch(message);
    expect(await taskFailureCauses(handle)).toEqual(['WORKFLOW_WORKER_UNHANDLED_FAILURE']);
  });

  test('query answers and failures that have no encoding, or are too large, fail the query alone', async () => {
    const handle = stack.client.workflow.getHandle('notes');
    const failureOf = (query: string, kind: string) =>
      handle.query(query, kind).catch((error: QueryNotRegisteredError) => error.message);
    expect(await failureOf('wrong', 'bigint')).toMatch(/^the answer of query 'wrong' can't be encoded: .*BigInt/);
    expect(await failureOf('wrong', 'tooLarge')).toMatch(/^the answer of query 'wrong' takes 2097153 bytes/);
    expect(await failureOf('failsWrong', 'bigint')).toMatch(
      /detail 0 of the failure 'no answer' can't be encoded: .*BigInt/,
    );
    expect(await handle.query('count')).toBe(3);
    await handle.signal('finish');
    expect(await handle.result()).toBe(3);
  });

  test('all complete once the code is mended and the worker started anew', async () => {
    await worker.stop();
    worker = await stack.startWorker({ taskQueue, activities, workflows: 'mended-workflows.ts' });
    const results = await Promise.all(mended.map((handle) => handle.result()));
    expect(new Set(results)).toEqual(new Set(['mended']));
    expect(results).toHaveLength(7);
  });
});

afterAll(() => worker?.stop());
