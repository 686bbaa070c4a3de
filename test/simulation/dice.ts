import { randomFrom } from '../history/random.js';

/** Chance, as a function of the seed and of how often it was asked. */
export class Dice {
  readonly #random: () => number;

  constructor(seed: number) {
    this.#random = randomFrom(seed);
  }

  /** Whether something of this probability happens. */
  chance(probability: number): boolean {
    return this.#random() < probability;
  }

  /** A whole number from `low` to `high`, both included. */
  between(low: number, high: number): number {
    return low + Math.floor(this.#random() * (high - low + 1));
  }

  pick<T>(items: readonly T[]): T {
    const item = items[this.between(0, items.length - 1)];
    if (item === undefined) throw new RangeError('nothing to pick from');
    return item;
  }

  /** A time around `meanMs`: mostly shorter, now and then much longer. */
  spread(meanMs: number): number {
    return Math.round(-Math.log(1 - this.#random()) * meanMs);
  }

  /** Dice of its own for a part of the simulation, so that what one part asks doesn't change another's luck. */
  fork(): Dice {
    return new Dice(this.between(0, 2 ** 31));
  }
}
