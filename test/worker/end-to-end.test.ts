import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { Context, heartbeat } from '../../sdk/activity/index.js';
import { Client, WorkflowFailedError } from '../../sdk/client/index.js';
import { rootCause } from '../../sdk/common/index.js';
import { Worker } from '../../sdk/worker/index.js';
import { type MemoryPlatform, openMemoryPlatform } from './memory-platform.js';

const workflowsPath = fileURLToPath(new URL('./fixtures/workflows.ts', import.meta.url));
const taskQueue = 'greetings';

let platform: MemoryPlatform;
let client: Client;

beforeEach(async () => {
  platform = await openMemoryPlatform();
  client = new Client({ connection: platform.connect() });
});

afterEach(() => platform.close());

function createWorker(activities: object): Promise<Worker> {
  return Worker.create({ connection: platform.connect(), taskQueue, workflowsPath, activities });
}

test('a workflow with an activity runs from start to result [client.execute]', async () => {
  const worker = await createWorker({ greet: async (name: string) => `hello ${name}` });
  const result = await worker.runUntil(
    client.workflow.execute('hello', { workflowId: 'hello-1', taskQueue, args: ['world'] }),
  );
  expect(result).toBe('hello world');
});

test('a task queue may have a name that no topic has', async () => {
  const worker = await Worker.create({
    connection: platform.connect(),
    taskQueue: 'day 11/25',
    workflowsPath,
    activities: { greet: async () => Context.current().info.taskQueue },
  });
  const start = { workflowId: 'named-1', taskQueue: 'day 11/25', args: ['world'] };
  expect(await worker.runUntil(client.workflow.execute('hello', start))).toBe('day 11/25');
});

test('an activity is retried and finds the progress of its last attempt [activity.info-heartbeat-details workflow.retry-policy]', async () => {
  const worker = await createWorker({
    async flaky() {
      const { attempt, heartbeatDetails } = Context.current().info;
      heartbeat((heartbeatDetails ?? 0) + 1);
      if (attempt < 3) throw new Error(`attempt ${attempt}`);
      return heartbeatDetails;
    },
  });
  const result = await worker.runUntil(client.workflow.execute('retried', { workflowId: 'retried-1', taskQueue }));
  expect(result).toBe(2);
});

test('signals, queries and timers reach the workflow [client.signal client.query workflow.signals]', async () => {
  const worker = await createWorker({ greet: async () => 'hello' });
  await worker.runUntil(async () => {
    const handle = await client.workflow.start('approved', { workflowId: 'approved-1', taskQueue });
    expect(await handle.query('status')).toBe('waiting');
    await handle.signal('approve');
    expect(await handle.result()).toBe('done');
    expect(await handle.query('status')).toBe('approved');
  });
});

test('a cancelled workflow cancels its running activity [client.cancel activity.cancelled]', async () => {
  let started: () => void = () => undefined;
  const running = new Promise<void>((resolve) => {
    started = resolve;
  });
  const reasons: unknown[] = [];
  const worker = await createWorker({
    async wait() {
      heartbeat();
      started();
      await Context.current().cancelled.catch((error: Error) => {
        reasons.push(error.message);
        throw error;
      });
    },
  });
  await worker.runUntil(async () => {
    const handle = await client.workflow.start('waiting', { workflowId: 'waiting-1', taskQueue });
    await running;
    await handle.cancel();
    await expect(handle.result()).rejects.toMatchObject({ cause: { name: 'CancelledFailure' } });
  });
  expect(reasons).toEqual(['CANCELLED']);
});

test('an activity type that no worker has fails by a message that names what is registered', async () => {
  const worker = await createWorker({ greet: async () => 'hello' });
  const failure = await worker
    .runUntil(client.workflow.execute('unknownActivity', { workflowId: 'unknown-1', taskQueue }))
    .catch((error: unknown) => error);
  expect(failure).toBeInstanceOf(WorkflowFailedError);
  expect(rootCause((failure as WorkflowFailedError).cause)).toContain('available activities: ["greet"]');
});
