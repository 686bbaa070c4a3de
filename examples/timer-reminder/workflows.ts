import { proxyActivities, sleep } from 'millrace/workflow';
import type { createActivities } from './activities.js';

const { processOrder, sendReminder } = proxyActivities<ReturnType<typeof createActivities>>({
  startToCloseTimeout: '1 minute',
});

/** Reminds of an order that takes too long, and waits on. */
export async function processWithReminder(patienceMs: number): Promise<string> {
  let isProcessing = true;
  const order = processOrder().then(() => {
    isProcessing = false;
  });
  await Promise.race([order, sleep(patienceMs)]);
  if (isProcessing) {
    await sendReminder();
    await order;
  }
  return 'the order is processed';
}
