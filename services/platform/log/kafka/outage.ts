import type { Logger } from '../../logger.js';

/** Shorter ones, a broker's restart within a cluster say, are nobody's concern. */
const NOTEWORTHY_MS = 2_000;
const REMIND_AFTER_MS = 15_000;

/**
 * Tells people of a time in which no broker answers. Everything above the log waits through it and tries again without a
 * word, so that there is one line in a while, and not one for each partition and request.
 */
export class Outage {
  readonly #logger: Logger;
  readonly #brokers: string;
  readonly #now: () => number;
  #since: number | undefined;
  #toldAt: number | undefined;

  constructor(logger: Logger, brokers: readonly string[], now = () => performance.now()) {
    this.#logger = logger;
    this.#brokers = brokers.join(', ');
    this.#now = now;
  }

  /** No broker answered. */
  noticed(reason: string): void {
    const now = this.#now();
    this.#since ??= now;
    if (now - this.#since < NOTEWORTHY_MS || now - (this.#toldAt ?? -REMIND_AFTER_MS) < REMIND_AFTER_MS) return;
    this.#toldAt = now;
    const facts = { brokers: this.#brokers, forMs: Math.round(now - this.#since), reason };
    this.#logger.warn('no Kafka broker answers: what is under way waits, and goes on when one does', facts);
  }

  /** A broker answered. */
  over(): void {
    if (this.#since === undefined) return;
    if (this.#toldAt !== undefined) {
      const facts = { brokers: this.#brokers, afterMs: Math.round(this.#now() - this.#since) };
      this.#logger.warn('Kafka answers again', facts);
    }
    this.#since = undefined;
    this.#toldAt = undefined;
  }
}
