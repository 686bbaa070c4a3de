import { proxyActivities } from 'millrace/workflow';
import type * as activities from './activities.js';

const { whoCalls } = proxyActivities<typeof activities>({ startToCloseTimeout: '10 seconds' });

/** Knows nothing of callers. */
export async function ask(): Promise<string> {
  return whoCalls();
}
