import { condition, defineSignal, patched, proxyActivities, setHandler } from 'millrace/workflow';
import type * as activities from './activities.js';

const { lookUpAddress, notifyByFax, notifyByMail } = proxyActivities<typeof activities>({
  startToCloseTimeout: '10 seconds',
});

export const go = defineSignal('go');

/** The same workflow, changed: runs that began before the change keep to the old way. */
export async function notify(): Promise<string> {
  let gone = false;
  setHandler(go, () => {
    gone = true;
  });
  const byMail = patched('by-mail');
  const address = byMail ? await lookUpAddress() : '';
  await condition(() => gone);
  return byMail ? notifyByMail(address) : notifyByFax();
}
