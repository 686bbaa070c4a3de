// Activities that somebody else completes, by the token of the task or by the activity's id.
import { Client } from 'millrace/client';
import { Worker } from 'millrace/worker';
import type { Program } from '../program.js';
import { modulePath } from '../workflows-path.js';
import { createActivities } from './activities.js';
import { reimburse } from './workflows.js';

export const program: Program = async ({ connection, namespace, taskQueue, id, say }) => {
  const client = new Client({ connection, namespace });
  let onToken: (taskToken: Uint8Array) => void = () => {};
  const nextToken = () =>
    new Promise<Uint8Array>((resolve) => {
      onToken = resolve;
    });
  const workflowsPath = modulePath('workflows', import.meta.url);
  const activities = createActivities((taskToken) => onToken(taskToken));
  const worker = await Worker.create({ connection, namespace, taskQueue, workflowsPath, activities });
  const start = (workflowId: string, expense: string) =>
    client.workflow.start(reimburse, { workflowId, taskQueue, args: [expense] });
  await worker.runUntil(async () => {
    const token = nextToken();
    const lunch = await start(`${id}-lunch`, 'lunch');
    await client.activity.complete(await token, 'approved by Ada');
    say(await lunch.result());

    const asked = nextToken();
    const train = await start(`${id}-train`, 'train');
    await asked;
    await client.activity.complete({ workflowId: train.workflowId, activityId: 'approval' }, 'approved by Grace');
    say(await train.result());
  });
};
