// A durable timer whose end is moved by a signal.
import { Client } from 'millrace/client';
import { Worker } from 'millrace/worker';
import type { Program } from '../program.js';
import { modulePath } from '../workflows-path.js';
import { setDeadline, timeLeft, waitUntil } from './workflows.js';

const DAY_MS = 24 * 60 * 60 * 1000;

export const program: Program = async ({ connection, namespace, taskQueue, id, say }) => {
  const client = new Client({ connection, namespace });
  const workflowsPath = modulePath('workflows', import.meta.url);
  const worker = await Worker.create({ connection, namespace, taskQueue, workflowsPath });
  await worker.runUntil(async () => {
    const args: [number] = [Date.now() + DAY_MS];
    const handle = await client.workflow.start(waitUntil, { workflowId: id, taskQueue, args });
    say(`more than an hour left: ${(await handle.query(timeLeft)) > DAY_MS / 24}`);
    await handle.signal(setDeadline, Date.now() + 100);
    say(await handle.result());
  });
};
