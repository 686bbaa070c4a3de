// Changing the code of workflows that are running.
import { Client } from 'millrace/client';
import { Worker } from 'millrace/worker';
import type { Program } from '../program.js';
import { modulePath } from '../workflows-path.js';
import * as activities from './activities.js';
import { go, type notify } from './workflows-before.js';

export const program: Program = async ({ connection, namespace, taskQueue, id, say }) => {
  const client = new Client({ connection, namespace });
  const workerOf = (version: string) =>
    Worker.create({
      connection,
      namespace,
      taskQueue,
      workflowsPath: modulePath(`workflows-${version}`, import.meta.url),
      activities,
    });
  const start = (workflowId: string) => client.workflow.start<typeof notify>('notify', { workflowId, taskQueue });

  const old = await start(`${id}-old`);
  const before = await workerOf('before');
  // The query is answered once the code has run up to its first wait.
  await before.runUntil(async () => void (await old.query('__temporal_workflow_metadata')));
  say('the code is changed while the workflow waits');

  const after = await workerOf('after');
  await after.runUntil(async () => {
    const young = await start(`${id}-young`);
    await Promise.all([old.signal(go), young.signal(go)]);
    say(`begun before: ${await old.result()}`);
    say(`begun after: ${await young.result()}`);
  });
};
