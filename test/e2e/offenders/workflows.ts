import { proxyActivities, sleep } from 'millrace/workflow';

const { greet } = proxyActivities<{ greet(name: string): Promise<string> }>({ startToCloseTimeout: '1 minute' });

export async function hello(name: string): Promise<string> {
  await sleep(1);
  return greet(name);
}

export async function neverYields(): Promise<void> {
  await sleep(1);
  for (;;);
}

export async function takesAllMemory(): Promise<void> {
  await sleep(1);
  const hoard: number[][] = [];
  for (;;) hoard.push(new Array<number>(1_000_000).fill(0.5));
}

export async function forgetsRejection(): Promise<void> {
  await sleep(1);
  void Promise.reject(new Error('nobody listens'));
  await sleep('1 hour');
}
