// A saga: when a step fails for good, the steps before it are rolled back.
import { Client, WorkflowFailedError } from 'millrace/client';
import { rootCause } from 'millrace/common';
import { Worker } from 'millrace/worker';
import type { Program } from '../program.js';
import { modulePath } from '../workflows-path.js';
import { createActivities } from './activities.js';
import { bookTrip } from './workflows.js';

export const program: Program = async ({ connection, namespace, taskQueue, id, say }) => {
  const client = new Client({ connection, namespace });
  const bookings = new Set<string>();
  const workflowsPath = modulePath('workflows', import.meta.url);
  const activities = createActivities(bookings);
  const worker = await Worker.create({ connection, namespace, taskQueue, workflowsPath, activities });
  await worker.runUntil(async () => {
    try {
      await client.workflow.execute(bookTrip, { workflowId: id, taskQueue, args: ['Ada'] });
    } catch (error) {
      if (!(error instanceof WorkflowFailedError)) throw error;
      say(`${error.cause?.message}: ${rootCause(error.cause)}`);
    }
    say(`bookings left: ${bookings.size}`);
  });
};
