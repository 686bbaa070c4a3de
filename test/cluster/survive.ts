import type { Workload } from './workload.js';

/** Makes a fault and returns what mends it. */
export type Fault = () => Promise<() => Promise<void>>;

/**
 * Makes a fault, waits until every partition goes on in spite of it, mends it, and waits again. Says how long it took:
 * the figures of docs/operating/reliability.md are these.
 */
export async function survive(workload: Workload, name: string, fault: Fault): Promise<void> {
  const mend = await fault();
  const during = await workload.progress();
  const mendingSince = performance.now();
  await mend();
  const mending = performance.now() - mendingSince;
  const after = await workload.progress();
  const outcome = `every partition went on after ${seconds(during)}, and ${seconds(after)} after it was mended`;
  console.info(`${name}: ${outcome} (which took ${seconds(mending)})`);
}

function seconds(ms: number): string {
  return `${(ms / 1_000).toFixed(1)} s`;
}
