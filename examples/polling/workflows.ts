import { proxyActivities } from 'millrace/workflow';
import type * as activities from './activities.js';

/** Polls by the retry policy: each attempt looks once, and the wait between two never grows. */
const { look } = proxyActivities<ReturnType<typeof activities.createActivities>>({
  startToCloseTimeout: '2 seconds',
  retry: { backoffCoefficient: 1, initialInterval: '200 milliseconds' },
});

export async function poll(): Promise<string> {
  return look();
}
