import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, expect, inject, test } from 'vitest';
import { activityInfo, CompleteAsyncError, cancelled, heartbeat } from '../../sdk/activity/index.js';
import { ActivityNotFoundError, Client, Connection } from '../../sdk/client/index.js';
import { Worker } from '../../sdk/worker/index.js';
import { type HistoryService, startHistoryService } from '../../services/history/service.js';
import { connectCodec } from '../../services/platform/codec/registry.js';
import { silentLogger } from '../../services/platform/logger.js';
import { connectTestLog, newNamespace } from '../kit/kit.js';

const workflowsPath = fileURLToPath(new URL('../worker/fixtures/workflows.ts', import.meta.url));
const namespace = newNamespace();

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
  return startHistoryService({ log, codec, namespace, identity: 'history', logger: silentLogger });
}

async function connect(): Promise<Connection> {
  const connection = await Connection.connect({
    brokers: inject('brokers'),
    schemaRegistry: inject('registryUrl'),
    logger: silentLogger,
  });
  connections.push(connection);
  return connection;
}

/** A worker with one slot whose activities are all left to others; `onToken` is told of each. */
async function outsideWorker(taskQueue: string, onToken: (token: string) => void): Promise<Worker> {
  const outside = async () => {
    onToken(activityInfo().base64TaskToken);
    throw new CompleteAsyncError();
  };
  return Worker.create({
    connection: await connect(),
    namespace,
    taskQueue,
    workflowsPath,
    activities: { greet: outside },
    maxConcurrentActivityTaskExecutions: 1,
  });
}

test('activities completed from outside hold no slot, and go by token or by id [client.async-completion]', async () => {
  const taskQueue = 'outside';
  const count = 5;
  const tokens: string[] = [];
  let onAll: () => void = () => undefined;
  const all = new Promise<void>((resolve) => {
    onAll = resolve;
  });
  const worker = await outsideWorker(taskQueue, (token) => {
    if (tokens.push(token) === count) onAll();
  });
  await worker.runUntil(async () => {
    const ids = Array.from({ length: count }, (_, i) => `outside-${i}`);
    const results = ids.map((workflowId) => client.workflow.execute('hello', { workflowId, taskQueue, args: ['Ada'] }));
    // With one slot, all of them begin only if none keeps it.
    await all;
    const [first, ...others] = tokens.map((token) => Buffer.from(token, 'base64'));
    if (first === undefined) throw new Error('there is no first token');
    await client.activity.heartbeat(first, 'half way');
    await Promise.all([first, ...others].map((token) => client.activity.complete(token, 'from outside')));
    expect(await Promise.all(results)).toEqual(Array(count).fill('from outside'));
    await expect(client.activity.complete(first, 'again')).rejects.toThrow(ActivityNotFoundError);
  });
});

test('a completion is accepted while no service runs, and takes effect when one does', async () => {
  const taskQueue = 'outage';
  let onToken: (token: string) => void = () => undefined;
  const token = new Promise<string>((resolve) => {
    onToken = resolve;
  });
  const worker = await outsideWorker(taskQueue, (begun) => onToken(begun));
  await worker.runUntil(async () => {
    const workflowId = 'outage-1';
    const result = client.workflow.execute('hello', { workflowId, taskQueue, args: ['Ada'] });
    await token;
    await service.stop();
    const accepted = client.activity.complete({ workflowId, activityId: '1' }, 'through the outage');
    service = await startService();
    await accepted;
    expect(await result).toBe('through the outage');
  });
});

test('a request to cancel reaches the activity without waiting for its next heartbeat [activity.cancelled]', async () => {
  const taskQueue = 'cancelled';
  let onBegun: () => void = () => undefined;
  const begun = new Promise<void>((resolve) => {
    onBegun = resolve;
  });
  const worker = await Worker.create({
    connection: await connect(),
    namespace,
    taskQueue,
    workflowsPath,
    activities: {
      async wait() {
        // The only heartbeat: the next would be due in half a minute.
        heartbeat();
        onBegun();
        await cancelled();
      },
    },
  });
  const handle = await client.workflow.start('waitingForTheEnd', { workflowId: 'cancelled-1', taskQueue });
  await worker.runUntil(async () => {
    await begun;
    await handle.cancel();
    await expect(handle.result()).rejects.toMatchObject({ cause: { name: 'CancelledFailure' } });
  });
});
