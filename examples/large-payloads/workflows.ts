import { proxyActivities } from 'millrace/workflow';
import type * as activities from './activities.js';

const { render } = proxyActivities<typeof activities>({ startToCloseTimeout: '10 seconds' });

export async function publish(pages: number): Promise<string> {
  return render(pages);
}
