// A workflow that goes on for ever, in runs of bounded length.
import { Client } from 'millrace/client';
import { Worker } from 'millrace/worker';
import type { Program } from '../program.js';
import { modulePath } from '../workflows-path.js';
import { countDown } from './workflows.js';

export const program: Program = async ({ connection, namespace, taskQueue, id, say }) => {
  const client = new Client({ connection, namespace });
  const workflowsPath = modulePath('workflows', import.meta.url);
  const worker = await Worker.create({ connection, namespace, taskQueue, workflowsPath });
  await worker.runUntil(async () => {
    const handle = await client.workflow.start(countDown, { workflowId: id, taskQueue, args: [3] });
    say(`counted ${(await handle.result()).join(', ')}`);
    const last = await client.workflow.getHandle(id).describe();
    say(`the last run is ${last.runId === handle.firstExecutionRunId ? 'the first' : 'another than the first'}`);
  });
};
