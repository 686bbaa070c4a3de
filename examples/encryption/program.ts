// A codec that encrypts: Kafka never has the key, nor a word that a workflow says.
import { randomBytes } from 'node:crypto';
import { Client, historyToJSON } from 'millrace/client';
import { Worker } from 'millrace/worker';
import type { Program } from '../program.js';
import { modulePath } from '../workflows-path.js';
import * as activities from './activities.js';
import { encryptionCodec } from './encryption-codec.js';
import { greetInSecret } from './workflows.js';

export const program: Program = async ({ connection, namespace, taskQueue, id, say }) => {
  const dataConverter = { payloadCodecs: [encryptionCodec(randomBytes(32))] };
  const client = new Client({ connection, namespace, dataConverter });
  const workflowsPath = modulePath('workflows', import.meta.url);
  const worker = await Worker.create({ connection, namespace, taskQueue, workflowsPath, activities, dataConverter });
  await worker.runUntil(async () => {
    say(await client.workflow.execute(greetInSecret, { workflowId: id, taskQueue, args: ['Ada'] }));
    const history = JSON.stringify(historyToJSON(await client.workflow.getHandle(id).fetchHistory()));
    const isReadable = history.includes(Buffer.from('"Ada"').toString('base64'));
    say(`the history can be read without the key: ${isReadable}`);
  });
};
