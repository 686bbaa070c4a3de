// Sinks: what workflow code tells the outside, once and not on replays.
import { Client } from 'millrace/client';
import { type InjectedSinks, Worker } from 'millrace/worker';
import type { Program } from '../program.js';
import { modulePath } from '../workflows-path.js';
import { type AlertSinks, watched } from './workflows.js';

export const program: Program = async ({ connection, namespace, taskQueue, id, say }) => {
  const client = new Client({ connection, namespace });
  const sinks: InjectedSinks<AlertSinks> = {
    alerter: {
      alert: { fn: (info, message) => say(`alert from ${info.workflowType}: ${message}`), callDuringReplay: false },
    },
  };
  const workflowsPath = modulePath('workflows', import.meta.url);
  const worker = await Worker.create({ connection, namespace, taskQueue, workflowsPath, sinks });
  await worker.runUntil(async () => {
    say(await client.workflow.execute(watched, { workflowId: id, taskQueue }));
  });
};
