// Child workflows: many at once, and one that outlives its parent.
import { Client } from 'millrace/client';
import { Worker } from 'millrace/worker';
import type { Program } from '../program.js';
import { modulePath } from '../workflows-path.js';
import { greetAll, leavesChild } from './workflows.js';

export const program: Program = async ({ connection, namespace, taskQueue, id, say }) => {
  const client = new Client({ connection, namespace });
  const workflowsPath = modulePath('workflows', import.meta.url);
  const worker = await Worker.create({ connection, namespace, taskQueue, workflowsPath });
  await worker.runUntil(async () => {
    const args: [string[]] = [['Ada', 'Grace']];
    const greetings = await client.workflow.execute(greetAll, { workflowId: id, taskQueue, args });
    for (const greeting of greetings) say(greeting);
    const childId = `${id}-child`;
    await client.workflow.execute(leavesChild, { workflowId: `${id}-parent`, taskQueue, args: [childId] });
    say(await client.workflow.getHandle(childId).result());
  });
};
