import type { ExecutionClock } from './execution-clock.js';

/** Looks at an entry before it is overdue. */
const LOOKS = 10;

export interface WatchdogOptions {
  readonly clock: ExecutionClock;
  readonly timeoutMs: number;
  /** By how much the process may grow during one entry. The heap of the thread has a limit; what buffers hold beside it has none. */
  readonly maxGrowthBytes: number;
  readonly overdue: (taskId: number) => void;
  readonly exhausted: (taskId: number) => void;
}

/**
 * Reports workflow code that doesn't yield, or takes all memory. Looks are counted instead of reading a clock: a machine
 * that was suspended, or a main thread that was busy, makes no looks and so blames nobody. A `timeout` of node:vm would
 * do without this, but it starts a thread at each entry: measured, 55 µs against 1 µs.
 */
export class Watchdog {
  readonly #options: WatchdogOptions;
  readonly #interval: NodeJS.Timeout;
  #entry = -1;
  #looks = 0;
  /** Of the process when the entry was first seen. */
  #residentBytes = 0;

  constructor(options: WatchdogOptions) {
    this.#options = options;
    this.#interval = setInterval(() => this.#look(), Math.max(1, options.timeoutMs / LOOKS));
    this.#interval.unref();
  }

  close(): void {
    clearInterval(this.#interval);
  }

  #look(): void {
    const now = this.#options.clock.read();
    if (now === undefined) {
      this.#entry = -1;
      return;
    }
    const residentBytes = process.memoryUsage.rss();
    if (now.entry !== this.#entry) {
      this.#entry = now.entry;
      this.#looks = 0;
      this.#residentBytes = residentBytes;
      return;
    }
    this.#looks += 1;
    const { maxGrowthBytes, exhausted, overdue } = this.#options;
    if (residentBytes - this.#residentBytes > maxGrowthBytes) this.#bite(exhausted, now.taskId);
    else if (this.#looks >= LOOKS) this.#bite(overdue, now.taskId);
  }

  #bite(report: (taskId: number) => void, taskId: number): void {
    this.close();
    report(taskId);
  }
}
