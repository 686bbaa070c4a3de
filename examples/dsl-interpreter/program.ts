// A workflow that is an interpreter: the script says which activities, and what is done at once.
import { Client } from 'millrace/client';
import { Worker } from 'millrace/worker';
import type { Program } from '../program.js';
import { modulePath } from '../workflows-path.js';
import * as activities from './activities.js';
import { interpret, type Script } from './workflows.js';

const script: Script = {
  variables: { item: 'tea' },
  root: {
    sequence: [
      {
        parallel: [
          { activity: { name: 'fetchPrice', args: ['item'], result: 'price' } },
          { activity: { name: 'fetchStock', args: ['item'], result: 'stock' } },
        ],
      },
      { activity: { name: 'report', args: ['price', 'stock'], result: 'report' } },
    ],
  },
};

export const program: Program = async ({ connection, namespace, taskQueue, id, say }) => {
  const client = new Client({ connection, namespace });
  const workflowsPath = modulePath('workflows', import.meta.url);
  const worker = await Worker.create({ connection, namespace, taskQueue, workflowsPath, activities });
  await worker.runUntil(async () => {
    const values = await client.workflow.execute(interpret, { workflowId: id, taskQueue, args: [script] });
    say(values.report ?? 'there is no report');
  });
};
