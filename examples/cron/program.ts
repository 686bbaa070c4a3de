// A workflow that runs again and again by a cron schedule, until it is terminated.
import { Client, TerminatedFailure, WorkflowFailedError } from 'millrace/client';
import { Worker } from 'millrace/worker';
import type { Program } from '../program.js';
import { modulePath } from '../workflows-path.js';
import { createActivities } from './activities.js';
import { countRuns } from './workflows.js';

export const program: Program = async ({ connection, namespace, taskQueue, id, say }) => {
  const client = new Client({ connection, namespace });
  const runs: number[] = [];
  let onSecond = () => {};
  const second = new Promise<void>((resolve) => {
    onSecond = resolve;
  });
  const activities = createActivities((run) => {
    runs.push(run);
    if (run === 2) onSecond();
  });
  const workflowsPath = modulePath('workflows', import.meta.url);
  const worker = await Worker.create({ connection, namespace, taskQueue, workflowsPath, activities });
  await worker.runUntil(async () => {
    const handle = await client.workflow.start(countRuns, { workflowId: id, taskQueue, cronSchedule: '@every 1s' });
    await second;
    await client.workflow.getHandle(id).terminate('it has run often enough');
    say(`run ${runs.slice(0, 2).join(' and ')}`);
    const failure = await handle.result().catch((error: unknown) => error);
    say(`terminated: ${failure instanceof WorkflowFailedError && failure.cause instanceof TerminatedFailure}`);
  });
};
