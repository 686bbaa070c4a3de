import { setTimeout as delay } from 'node:timers/promises';

const firstDelayMs = 10;
/** Short, as brokers come back within seconds and an owner that waits keeps its whole partition waiting. */
const maxDelayMs = 400;

/** Waits a little longer each time, with jitter, until it is told that things went well. */
export class Backoff {
  #delayMs = firstDelayMs;

  reset(): void {
    this.#delayMs = firstDelayMs;
  }

  /** Resolves early when the signal aborts. */
  async wait(signal?: AbortSignal): Promise<void> {
    const delayMs = this.#delayMs * (0.75 + Math.random() / 2);
    this.#delayMs = Math.min(this.#delayMs * 2, maxDelayMs);
    // The signal is the only reason to reject, and the caller checks it.
    await delay(delayMs, undefined, signal === undefined ? {} : { signal }).catch(() => {});
  }
}

/** A point in time to give up at. */
export class Deadline {
  readonly #atMs: number;

  constructor(timeoutMs: number) {
    this.#atMs = performance.now() + timeoutMs;
  }

  get passed(): boolean {
    return performance.now() >= this.#atMs;
  }
}
