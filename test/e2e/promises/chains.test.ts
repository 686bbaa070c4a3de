// Promise: a chain of runs is followed to its end, and nothing is lost between two of them, whoever dies meanwhile.
import { expect, inject, test } from 'vitest';
import { connectCodec } from '../../../services/platform/codec/registry.js';
import { silentLogger } from '../../../services/platform/logger.js';
import { connectTestLog, eventually } from '../../kit/kit.js';
import { spawnHistoryService } from '../../kit/processes.js';
import { add, type countdown, type counter, type luckyAt } from './chain-workflows.js';
import { flaws, readRuns } from './namespace-history.js';
import { connectClient, provisioned, startWorker } from './surroundings.js';

const AMOUNTS = 60;
const PER_RUN = 4;

test('a count is carried over its runs while history services and workers are killed [workflow.continue-as-new client.follow-runs]', {
  timeout: 240_000,
}, async () => {
  const namespace = await provisioned();
  const startHistory = () => spawnHistoryService({ namespace, env: { MILLRACE_LOG_LEVEL: 'error' } });
  const startWork = () => startWorker(namespace, { workflows: 'chain-workflows', activities: null });
  const client = await connectClient(namespace);
  let [service, worker] = [await startHistory(), await startWork()];

  const options = (workflowId: string) => ({ workflowId, taskQueue: 'q' });
  const count = await client.workflow.start<typeof counter>('counter', {
    ...options('counter'),
    args: [AMOUNTS, PER_RUN],
  });
  const down = await client.workflow.start<typeof countdown>('countdown', { ...options('down'), args: [50] });
  const retry = { initialInterval: 200, backoffCoefficient: 1 };
  const lucky = await client.workflow.start<typeof luckyAt>('luckyAt', { ...options('lucky'), args: [20], retry });
  // Asked once: the answers come from whoever owns the partition by then.
  const results = Promise.all([count.result(), down.result(), lucky.result()]);

  const current = client.workflow.getHandle('counter');
  for (let amount = 1; amount <= AMOUNTS; amount++) {
    await current.signal(add, amount);
    if (amount % 30 === 7) {
      await service.kill('SIGKILL');
      service = await startHistory();
    }
    if (amount % 30 === 14) {
      await worker.kill('SIGKILL');
      worker = await startWork();
    }
  }
  expect(await results).toEqual([(AMOUNTS * (AMOUNTS + 1)) / 2, 'done', 20]);

  const codec = await connectCodec({ registryUrl: inject('registryUrl'), logger: silentLogger });
  const runs = await readRuns(await connectTestLog(), codec, namespace);
  for (const run of runs.values()) expect(flaws(run)).toEqual([]);
  const started = [...runs.values()].flatMap((run) => run.filter((event) => event.type === 'WorkflowExecutionStarted'));
  const of = (workflowId: string) => started.filter(({ header }) => header.workflowId === workflowId);
  expect(of('down')).toHaveLength(51);
  expect(of('lucky').map(({ attempt }) => attempt)).toEqual(Array.from({ length: 20 }, (_, index) => index + 1));

  expect(of('counter').length).toBeGreaterThan(1);
});

test('a reset and a pause hold when the history service that took them is killed [client.reset client.pause]', async () => {
  const namespace = await provisioned();
  const startHistory = () => spawnHistoryService({ namespace, env: { MILLRACE_LOG_LEVEL: 'error' } });
  const client = await connectClient(namespace);
  const [service] = [
    await startHistory(),
    await startWorker(namespace, { workflows: 'chain-workflows', activities: null }),
  ];
  const old = await client.workflow.start<typeof counter>('counter', {
    workflowId: 'counter',
    taskQueue: 'q',
    args: [3, 9],
  });
  await old.signal(add, 1);
  const current = client.workflow.getHandle<typeof counter>('counter');
  await eventually(async () => expect((await current.describe()).raw.workflowTaskAttempt).toBe(0));

  const { runId } = await current.reset({ toFirstWorkflowTask: true, reason: 'try' });
  await current.pause('hold');
  await service.kill('SIGKILL');
  await startHistory();
  expect(await current.describe()).toMatchObject({ runId, status: { name: 'PAUSED' } });
  await current.signal(add, 2);
  await current.signal(add, 3);
  await current.unpause('go on');
  expect(await current.result()).toBe(6);

  const codec = await connectCodec({ registryUrl: inject('registryUrl'), logger: silentLogger });
  const runs = await readRuns(await connectTestLog(), codec, namespace);
  expect([...runs.keys()]).toEqual([old.firstExecutionRunId, runId]);
  for (const run of runs.values()) expect(flaws(run)).toEqual([]);
});
