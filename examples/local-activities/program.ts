// Local activities: short calls that run in the worker itself.
import { Client } from 'millrace/client';
import { Worker } from 'millrace/worker';
import type { Program } from '../program.js';
import { modulePath } from '../workflows-path.js';
import * as activities from './activities.js';
import { priceOf } from './workflows.js';

export const program: Program = async ({ connection, namespace, taskQueue, id, say }) => {
  const client = new Client({ connection, namespace });
  const workflowsPath = modulePath('workflows', import.meta.url);
  const worker = await Worker.create({
    connection,
    namespace,
    taskQueue,
    workflowsPath,
    activities,
    enableNonLocalActivities: false,
  });
  await worker.runUntil(async () => {
    const args: [string[]] = [['tea', 'bread', 'tea']];
    say(`it costs ${await client.workflow.execute(priceOf, { workflowId: id, taskQueue, args })}`);
    const { events } = await client.workflow.getHandle(id).fetchHistory();
    say(`workflow tasks: ${events.filter(({ type }) => type === 'WorkflowTaskCompleted').length}`);
  });
};
