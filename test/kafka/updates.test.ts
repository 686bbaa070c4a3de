// Updates, and starts with a signal or an update, on real Kafka: with a worker that goes, and with one that comes late.
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, expect, inject, test } from 'vitest';
import {
  Client,
  Connection,
  WithStartWorkflowOperation,
  WorkflowNotFoundError,
  WorkflowUpdateFailedError,
} from '../../sdk/client/index.js';
import { Worker } from '../../sdk/worker/index.js';
import { type HistoryService, startHistoryService } from '../../services/history/service.js';
import { connectCodec } from '../../services/platform/codec/registry.js';
import { silentLogger } from '../../services/platform/logger.js';
import { connectTestLog, newNamespace } from '../kit/kit.js';
import type { account } from '../worker/fixtures/handlers.js';

const workflowsPath = fileURLToPath(new URL('../worker/fixtures/handlers.ts', import.meta.url));
const namespace = newNamespace();
const taskQueue = 'accounts';

let service: HistoryService;
let client: Client;
const connections: Connection[] = [];

beforeAll(async () => {
  service = await startService();
  client = new Client({ connection: await connect(), namespace });
});

afterAll(async () => {
  await Promise.all(connections.map((connection) => connection.close()));
  await service.stop();
});

async function startService(): Promise<HistoryService> {
  const log = await connectTestLog();
  const codec = await connectCodec({ registryUrl: inject('registryUrl'), logger: silentLogger });
  const started = await startHistoryService({ log, codec, namespace, identity: 'history', logger: silentLogger });
  await started.settled();
  return started;
}

async function connect(): Promise<Connection> {
  const [brokers, schemaRegistry] = [inject('brokers'), inject('registryUrl')];
  const connection = await Connection.connect({ brokers, schemaRegistry, logger: silentLogger });
  connections.push(connection);
  return connection;
}

async function withWorker(work: () => Promise<void>): Promise<void> {
  const activities = { greet: async (name: string) => `hello ${name}` };
  const worker = await Worker.create({ connection: await connect(), namespace, taskQueue, workflowsPath, activities });
  await worker.runUntil(work);
}

test('an update is validated, carried out, answered once for each id, and known after the run’s end', async () => {
  const handle = await client.workflow.start<typeof account>('account', { workflowId: 'a', taskQueue, args: [10] });
  // No worker is there yet: the update waits for one.
  const early = handle.executeUpdate<number, [number]>('add', { args: [1], updateId: 'early' });
  await withWorker(async () => {
    expect(await early).toBe(11);
    expect(await handle.executeUpdate('greet', { args: ['Ada'] })).toBe('hello Ada has 11');
    await expect(handle.executeUpdate('add', { args: [-1] })).rejects.toThrow(WorkflowUpdateFailedError);
    const started = await handle.startUpdate('add', { args: [4], updateId: 'u', waitForStage: 'ACCEPTED' });
    expect(await started.result()).toBe(15);
  });
  // Another worker replays what was accepted, and goes on.
  await withWorker(async () => {
    expect(await handle.executeUpdate('add', { args: [4], updateId: 'u' })).toBe(15);
    expect(await handle.executeUpdate('add', { args: [5] })).toBe(20);
    await handle.signal('end');
    expect(await handle.result()).toBe(20);
  });
  expect(await handle.getUpdateHandle('early').result()).toBe(11);
  await expect(handle.executeUpdate('add', { args: [1] })).rejects.toThrow(WorkflowNotFoundError);
});

test('an update that is under way outlives the service that took it in', async () => {
  const handle = await client.workflow.start('account', { workflowId: 'b', taskQueue });
  const waiting = handle.executeUpdate<number, [number]>('add', { args: [3], updateId: 'u' });
  const counted = await handle.fetchHistory();
  expect(counted.events.length).toBeGreaterThan(0);
  await service.stop();
  service = await startService();
  await withWorker(async () => {
    expect(await waiting).toBe(3);
    expect(await handle.executeUpdate('add', { args: [1] })).toBe(4);
  });
  await handle.terminate();
});

test('a start brings a signal or an update to the run that it starts, or to the open one', () =>
  withWorker(async () => {
    const at = { workflowId: 'c', taskQueue };
    const signaled = { ...at, args: [1] as [number], signal: 'addSignal', signalArgs: [2] as [number] };
    const first = await client.workflow.signalWithStart<typeof account, [number]>('account', signaled);
    const operation = new WithStartWorkflowOperation<typeof account>('account', {
      ...at,
      workflowIdConflictPolicy: 'USE_EXISTING',
    });
    const update = { args: [4] as [number], startWorkflowOperation: operation };
    expect(await client.workflow.executeUpdateWithStart<typeof account, number, [number]>('add', update)).toBe(7);
    const second = await client.workflow.signalWithStart<typeof account, [number]>('account', signaled);
    expect(second.signaledRunId).toBe(first.signaledRunId);
    await (await operation.workflowHandle()).signal('end');
    expect(await first.result()).toBe(9);
  }));
