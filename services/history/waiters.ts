import type { ReplyAddress } from '../../schemas/generated/messages.js';

/** Somebody who waits for something of a run. */
export interface Waiter {
  readonly to: ReplyAddress;
  readonly requestId: string;
}

/**
 * Who waits for which run. In memory only: askers ask again when the partition's owner changes. Beyond its bound
 * the longest wait is dropped, whose asker has most likely gone.
 */
export class Waiters<W extends Waiter> {
  readonly #most: number;
  readonly #byRun = new Map<string, Map<string, W>>();
  #size = 0;

  constructor(most: number) {
    this.#most = most;
  }

  get size(): number {
    return this.#size;
  }

  /** Adds a wait. The same request asked again waits once. */
  add(runId: string, waiter: W): void {
    const waiters = this.#byRun.get(runId) ?? new Map<string, W>();
    const key = `${waiter.to.asker}/${waiter.requestId}`;
    if (!waiters.has(key)) this.#size += 1;
    waiters.set(key, waiter);
    this.#byRun.set(runId, waiters);
    if (this.#size > this.#most) this.#dropOldest();
  }

  /** Takes out those who wait for the run. */
  take(runId: string): Iterable<W> {
    const waiters = this.#byRun.get(runId);
    if (waiters === undefined) return [];
    this.#byRun.delete(runId);
    this.#size -= waiters.size;
    return waiters.values();
  }

  #dropOldest(): void {
    for (const [runId, waiters] of this.#byRun) {
      for (const key of waiters.keys()) {
        waiters.delete(key);
        this.#size -= 1;
        if (waiters.size === 0) this.#byRun.delete(runId);
        return;
      }
    }
  }
}
