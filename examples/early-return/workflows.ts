import { condition, defineUpdate, log, proxyActivities, setHandler } from 'millrace/workflow';
import type * as activities from './activities.js';

const { check, settle } = proxyActivities<typeof activities>({ startToCloseTimeout: '10 seconds' });

/** Answers as soon as the payment was checked; the rest of the workflow takes its time. */
export const confirmed = defineUpdate<string>('confirmed');

export async function pay(amount: number): Promise<string> {
  let confirmation = '';
  setHandler(confirmed, async () => {
    await condition(() => confirmation !== '');
    return confirmation;
  });
  confirmation = await check(amount);
  log.info('confirmed', { confirmation });
  return settle(confirmation);
}
