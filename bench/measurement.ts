import { percentile } from './percentile.js';
import type { ProcessorTime } from './processor-time.js';
import type { Traffic } from './traffic.js';

/** What one benchmark came to. */
export interface Measurement {
  readonly name: string;
  readonly p50Ms: number;
  readonly p99Ms: number;
  readonly maxMs: number;
  readonly perSecond: number;
  /** Against `kafka-roundtrip` of the same run: p50 to p50. */
  readonly ratio: number;
  readonly count: number;
  /** For each workflow; absent where none ran. */
  readonly traffic?: Traffic;
  /** Processor time that each process took, in milliseconds, over the measured part. */
  readonly processor?: ProcessorTime;
}

/** Times of single operations, and how long they took all together. */
export interface Samples {
  readonly samplesMs: readonly number[];
  readonly totalMs: number;
  /** Operations, where a sample holds several. */
  readonly operations?: number;
}

/** Runs an operation one after the other. The first `warmUp` runs don't count. */
export async function oneByOne(
  count: number,
  warmUp: number,
  operation: (index: number) => Promise<void>,
): Promise<Samples> {
  for (let index = 0; index < warmUp; index++) await operation(index);
  const samplesMs: number[] = [];
  const begin = performance.now();
  for (let index = 0; index < count; index++) {
    const start = performance.now();
    await operation(warmUp + index);
    samplesMs.push(performance.now() - start);
  }
  return { samplesMs, totalMs: performance.now() - begin };
}

/** Runs an operation `count` times with `inFlight` of them under way. The first `warmUp` runs don't count. */
export async function inFlight(
  count: number,
  warmUp: number,
  inFlight: number,
  operation: (index: number) => Promise<void>,
  onMeasured: () => void,
): Promise<Samples> {
  const samplesMs: number[] = [];
  const total = warmUp + count;
  let next = 0;
  let begin = 0;
  async function lane(): Promise<void> {
    while (next < total) {
      const index = next++;
      if (index === warmUp) {
        begin = performance.now();
        onMeasured();
      }
      const start = performance.now();
      await operation(index);
      if (index >= warmUp) samplesMs.push(performance.now() - start);
    }
  }
  await Promise.all(Array.from({ length: inFlight }, lane));
  return { samplesMs, totalMs: performance.now() - begin };
}

export function measurementOf(name: string, samples: Samples, roundtripMs: number): Measurement {
  const p50Ms = percentile(samples.samplesMs, 0.5);
  return {
    name,
    p50Ms,
    p99Ms: percentile(samples.samplesMs, 0.99),
    maxMs: percentile(samples.samplesMs, 1),
    perSecond: ((samples.operations ?? samples.samplesMs.length) * 1_000) / samples.totalMs,
    ratio: p50Ms / roundtripMs,
    count: samples.samplesMs.length,
  };
}
