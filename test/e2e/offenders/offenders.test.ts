import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, expect, inject, test } from 'vitest';
import { Client, Connection } from '../../../sdk/client/index.js';
import { Worker } from '../../../sdk/worker/index.js';
import { type HistoryService, startHistoryService } from '../../../services/history/service.js';
import { connectCodec } from '../../../services/platform/codec/registry.js';
import { silentLogger } from '../../../services/platform/logger.js';
import { connectTestLog, eventually, newNamespace } from '../../kit/kit.js';
import type { hello } from './workflows.js';

const namespace = newNamespace();
const taskQueue = 'offenders';
let service: HistoryService;
let connection: Connection;
let client: Client;

beforeAll(async () => {
  const codec = await connectCodec({ registryUrl: inject('registryUrl'), logger: silentLogger });
  const log = await connectTestLog();
  service = await startHistoryService({ log, codec, namespace, identity: 'history', logger: silentLogger });
  const brokers = inject('brokers');
  connection = await Connection.connect({ brokers, schemaRegistry: inject('registryUrl'), logger: silentLogger });
  client = new Client({ connection, namespace });
});

afterAll(async () => {
  await connection.close();
  await service.stop();
});

/** Why the workflow's task failed, once it did. */
async function failureOf(workflowId: string): Promise<string | undefined> {
  return eventually(async () => {
    const { events } = await client.workflow.getHandle(workflowId).fetchHistory();
    const failed = events.find((event) => event.type === 'WorkflowTaskFailed');
    expect(failed).toBeDefined();
    return failed?.type === 'WorkflowTaskFailed' ? failed.failure?.message : undefined;
  });
}

test('an endless loop, a memory hog and a lost rejection are their own failures, and other workflows go on [determinism.endless-loop]', async () => {
  const worker = await Worker.create({
    connection,
    namespace,
    taskQueue,
    workflowsPath: fileURLToPath(new URL('./workflows.ts', import.meta.url)),
    activities: { greet: async (name: string) => `hello ${name}` },
    workflowThreadPoolSize: 1,
    isolateExecutionTimeout: '2 seconds',
  });
  const greetings = (from: number) =>
    Promise.all(
      Array.from({ length: 20 }, (_, index) =>
        client.workflow.execute<typeof hello>('hello', {
          workflowId: `hello-${from + index}`,
          taskQueue,
          args: [String(index)],
        }),
      ),
    );
  const offenders = ['neverYields', 'takesAllMemory', 'forgetsRejection'];
  await worker.runUntil(async () => {
    for (const type of offenders) await client.workflow.start(type, { workflowId: type, taskQueue });
    const expected = Array.from({ length: 20 }, (_, index) => `hello ${index}`);
    expect(await greetings(0)).toEqual(expected);
    expect(await failureOf('neverYields')).toContain('workflow code ran for 2000 ms without yielding');
    // On a machine that is slow enough its time is over first.
    expect(await failureOf('takesAllMemory')).toMatch(/used more memory than its thread may have|without yielding/);
    expect(await failureOf('forgetsRejection')).toBe('Unhandled Promise rejection: Error: nobody listens');
    // They are tried again all the while.
    expect(await greetings(20)).toEqual(expected);
    for (const workflowId of offenders) {
      expect((await client.workflow.getHandle(workflowId).describe()).status.name).toBe('RUNNING');
      await client.workflow.getHandle(workflowId).terminate();
    }
  });
});
