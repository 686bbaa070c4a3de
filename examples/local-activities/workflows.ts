import { proxyLocalActivities } from 'millrace/workflow';
import type * as activities from './activities.js';

const { lookUp } = proxyLocalActivities<typeof activities>({ startToCloseTimeout: '2 seconds' });

/** Three quick look-ups in one workflow task: no queue stands between them. */
export async function priceOf(items: readonly string[]): Promise<number> {
  let sum = 0;
  for (const item of items) sum += await lookUp(item);
  return sum;
}
