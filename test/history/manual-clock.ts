import type { Clock } from '../../services/platform/clock.js';

/** A clock that stands still until it is moved. */
export class ManualClock implements Clock {
  #now: number;
  #timers: Array<{ readonly atMs: number; readonly fire: () => void }> = [];

  constructor(now = 1_700_000_000_000) {
    this.#now = now;
  }

  now(): number {
    return this.#now;
  }

  setTimer(atMs: number, fire: () => void): () => void {
    const timer = { atMs, fire };
    this.#timers.push(timer);
    return () => {
      this.#timers = this.#timers.filter((other) => other !== timer);
    };
  }

  /** Moves on, and fires what falls due on the way, in order. */
  advance(ms: number): void {
    const until = this.#now + ms;
    for (;;) {
      const next = this.#timers.reduce((a, b) => (b.atMs < a.atMs ? b : a), { atMs: Infinity, fire: () => {} });
      if (next.atMs > until) break;
      this.#timers = this.#timers.filter((timer) => timer !== next);
      this.#now = Math.max(this.#now, next.atMs);
      next.fire();
    }
    this.#now = until;
  }

  /** As a wall clock that is set: jumps without firing anything. */
  jump(ms: number): void {
    this.#now += ms;
  }
}
