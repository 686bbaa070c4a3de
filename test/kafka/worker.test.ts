import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, expect, inject, test } from 'vitest';
import { Context } from '../../sdk/activity/index.js';
import { Client, Connection } from '../../sdk/client/index.js';
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
  const log = await connectTestLog();
  const codec = await connectCodec({ registryUrl: inject('registryUrl'), logger: silentLogger });
  service = await startHistoryService({ log, codec, namespace, identity: 'history', logger: silentLogger });
  client = new Client({ connection: await connect(), namespace });
});

afterAll(async () => {
  await Promise.all(connections.map((connection) => connection.close()));
  await service.stop();
});

async function connect(): Promise<Connection> {
  const connection = await Connection.connect({
    brokers: inject('brokers'),
    schemaRegistry: inject('registryUrl'),
    logger: silentLogger,
  });
  connections.push(connection);
  return connection;
}

async function createWorker(taskQueue: string, activities: object): Promise<Worker> {
  return Worker.create({ connection: await connect(), namespace, taskQueue, workflowsPath, activities });
}

test('a workflow with an activity runs from start to result', async () => {
  const worker = await createWorker('hello', { greet: async (name: string) => `hello ${name}` });
  const result = await worker.runUntil(
    client.workflow.execute('hello', { workflowId: 'hello-1', taskQueue: 'hello', args: ['world'] }),
  );
  expect(result).toBe('hello world');
});

test('a second worker takes its share, and the queue goes on when the first one leaves', async () => {
  const taskQueue = 'shared';
  const runs: Array<{ readonly worker: string; readonly workflowId: string; readonly name: string }> = [];
  const activities = (worker: string) => ({
    async greet(name: string) {
      runs.push({ worker, name, workflowId: Context.current().info.workflowExecution.workflowId });
      return name;
    },
  });
  const execute = (from: number) =>
    Promise.all(
      Array.from({ length: 50 }, (_, i) =>
        client.workflow.execute('hello', {
          workflowId: `shared-${from + i}`,
          taskQueue,
          args: [`${from + i}`],
        }),
      ),
    );
  const workersOf = (from: number) =>
    new Set(runs.filter(({ name }) => Number(name) >= from).map(({ worker }) => worker));

  const first = await createWorker(taskQueue, activities('first'));
  const firstRuns = first.run();
  await execute(0);
  const second = await createWorker(taskQueue, activities('second'));
  const secondRuns = second.run();
  let from = 0;
  do {
    from += 50;
    await execute(from);
  } while (workersOf(from).size < 2);

  first.shutdown();
  await firstRuns;
  const left = from + 50;
  await execute(left);
  expect(workersOf(left)).toEqual(new Set(['second']));
  expect(runs.filter(({ name }) => Number(name) >= left)).toHaveLength(50);
  second.shutdown();
  await secondRuns;
  expect(new Set(runs.map(({ name }) => name)).size).toBe(left + 50);
});
