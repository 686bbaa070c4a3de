// Values larger than a record of Kafka: they are kept elsewhere, and what travels is a claim.
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Client } from 'millrace/client';
import { ExternalStorage } from 'millrace/common';
import { FileSystemStorageDriver } from 'millrace/external-storage';
import { Worker } from 'millrace/worker';
import type { Program } from '../program.js';
import { modulePath } from '../workflows-path.js';
import * as activities from './activities.js';
import { publish } from './workflows.js';

const MIB = 1024 * 1024;

export const program: Program = async ({ connection, namespace, taskQueue, id, say }) => {
  // A folder that clients and workers share; a driver of one's own may use any store.
  const directory = await mkdtemp(join(tmpdir(), 'millrace-example-'));
  const dataConverter = {
    externalStorage: new ExternalStorage({ drivers: [new FileSystemStorageDriver({ directory })] }),
  };
  const client = new Client({ connection, namespace, dataConverter });
  const workflowsPath = modulePath('workflows', import.meta.url);
  const worker = await Worker.create({ connection, namespace, taskQueue, workflowsPath, activities, dataConverter });
  try {
    await worker.runUntil(async () => {
      const text = await client.workflow.execute(publish, { workflowId: id, taskQueue, args: [200_000] });
      say(`${(text.length / MIB).toFixed(1)} MiB of text`);
      const { historySize } = await client.workflow.getHandle(id).describe();
      say(`in a history of less than 100 kB: ${historySize < 100_000}`);
    });
  } finally {
    await rm(directory, { recursive: true });
  }
};
