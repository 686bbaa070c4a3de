// Runs kept ready for their next task, bounded by the memory that they take.
import type { HeapMeter } from './heap-meter.js';
import type { RunProgress } from './run-progress.js';

/**
 * What one run takes can't be told from outside, only what all of them take: so each has a weight, and a full collection
 * tells what the weights are worth in bytes. The constant of a weight covers the run itself and the state of its modules
 * (measured: 10 KiB with a bundle of two workflows, 29 KiB with one of thirty-five); the factor covers what became of
 * its history, since decoded values take a few times the room of their JSON. A run of which one entry let the heap grow
 * by much weighs as much as that; growth by less is mostly garbage.
 */
const WEIGHT_OF_A_RUN = 32 * 1024;
const WEIGHT_OF_A_HISTORY_BYTE = 4;
const MUCH_GROWTH_BYTES = 1024 * 1024;

/** How far from the weights the measured bytes may lead: right after a start a collection measures little else than noise. */
const LEAST_WORTH = 1 / 8;
const MOST_WORTH = 64;

export interface RunCacheOptions {
  /** Bytes that the runs may take. */
  readonly maxBytes: number;
  readonly maxRuns?: number | undefined;
  /** Without one a weight is taken for bytes. */
  readonly heap?: HeapMeter | undefined;
}

export class RunCache {
  readonly #maxBytes: number;
  readonly #maxRuns: number;
  /** Least recently used first. */
  readonly #runs = new Map<string, { readonly progress: RunProgress; readonly weight: number }>();
  #weight = 0;
  /** Bytes for each unit of weight, by the last measure. */
  #worth = 1;

  constructor({ maxBytes, maxRuns = Number.POSITIVE_INFINITY, heap }: RunCacheOptions) {
    this.#maxBytes = maxBytes;
    this.#maxRuns = maxRuns;
    if (heap === undefined) return;
    let withoutRuns = heap.usedBytes();
    heap.onCollected(() => {
      const used = heap.usedBytes();
      if (this.#runs.size === 0) withoutRuns = used;
      else this.#measured(used - withoutRuns);
    });
  }

  get size(): number {
    return this.#runs.size;
  }

  /** Whether it is this run, in this state, that is kept. */
  has(progress: RunProgress): boolean {
    return this.#runs.get(progress.runId)?.progress === progress;
  }

  /** Takes a run out: it is put back when its task is done, and only if it is fit for another. */
  take(runId: string): RunProgress | undefined {
    const entry = this.#runs.get(runId);
    if (entry === undefined) return undefined;
    this.#runs.delete(runId);
    this.#weight -= entry.weight;
    return entry.progress;
  }

  /** One that would take more than half of the room is not kept: replaying it costs less than replaying all others. */
  put(progress: RunProgress): void {
    this.take(progress.runId);
    const byHistory = WEIGHT_OF_A_RUN + progress.historyBytes * WEIGHT_OF_A_HISTORY_BYTE;
    const { heapGrowthBytes } = progress.run;
    const weight = heapGrowthBytes > MUCH_GROWTH_BYTES ? Math.max(byHistory, heapGrowthBytes) : byHistory;
    if (weight * this.#worth > this.#maxBytes / 2) {
      progress.localActivities.dispose();
      return;
    }
    this.#runs.set(progress.runId, { progress, weight });
    this.#weight += weight;
    this.#evict();
  }

  #measured(bytes: number): void {
    this.#worth = Math.min(MOST_WORTH, Math.max(LEAST_WORTH, bytes / this.#weight));
    this.#evict();
  }

  #evict(): void {
    for (const [runId] of this.#runs) {
      if (this.#weight * this.#worth <= this.#maxBytes && this.#runs.size <= this.#maxRuns) return;
      this.take(runId)?.localActivities.dispose();
    }
  }
}
