import { proxyActivities, sleep } from 'millrace/workflow';
import type * as activities from './activities.js';

const { greet, next } = proxyActivities<typeof activities>({ startToCloseTimeout: '30s' });

/** One activity. */
export async function hello(name: string): Promise<string> {
  return greet(name);
}

/** Activities one after the other; returns the time of each, in milliseconds, as the activities saw it. */
export async function steps(count: number): Promise<number[]> {
  const times: number[] = [];
  let last = await next();
  for (let step = 0; step < count; step++) {
    const now = await next();
    times.push(now - last);
    last = now;
  }
  return times;
}

/** An open workflow that waits. */
export async function sleeper(): Promise<void> {
  await sleep('30 days');
}
