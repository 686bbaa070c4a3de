import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { Client, WorkflowContinuedAsNewError, WorkflowFailedError } from '../../sdk/client/index.js';
import { Worker } from '../../sdk/worker/index.js';
import { eventually } from '../kit/kit.js';
import { add, type countdown, type tally } from './fixtures/chains.js';
import { type MemoryPlatform, openMemoryPlatform } from './memory-platform.js';

const workflowsPath = fileURLToPath(new URL('./fixtures/chains.ts', import.meta.url));
const taskQueue = 'chains';
const options = { workflowId: 'chain', taskQueue };
const retry = { initialInterval: 1, maximumAttempts: 3 };

let platform: MemoryPlatform;
let client: Client;
let worker: Worker;
let running: Promise<void>;

beforeEach(async () => {
  platform = await openMemoryPlatform();
  client = new Client({ connection: platform.connect() });
  worker = await Worker.create({ connection: platform.connect(), taskQueue, workflowsPath });
  running = worker.run();
});

afterEach(async () => {
  worker.shutdown();
  await running;
  await platform.close();
});

test('continueAsNew hands its arguments on, and no signal is lost between runs [workflow.continue-as-new]', async () => {
  const handle = await client.workflow.start<typeof tally>('tally', { ...options, args: [100, 7] });
  const amounts = Array.from({ length: 100 }, (_, index) => index);
  const current = client.workflow.getHandle('chain');
  await Promise.all(amounts.map((amount) => current.signal(add, amount)));
  expect(await handle.result()).toBe((99 * 100) / 2);
});

test('result() follows the runs, or says that there is a further one [client.follow-runs client.client-result]', async () => {
  const handle = await client.workflow.start<typeof countdown>('countdown', { ...options, args: [3] });
  const lastRunId = await handle.result();
  expect(lastRunId).not.toBe(handle.firstExecutionRunId);
  expect(await client.workflow.result('chain', handle.firstExecutionRunId)).toBe(lastRunId);

  const first = client.workflow.getHandle('chain', handle.firstExecutionRunId, { followRuns: false });
  const ended = await first.result().catch((error: unknown) => error);
  expect(ended).toBeInstanceOf(WorkflowContinuedAsNewError);
  const { newExecutionRunId } = ended as WorkflowContinuedAsNewError;
  expect((await client.workflow.getHandle('chain', newExecutionRunId).describe()).status.name).toBe('CONTINUED_AS_NEW');
  expect((await client.workflow.getHandle('chain').describe()).runId).toBe(lastRunId);
});

test('a workflow may go on as another, with other limits, after a while [workflow.make-continue-as-new workflow.continue-as-new-backoff]', async () => {
  const started = await client.workflow.start('becomesAnother', { ...options, memo: { from: 'its start' } });
  expect(await started.result()).toMatchObject({
    workflowType: 'aboutItself',
    runTimeoutMs: 3_600_000,
    taskTimeoutMs: 20_000,
    memo: { from: 'its start', seen: true },
    firstExecutionRunId: started.firstExecutionRunId,
    continuedFromExecutionRunId: started.firstExecutionRunId,
    attempt: 1,
  });
  const described = await client.workflow.getHandle('chain').describe();
  expect(described.executionTime.getTime() - described.startTime.getTime()).toBe(50);
});

test('a workflow is run again by its retry policy, and is told its last failure [client.workflow-retry workflow.workflow-info-chain]', async () => {
  expect(await client.workflow.execute('thirdTimeLucky', { ...options, retry })).toBe('attempt 2, then success');
});

test('a workflow is not run again without a policy, and its failure says why [workflow.workflow-retry-default client.workflow-failed-error]', async () => {
  const ended = await client.workflow.execute('thirdTimeLucky', options).catch((error: unknown) => error);
  expect(ended).toBeInstanceOf(WorkflowFailedError);
  expect(ended).toMatchObject({ retryState: 'RETRY_POLICY_NOT_SET', cause: { message: 'attempt 1' } });
});

test('a run of a schedule knows the last result, and the schedule ends by termination [client.cron]', async () => {
  const started = await client.workflow.start('growing', { ...options, cronSchedule: '@every 1s', followRuns: false });
  expect(await started.result()).toBe(1);
  const current = client.workflow.getHandle('chain', undefined, { followRuns: false });
  expect(await current.result()).toBe(2);
  expect((await current.describe()).raw.cronSchedule).toBe('@every 1s');
  await started.terminate('enough');
  expect((await current.describe()).status.name).toBe('TERMINATED');
});

test('a delayed start runs at its time, or when it is signalled [client.start-delay]', async () => {
  const delayed = await client.workflow.start('aboutItself', { ...options, startDelay: 30 });
  const { startTime, executionTime } = await delayed.describe();
  expect(executionTime.getTime() - startTime.getTime()).toBe(30);
  await delayed.result();

  const woken = await client.workflow.start<typeof tally>('tally', { ...options, startDelay: '1 hour', args: [1, 1] });
  await woken.signal(add, 5);
  expect(await woken.result()).toBe(5);
});

test('a workflow knows its time-outs, its policy and its priority [workflow.workflow-info-retry-policy workflow.workflow-info-expiration]', async () => {
  const handle = await client.workflow.start('aboutItself', {
    ...options,
    retry,
    priority: { priorityKey: 2, fairnessKey: 'tenant' },
    workflowExecutionTimeout: '1 hour',
  });
  const info = await handle.result();
  const { startTime } = await handle.describe();
  expect(info).toMatchObject({
    retryPolicy: { initialInterval: 1, maximumAttempts: 3, backoffCoefficient: 2 },
    priority: { priorityKey: 2, fairnessKey: 'tenant' },
    executionTimeoutMs: 3_600_000,
    startTime: startTime.toISOString(),
    runStartTime: startTime.toISOString(),
    executionExpirationTime: new Date(startTime.getTime() + 3_600_000).toISOString(),
    continueAsNewSuggested: false,
  });
});

test('a description has what its starter said about it [client.static-summary client.describe-summary]', async () => {
  const handle = await client.workflow.start('aboutItself', {
    ...options,
    staticSummary: 'what',
    staticDetails: 'and **why**',
    priority: { priorityKey: 3 },
  });
  await handle.result();
  const described = await handle.describe();
  expect(await described.staticSummary()).toBe('what');
  expect(await described.staticDetails()).toBe('and **why**');
  expect(described.priority).toEqual({ priorityKey: 3 });
  expect(described.rootExecution).toEqual({ workflowId: 'chain', runId: handle.firstExecutionRunId });
  expect(described.parentExecution).toBeUndefined();
});

test('cancel and terminate of a started chain reach the run that is current, and no other chain [client.get-handle]', async () => {
  const first = await client.workflow.start<typeof tally>('tally', { ...options, args: [10, 1] });
  await first.signal(add, 1);
  await eventually(async () => {
    expect((await client.workflow.getHandle('chain').describe()).runId).not.toBe(first.firstExecutionRunId);
  });
  await first.terminate('enough');
  const second = await client.workflow.start<typeof tally>('tally', { ...options, args: [10, 1] });
  await expect(first.terminate('again')).rejects.toThrow("'chain'");
  await second.cancel();
  await expect(second.result()).rejects.toThrow(WorkflowFailedError);
});
