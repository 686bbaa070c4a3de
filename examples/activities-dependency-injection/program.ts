// Activities that are given what they use: they are the closures of a function.
import { Client } from 'millrace/client';
import { Worker } from 'millrace/worker';
import type { Program } from '../program.js';
import { modulePath } from '../workflows-path.js';
import { createActivities } from './activities.js';
import { translateAll } from './workflows.js';

export const program: Program = async ({ connection, namespace, taskQueue, id, say }) => {
  const client = new Client({ connection, namespace });
  const finnish = new Map([
    ['good', 'hyvää'],
    ['morning', 'huomenta'],
  ]);
  const activities = createActivities({ lookUp: async (word) => finnish.get(word) });
  const workflowsPath = modulePath('workflows', import.meta.url);
  const worker = await Worker.create({ connection, namespace, taskQueue, workflowsPath, activities });
  await worker.runUntil(async () => {
    const args: [string[]] = [['good', 'morning', 'Ada']];
    say(await client.workflow.execute(translateAll, { workflowId: id, taskQueue, args }));
  });
};
