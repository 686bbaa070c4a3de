// A payload converter of one's own: values that JSON doesn't know.
import { Client } from 'millrace/client';
import { Worker } from 'millrace/worker';
import type { Program } from '../program.js';
import { builtModulePath, modulePath } from '../workflows-path.js';
import { factorial } from './workflows.js';

export const program: Program = async ({ connection, namespace, taskQueue, id, say }) => {
  const dataConverter = { payloadConverterPath: builtModulePath('payload-converter', import.meta.url) };
  const client = new Client({ connection, namespace, dataConverter });
  const workflowsPath = modulePath('workflows', import.meta.url);
  const worker = await Worker.create({ connection, namespace, taskQueue, workflowsPath, dataConverter });
  await worker.runUntil(async () => {
    say(`25! is ${await client.workflow.execute(factorial, { workflowId: id, taskQueue, args: [25n] })}`);
  });
};
