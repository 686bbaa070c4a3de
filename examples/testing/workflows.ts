import { condition, defineQuery, defineSignal, proxyActivities, setHandler } from 'millrace/workflow';
import type * as activities from './activities.js';

const { charge, sendMail } = proxyActivities<typeof activities>({ startToCloseTimeout: '1 minute' });

export const subscribe = defineSignal<[cents: number]>('subscribe');
export const isSubscribed = defineQuery<boolean>('isSubscribed');

/** Two weeks for free, with a reminder three days before they end. Returns the receipt, or null. */
export async function trial(customer: string): Promise<string | null> {
  let price: number | undefined;
  setHandler(subscribe, (cents) => {
    price = cents;
  });
  setHandler(isSubscribed, () => price !== undefined);

  await sendMail(customer, 'Welcome');
  if (!(await condition(() => price !== undefined, '11 days'))) {
    await sendMail(customer, 'Three days left');
    await condition(() => price !== undefined, '3 days');
  }
  if (price === undefined) {
    await sendMail(customer, 'Goodbye');
    return null;
  }
  return await charge(customer, price);
}
