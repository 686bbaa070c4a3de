import { condition, defineSignal, proxyActivities, setHandler } from 'millrace/workflow';
import type * as activities from './activities.js';

const { notifyByFax } = proxyActivities<typeof activities>({ startToCloseTimeout: '10 seconds' });

export const go = defineSignal('go');

export async function notify(): Promise<string> {
  let gone = false;
  setHandler(go, () => {
    gone = true;
  });
  await condition(() => gone);
  return notifyByFax();
}
