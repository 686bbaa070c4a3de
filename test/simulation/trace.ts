import { createHash } from 'node:crypto';

/** Steps kept for the report of a failure. */
const KEPT_STEPS = 20_000;

interface Line {
  readonly atMs: number;
  readonly who: string;
  readonly what: string;
}

/** What happened in a simulation, in order: a fingerprint of all of it, and the last steps in words. */
export class Trace {
  readonly #hash = createHash('sha256');
  #lines: Line[] = [];

  add(atMs: number, who: string, what: string): void {
    this.#hash.update(`${atMs} ${who} ${what}\n`);
    this.#lines.push({ atMs, who, what });
    if (this.#lines.length > 2 * KEPT_STEPS) this.#lines = this.#lines.slice(-KEPT_STEPS);
  }

  /** Only for the fingerprint. */
  addSilently(fact: string): void {
    this.#hash.update(`${fact}\n`);
  }

  /** The same for two simulations only if they went the same way. The trace ends here. */
  fingerprint(): string {
    return this.#hash.digest('hex');
  }

  /** The last steps, or those that mention one of the words; times in milliseconds since `startMs`. */
  last(count: number, startMs: number, words: readonly string[] = []): string[] {
    const concerned = this.#lines.filter(
      ({ who, what }) => words.length === 0 || words.some((word) => who.includes(word) || what.includes(word)),
    );
    return concerned
      .slice(-count)
      .map(({ atMs, who, what }) => `${String(atMs - startMs).padStart(9)} ${who.padEnd(14)} ${what}`);
  }
}
