import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { Client, historyToJSON } from '../../sdk/client/index.js';
import { ExternalStorage } from '../../sdk/common/index.js';
import { InMemoryStorageDriver } from '../../sdk/external-storage/index.js';
import { Worker } from '../../sdk/worker/index.js';
import { type MemoryPlatform, openMemoryPlatform } from './memory-platform.js';

const workflowsPath = fileURLToPath(new URL('./fixtures/workflows.ts', import.meta.url));
const taskQueue = 'large';
/** More than a record takes. */
const name = 'x'.repeat(5 * 1024 * 1024);

let platform: MemoryPlatform;
beforeEach(async () => {
  platform = await openMemoryPlatform();
});
afterEach(() => platform.close());

test('values larger than a record go through client, workflow and activity as claims [common.external-storage]', async () => {
  const driver = new InMemoryStorageDriver();
  const dataConverter = { externalStorage: new ExternalStorage({ drivers: [driver] }) };
  const client = new Client({ connection: platform.connect(), dataConverter });
  const greet = async (whom: string) => `hello ${whom}`;
  const worker = await Worker.create({
    connection: platform.connect(),
    taskQueue,
    workflowsPath,
    activities: { greet },
    dataConverter,
  });
  await worker.runUntil(async () => {
    const handle = await client.workflow.start('hello', { workflowId: 'large-1', taskQueue, args: [name] });
    const result = await handle.result();
    // Not compared by expect, which would print both.
    expect(result === `hello ${name}`).toBe(true);
    const history = JSON.stringify(historyToJSON(await handle.fetchHistory()));
    expect(history.length).toBeLessThan(100_000);

    const without = new Client({ connection: platform.connect() }).workflow.getHandle('large-1');
    await expect(without.result()).rejects.toThrow('[TMPRL1105]');
  });
  // The argument, which the activity got too, and the result.
  expect(driver.size).toBe(2);
});
