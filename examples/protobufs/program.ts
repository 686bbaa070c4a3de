// Protobuf messages as arguments and results.
import { Client } from 'millrace/client';
import { Worker } from 'millrace/worker';
import type { Program } from '../program.js';
import { builtModulePath, modulePath } from '../workflows-path.js';
import type { Order as OrderMessage } from './root.js';
import type { double } from './workflows.js';

export const program: Program = async ({ connection, namespace, taskQueue, id, say }) => {
  // The converter's own root: a message of another one's is not known to it.
  const { Order } = await import(builtModulePath('root', import.meta.url));
  const dataConverter = { payloadConverterPath: builtModulePath('payload-converter', import.meta.url) };
  const client = new Client({ connection, namespace, dataConverter });
  const workflowsPath = modulePath('workflows', import.meta.url);
  const worker = await Worker.create({ connection, namespace, taskQueue, workflowsPath, dataConverter });
  await worker.runUntil(async () => {
    const args: [OrderMessage] = [Order.create({ item: 'tea', amount: 2 })];
    const { item, amount } = await client.workflow.execute<typeof double>('double', {
      workflowId: id,
      taskQueue,
      args,
    });
    say(`${amount} of ${item}`);
    const [started] = (await client.workflow.getHandle(id).fetchHistory()).events;
    const type = started?.type === 'WorkflowExecutionStarted' ? started.input[0]?.metadata.messageType : undefined;
    say(`the argument is a message of type ${Buffer.from(type ?? []).toString()}`);
  });
};
