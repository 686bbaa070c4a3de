// Activities that must be done on the same host: each has a task queue of its own, beside the common one.
import { Client } from 'millrace/client';
import { Worker } from 'millrace/worker';
import type { Program } from '../program.js';
import { modulePath } from '../workflows-path.js';
import { countLetters, createCommonActivities, download, remove } from './activities.js';
import { processFile } from './workflows.js';

export const program: Program = async ({ connection, namespace, taskQueue, id, say }) => {
  const client = new Client({ connection, namespace });
  const ownTaskQueue = `${taskQueue}-host-1`;
  const common = await Worker.create({
    connection,
    namespace,
    taskQueue,
    workflowsPath: modulePath('workflows', import.meta.url),
    activities: createCommonActivities(ownTaskQueue),
  });
  const own = await Worker.create({
    connection,
    namespace,
    taskQueue: ownTaskQueue,
    activities: { countLetters, download, remove },
  });
  await own.runUntil(
    common.runUntil(async () => {
      const { letters, removed } = await client.workflow.execute(processFile, {
        workflowId: id,
        taskQueue,
        args: ['a short text'],
      });
      say(`${letters} letters, on the worker's own queue: ${removed === `removed on ${ownTaskQueue}`}`);
    }),
  );
};
