// Update with start: one call starts the workflow and waits for its first answer.
import { Client, WithStartWorkflowOperation } from 'millrace/client';
import { Worker } from 'millrace/worker';
import type { Program } from '../program.js';
import { modulePath } from '../workflows-path.js';
import * as activities from './activities.js';
import { confirmed, pay } from './workflows.js';

export const program: Program = async ({ connection, namespace, taskQueue, id, say }) => {
  const client = new Client({ connection, namespace });
  const workflowsPath = modulePath('workflows', import.meta.url);
  const worker = await Worker.create({ connection, namespace, taskQueue, workflowsPath, activities });
  await worker.runUntil(async () => {
    const startWorkflowOperation = new WithStartWorkflowOperation(pay, {
      workflowId: id,
      taskQueue,
      args: [100],
      workflowIdConflictPolicy: 'FAIL',
    });
    say(await client.workflow.executeUpdateWithStart(confirmed, { startWorkflowOperation }));
    const handle = await startWorkflowOperation.workflowHandle();
    say(await handle.result());
  });
};
