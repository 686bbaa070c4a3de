// Search attributes and memo: given at the start, changed by the workflow, read from outside.
import { Client } from 'millrace/client';
import { Worker } from 'millrace/worker';
import type { Program } from '../program.js';
import { modulePath } from '../workflows-path.js';
import { city, items } from './attributes.js';
import { order } from './workflows.js';

export const program: Program = async ({ connection, namespace, taskQueue, id, say }) => {
  const client = new Client({ connection, namespace });
  const workflowsPath = modulePath('workflows', import.meta.url);
  const worker = await Worker.create({ connection, namespace, taskQueue, workflowsPath });
  await worker.runUntil(async () => {
    const handle = await client.workflow.start(order, {
      workflowId: id,
      taskQueue,
      memo: { note: 'new' },
      typedSearchAttributes: [
        { key: city, value: 'Oslo' },
        { key: items, value: 1 },
      ],
    });
    say(await handle.result());
    const { typedSearchAttributes, memo } = await handle.describe();
    say(`from outside: ${typedSearchAttributes.get(items)}, ${memo?.note}`);
  });
};
