// A workflow that is paused: what is sent to it waits, and nothing of it runs until somebody lets it go on.
import { Client } from 'millrace/client';
import { Worker } from 'millrace/worker';
import type { Program } from '../program.js';
import { modulePath } from '../workflows-path.js';
import * as activities from './activities.js';
import { order, pay } from './workflows.js';

export const program: Program = async ({ connection, namespace, taskQueue, id, say }) => {
  const client = new Client({ connection, namespace });
  const workflowsPath = modulePath('workflows', import.meta.url);
  const worker = await Worker.create({ connection, namespace, taskQueue, workflowsPath, activities });
  await worker.runUntil(async () => {
    const handle = await client.workflow.start(order, { workflowId: id, taskQueue, args: ['tea'] });
    await handle.pause('the shop is closed');
    await handle.signal(pay);
    const { status } = await handle.describe();
    say(`paid, and ${status.name}`);
    await handle.unpause('the shop is open');
    say(await handle.result());
  });
};
