// Later versions of workflows whose histories the earlier ones wrote.
import { proxyActivities, sleep } from 'millrace/workflow';

const activities = proxyActivities<Record<string, (arg: unknown) => Promise<string>>>({ startToCloseTimeout: 1_000 });

export async function hello(name: string): Promise<string> {
  await sleep(5_000);
  return `${await activities.greet?.(name)}!`;
}

export async function renamed(name: string): Promise<string> {
  return (await activities.welcome?.(name)) ?? '';
}

export async function shorter(): Promise<string> {
  return 'nothing to do any more';
}
