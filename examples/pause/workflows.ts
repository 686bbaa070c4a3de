import { condition, defineSignal, proxyActivities, setHandler } from 'millrace/workflow';
import type * as activities from './activities.js';

const { ship } = proxyActivities<typeof activities>({ startToCloseTimeout: '10 seconds' });

export const pay = defineSignal('pay');

export async function order(name: string): Promise<string> {
  let isPaid = false;
  setHandler(pay, () => {
    isPaid = true;
  });
  await condition(() => isPaid);
  return ship(name);
}
