import { Client } from 'millrace/client';
import { NativeConnection } from 'millrace/worker';
import { environment } from './environment.js';
import { handleOrderFile } from './handle-order-file.js';
import { createOrderWorker } from './order-worker.js';
import { printHistory } from './print-history.js';
import { summarize, surprises } from './report.js';

// The whole example in one process: a worker, and the client that gives it the orders of the file.
// Attempts that fail are part of it, and the table tells how all ends: the log needn't report each.
process.env.MILLRACE_LOG_LEVEL ??= 'error';
const connection = await NativeConnection.connect();
const worker = await createOrderWorker(connection);
const client = new Client({ connection, namespace: environment.namespace });

await worker.runUntil(async () => {
  const run = await handleOrderFile(client, environment.ordersFile);
  const compensated = run.handled.find(({ outcome }) => 'undone' in outcome && outcome.undone.length > 1);
  if (compensated) await printHistory(client, compensated.workflowId);
  console.log(`\n${summarize(run)}`);
  process.exitCode = surprises(run).length === 0 ? 0 : 1;
});
await connection.close();
