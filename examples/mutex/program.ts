// A lock between workflows: signal-with-start, signals from workflow to workflow.
import { Client } from 'millrace/client';
import { Worker } from 'millrace/worker';
import type { Program } from '../program.js';
import { modulePath } from '../workflows-path.js';
import { createActivities } from './activities.js';
import { lonelyWork } from './workflows.js';

export const program: Program = async ({ connection, namespace, taskQueue, id, say }) => {
  const client = new Client({ connection, namespace });
  const notes: string[] = [];
  const workflowsPath = modulePath('workflows', import.meta.url);
  const activities = createActivities(client, taskQueue, notes);
  const worker = await Worker.create({ connection, namespace, taskQueue, workflowsPath, activities });
  await worker.runUntil(async () => {
    const work = [1, 2, 3].map((n) =>
      client.workflow.execute(lonelyWork, { workflowId: `${id}-${n}`, taskQueue, args: [`${id}-lock`] }),
    );
    await Promise.all(work);
    say(notes.join(' '));
    await client.workflow.getHandle(`${id}-lock`).result();
    say('the lock has gone');
  });
};
