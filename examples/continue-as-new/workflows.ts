import { continueAsNew, sleep } from 'millrace/workflow';

/** Counts down, a run for each number: no history grows beyond its few events. */
export async function countDown(from: number, seen: readonly number[] = []): Promise<number[]> {
  await sleep(10);
  const all = [...seen, from];
  if (from === 0) return all;
  return continueAsNew<typeof countDown>(from - 1, all);
}
