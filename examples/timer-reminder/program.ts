// A race of an activity with a timer.
import { Client } from 'millrace/client';
import { Worker } from 'millrace/worker';
import type { Program } from '../program.js';
import { modulePath } from '../workflows-path.js';
import { createActivities } from './activities.js';
import { processWithReminder } from './workflows.js';

export const program: Program = async ({ connection, namespace, taskQueue, id, say }) => {
  const client = new Client({ connection, namespace });
  const workflowsPath = modulePath('workflows', import.meta.url);
  const activities = createActivities(say);
  const worker = await Worker.create({ connection, namespace, taskQueue, workflowsPath, activities });
  await worker.runUntil(async () => {
    say(await client.workflow.execute(processWithReminder, { workflowId: id, taskQueue, args: [50] }));
  });
};
