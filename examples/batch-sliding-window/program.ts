// A batch of any length: a window of children that slides over it, and runs that hand it on.
import { Client } from 'millrace/client';
import { Worker } from 'millrace/worker';
import type { Program } from '../program.js';
import { modulePath } from '../workflows-path.js';
import { processBatch } from './workflows.js';

export const program: Program = async ({ connection, namespace, taskQueue, id, say }) => {
  const client = new Client({ connection, namespace });
  const workflowsPath = modulePath('workflows', import.meta.url);
  const worker = await Worker.create({ connection, namespace, taskQueue, workflowsPath });
  await worker.runUntil(async () => {
    const batch = { records: 6, window: 2, perRun: 3 };
    const { runs, done } = await client.workflow.execute(processBatch, { workflowId: id, taskQueue, args: [batch] });
    say(`${done} records in ${runs} runs`);
  });
};
