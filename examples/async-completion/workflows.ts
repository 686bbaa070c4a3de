import { proxyActivities } from 'millrace/workflow';
import type { createActivities } from './activities.js';

const { approve } = proxyActivities<ReturnType<typeof createActivities>>({
  startToCloseTimeout: '1 day',
  activityId: 'approval',
});

export async function reimburse(expense: string): Promise<string> {
  return `${expense}: ${await approve(expense)}`;
}
