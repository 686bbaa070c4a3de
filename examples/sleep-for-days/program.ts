// A sleep of a month that a signal ends at once.
import { Client } from 'millrace/client';
import { Worker } from 'millrace/worker';
import type { Program } from '../program.js';
import { modulePath } from '../workflows-path.js';
import { createActivities } from './activities.js';
import { complete, remindMonthly } from './workflows.js';

export const program: Program = async ({ connection, namespace, taskQueue, id, say }) => {
  const client = new Client({ connection, namespace });
  let onMail: (text: string) => void = () => {};
  const firstMail = new Promise<string>((resolve) => {
    onMail = resolve;
  });
  const workflowsPath = modulePath('workflows', import.meta.url);
  const activities = createActivities((text) => onMail(text));
  const worker = await Worker.create({ connection, namespace, taskQueue, workflowsPath, activities });
  await worker.runUntil(async () => {
    const handle = await client.workflow.start(remindMonthly, { workflowId: id, taskQueue });
    say(await firstMail);
    await handle.signal(complete);
    say(await handle.result());
  });
};
