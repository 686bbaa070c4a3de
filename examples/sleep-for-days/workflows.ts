import { condition, defineSignal, proxyActivities, setHandler, sleep } from 'millrace/workflow';
import type { createActivities } from './activities.js';

const { sendMail } = proxyActivities<ReturnType<typeof createActivities>>({ startToCloseTimeout: '10 seconds' });

export const complete = defineSignal('complete');

/** Sends a mail every 30 days, for as long as nobody says that it is enough. No process has to live that long. */
export async function remindMonthly(): Promise<string> {
  let isComplete = false;
  setHandler(complete, () => {
    isComplete = true;
  });
  for (let mails = 1; ; mails++) {
    await sendMail(`mail ${mails}, the next in 30 days`);
    await Promise.race([sleep('30 days'), condition(() => isComplete)]);
    if (isComplete) return `enough after ${mails} mail`;
  }
}
