import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { Client, WorkflowFailedError } from '../../sdk/client/index.js';
import { Worker, type WorkerOptions } from '../../sdk/worker/index.js';
import { eventually } from '../kit/kit.js';
import { type MemoryPlatform, openMemoryPlatform } from './memory-platform.js';

const versions = (name: string) => fileURLToPath(new URL(`../sandbox/versions/${name}.ts`, import.meta.url));
const taskQueue = 'q';
let platform: MemoryPlatform;
let client: Client;

beforeEach(async () => {
  platform = await openMemoryPlatform();
  client = new Client({ connection: platform.connect() });
});
afterEach(() => platform.close());

function createWorker(workflows: string, types: WorkerOptions['workflowFailureErrorTypes']): Promise<Worker> {
  const connection = platform.connect();
  const workflowFailureErrorTypes = types ?? {};
  return Worker.create({ connection, taskQueue, workflowsPath: versions(workflows), workflowFailureErrorTypes });
}

const causeOf = (error: unknown) => (error instanceof WorkflowFailedError ? error.cause : undefined);

test.each([{ '*': ['TypeError'] }, { failsAsMeant: ['TypeError'] }, { '*': ['Error'] }])(
  'errors that the worker names end a workflow: %j [worker.workflow-failure-error-types]',
  async (types) => {
    const worker = await createWorker('properties', types);
    const result = client.workflow.execute('failsAsMeant', { workflowId: 'w', taskQueue, args: [true] });
    const error = await worker.runUntil(result.catch((reason: unknown) => reason));
    expect(causeOf(error)).toMatchObject({ message: 'a mistake', type: 'TypeError' });
  },
);

test('code that no longer fits its history ends the workflow where the worker says so [worker.workflow-failure-error-types]', async () => {
  const handle = await client.workflow.start('order', { workflowId: 'w', taskQueue });
  const before = await createWorker('patched', {});
  await before.runUntil(
    eventually(async () => {
      const { events } = await handle.fetchHistory();
      expect(events.map(({ type }) => type)).toContain('ActivityTaskScheduled');
    }),
  );
  await handle.signal('go');
  const after = await createWorker('after', { '*': ['NondeterminismError'] });
  const error = await after.runUntil(handle.result().catch((reason: unknown) => reason));
  expect(causeOf(error)?.message).toContain('[TMPRL1100] Nondeterminism error');
});
