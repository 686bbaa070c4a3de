// A workflow that does a step anew, and keeps what was done before it.
import { Client } from 'millrace/client';
import { Worker } from 'millrace/worker';
import type { Program } from '../program.js';
import { modulePath } from '../workflows-path.js';
import { Shop } from './shop.js';
import { deliver, ship } from './workflows.js';

export const program: Program = async ({ connection, namespace, taskQueue, id, say }) => {
  const client = new Client({ connection, namespace });
  const shop = new Shop();
  const workflowsPath = modulePath('workflows', import.meta.url);
  const { activities } = shop;
  const worker = await Worker.create({ connection, namespace, taskQueue, workflowsPath, activities });
  await worker.runUntil(async () => {
    const firstLabel = new Promise<string>((resolve) => {
      shop.onLabel = resolve;
    });
    await client.workflow.start(deliver, { workflowId: id, taskQueue, args: ['tea'] });
    say(`a label ${await firstLabel}, where nobody lives any more`);

    shop.address = 'New Street 2';
    // Without a run: whichever is the current one.
    const handle = client.workflow.getHandle<typeof deliver>(id);
    await handle.reset({ toActivity: 'printLabel', reason: 'the customer has moved' });
    await handle.signal(ship);
    say(await handle.result());
    say(`reservations: ${shop.reservations}`);
  });
};
