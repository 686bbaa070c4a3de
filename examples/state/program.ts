// A workflow as a place for state: set by signals, read by queries, ended by a cancellation.
import { Client, WorkflowFailedError } from 'millrace/client';
import { CancelledFailure } from 'millrace/common';
import { Worker } from 'millrace/worker';
import type { Program } from '../program.js';
import { modulePath } from '../workflows-path.js';
import { getValue, keepState, setValue } from './workflows.js';

export const program: Program = async ({ connection, namespace, taskQueue, id, say }) => {
  const client = new Client({ connection, namespace });
  const workflowsPath = modulePath('workflows', import.meta.url);
  const worker = await Worker.create({ connection, namespace, taskQueue, workflowsPath });
  await worker.runUntil(async () => {
    const handle = await client.workflow.start(keepState, { workflowId: id, taskQueue });
    await handle.signal(setValue, 'meaning', 42);
    say(`meaning: ${await handle.query(getValue, 'meaning')}, other: ${await handle.query(getValue, 'other')}`);
    await handle.cancel();
    const error = await handle.result().catch((reason: unknown) => reason);
    say(`cancelled: ${error instanceof WorkflowFailedError && error.cause instanceof CancelledFailure}`);
  });
};
