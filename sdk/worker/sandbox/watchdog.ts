import type { ExecutionClock } from './execution-clock.js';

/** Looks at an entry before it is overdue. */
const LOOKS = 10;

/**
 * Reports workflow code that doesn't yield. Looks are counted instead of reading a clock: a machine that was
 * suspended, or a main thread that was busy, makes no looks and so blames nobody. A `timeout` of node:vm would do
 * without this, but it starts a thread at each entry: measured, 55 µs against 1 µs.
 */
export class Watchdog {
  readonly #clock: ExecutionClock;
  readonly #interval: NodeJS.Timeout;
  readonly #overdue: (taskId: number) => void;
  #entry = -1;
  #looks = 0;

  constructor(clock: ExecutionClock, timeoutMs: number, overdue: (taskId: number) => void) {
    this.#clock = clock;
    this.#overdue = overdue;
    this.#interval = setInterval(() => this.#look(), Math.max(1, timeoutMs / LOOKS));
    this.#interval.unref();
  }

  close(): void {
    clearInterval(this.#interval);
  }

  #look(): void {
    const now = this.#clock.read();
    if (now === undefined || now.entry !== this.#entry) {
      this.#entry = now?.entry ?? -1;
      this.#looks = 0;
      return;
    }
    this.#looks += 1;
    if (this.#looks < LOOKS) return;
    this.close();
    this.#overdue(now.taskId);
  }
}
