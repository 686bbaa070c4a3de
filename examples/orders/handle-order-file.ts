import type { Client } from 'millrace/client';
import { readOrderFile } from './read-orders.js';
import type { Run } from './report.js';
import { startOrders } from './start-orders.js';

const CONCURRENT_ORDERS = 100;
const TELL_EVERY_ORDERS = 50;

/** Handles a whole file: bad lines are reported and left out, the rest run as workflows. */
export async function handleOrderFile(client: Client, path: string): Promise<Run> {
  const { orders, refused } = await readOrderFile(path);
  for (const { lineNumber, reason, message } of refused) console.log(`${path}:${lineNumber} ${reason}: ${message}`);

  const startedAt = Date.now();
  let count = 0;
  const onHandled = () => {
    count += 1;
    if (count % TELL_EVERY_ORDERS === 0) console.log(`${count} of ${orders.length} orders handled`);
  };
  const handled = await startOrders({ client, orders, concurrency: CONCURRENT_ORDERS, onHandled });
  return { handled, refused, tookMs: Date.now() - startedAt };
}
