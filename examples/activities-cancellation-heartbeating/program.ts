// Activities that go on where they were, and that are told to stop.
import { CancelledFailure, Client, WorkflowFailedError } from 'millrace/client';
import { Worker } from 'millrace/worker';
import type { Program } from '../program.js';
import { modulePath } from '../workflows-path.js';
import { cleanUp, copyFiles, createEndless } from './activities.js';
import { copy, outcome, pollForAWhile, pollUntilCancelled } from './workflows.js';

export const program: Program = async ({ connection, namespace, taskQueue, id, say }) => {
  const client = new Client({ connection, namespace });
  const workflowsPath = modulePath('workflows', import.meta.url);
  let onStart = () => {};
  const pollForever = createEndless(() => onStart());
  const activities = { cleanUp, copyFiles, pollForever };
  const worker = await Worker.create({ connection, namespace, taskQueue, workflowsPath, activities });
  await worker.runUntil(async () => {
    const args: [string[]] = [['a', 'b', 'c', 'd']];
    say(await client.workflow.execute(copy, { workflowId: `${id}-copy`, taskQueue, args }));
    say(await client.workflow.execute(pollForAWhile, { workflowId: `${id}-while`, taskQueue }));

    const started = new Promise<void>((resolve) => {
      onStart = resolve;
    });
    const handle = await client.workflow.start(pollUntilCancelled, { workflowId: id, taskQueue });
    await started;
    await handle.cancel();
    const failure = await handle.result().catch((error: unknown) => error);
    if (!(failure instanceof WorkflowFailedError)) throw failure;
    say(`cancelled: ${failure.cause instanceof CancelledFailure}, ${await handle.query(outcome)}`);
  });
};
