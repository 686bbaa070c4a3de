// Handlers that wait without getting in each other's way, in a workflow that lives on in run after run.
import { Client, WorkflowUpdateFailedError } from 'millrace/client';
import { Worker } from 'millrace/worker';
import type { Program } from '../program.js';
import { modulePath } from '../workflows-path.js';
import * as activities from './activities.js';
import { assignNodes, deleteJob, manageCluster, renew, runs, shutDown } from './workflows.js';

export const program: Program = async ({ connection, namespace, taskQueue, id, say }) => {
  const client = new Client({ connection, namespace });
  const workflowsPath = modulePath('workflows', import.meta.url);
  const worker = await Worker.create({ connection, namespace, taskQueue, workflowsPath, activities });
  await worker.runUntil(async () => {
    const args: [null[]] = [[null, null, null, null]];
    await client.workflow.start(manageCluster, { workflowId: id, taskQueue, args });
    // Without a run: whichever there is.
    const handle = client.workflow.getHandle<typeof manageCluster>(id);
    const assign = (job: string, nodes: number) => handle.executeUpdate(assignNodes, { args: [{ job, nodes }] });

    const assigned = await Promise.all([assign('a', 2), assign('b', 2)]);
    say(`each node once: ${new Set(assigned.flat()).size === 4}`);
    const refusal = await assign('c', 1).catch((error: unknown) => error);
    say(`refused: ${refusal instanceof WorkflowUpdateFailedError && refusal.cause?.message}`);
    await handle.signal(renew);
    say(`deleted from ${await handle.executeUpdate(deleteJob, { args: ['a'] })} nodes`);
    say(`run ${await handle.query(runs)}`);
    say(`c has ${(await assign('c', 1)).length} node`);
    await handle.signal(shutDown);
    const jobs = await handle.result();
    say(
      `in the end: ${jobs
        .map((job) => job ?? 'free')
        .sort()
        .join(' ')}`,
    );
  });
};
