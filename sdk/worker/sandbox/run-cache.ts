// Runs kept ready for their next task, bounded by the memory that they may take.
import type { RunProgress } from './run-progress.js';

/**
 * A run's memory can't be measured from outside, so it is estimated. The constant covers the run itself and the state
 * of its modules (measured: 10 KiB with a bundle of two workflows, 29 KiB with one of thirty-five); the factor covers
 * what became of its history, since decoded values take a few times the room of their JSON.
 */
const BYTES_OF_A_RUN = 32 * 1024;
const BYTES_BY_HISTORY_BYTE = 4;

export class RunCache {
  readonly #maxBytes: number;
  /** Least recently used first. */
  readonly #runs = new Map<string, { readonly progress: RunProgress; readonly bytes: number }>();
  #bytes = 0;

  constructor(maxBytes: number) {
    this.#maxBytes = maxBytes;
  }

  /** Takes a run out: it is put back when its task is done, and only if it is fit for another. */
  take(runId: string): RunProgress | undefined {
    const entry = this.#runs.get(runId);
    if (entry === undefined) return undefined;
    this.#runs.delete(runId);
    this.#bytes -= entry.bytes;
    return entry.progress;
  }

  put(progress: RunProgress): void {
    this.take(progress.runId);
    const bytes = BYTES_OF_A_RUN + progress.historyBytes * BYTES_BY_HISTORY_BYTE;
    this.#runs.set(progress.runId, { progress, bytes });
    this.#bytes += bytes;
    for (const [runId] of this.#runs) {
      if (this.#bytes <= this.#maxBytes) return;
      this.take(runId);
    }
  }
}
