// How well the log is doing: how long its answers take and what it gets wrong, by the seed.
import { LogError } from '../../services/platform/log/errors.js';
import { murmur2 } from '../../services/platform/partitioner.js';
import type { Dice } from './dice.js';

export const BROKERS = 3;

/** How often each kind of mishap befalls an operation that writes. */
export interface Mishaps {
  /** Refused before it took effect. */
  readonly refused: number;
  /** It took effect and the answer is lost: the caller is told that the outcome is unknown. */
  readonly answerLost: number;
  /** The caller is told that the outcome is unknown, and it takes effect later. */
  readonly lateEffect: number;
  /** It takes effect twice. Only for what is at least once. */
  readonly doubled: number;
  /** It takes much longer. */
  readonly slow: number;
}

export type Fate = 'done' | 'refused' | 'answer-lost' | 'late-effect' | 'doubled';

const fair: Mishaps = { refused: 0, answerLost: 0, lateEffect: 0, doubled: 0, slow: 0 };

export class Weather {
  readonly #dice: Dice;
  #mishaps: Mishaps;
  #latencyMs: number;
  /** When the outage of a topic's partition, or of everything (''), is over. */
  readonly #slowUntil = new Map<string, number>();
  #outageUntilMs = 0;
  /** Until when each broker is gone. */
  readonly #lostUntil = new Map<number, number>();

  constructor(dice: Dice) {
    this.#dice = dice;
    const level = dice.pick([0, 0.002, 0.01, 0.04]);
    const some = () => (dice.chance(0.7) ? level : 0);
    this.#mishaps = {
      refused: some(),
      answerLost: some(),
      lateEffect: some(),
      doubled: some(),
      slow: dice.pick([0, 0.01, 0.05]),
    };
    this.#latencyMs = dice.pick([0, 1, 5, 30]);
  }

  /** From here on nothing goes wrong. */
  clear(): void {
    this.#mishaps = fair;
    this.#latencyMs = 1;
    this.#slowUntil.clear();
    this.#outageUntilMs = 0;
    this.#lostUntil.clear();
  }

  slowDown(place: string, untilMs: number): void {
    this.#slowUntil.set(place, untilMs);
  }

  cutOff(untilMs: number): void {
    this.#outageUntilMs = untilMs;
  }

  /** A broker is gone, and with it the partitions that it leads: nothing is written there and nothing comes from there. */
  loseBroker(broker: number, untilMs: number): void {
    this.#lostUntil.set(broker, untilMs);
  }

  /** Time on the way to the log or back. */
  latencyMs(place: string, nowMs: number): number {
    const isSlow = (this.#slowUntil.get(place) ?? 0) > nowMs || this.#dice.chance(this.#mishaps.slow);
    const usualMs = this.#latencyMs === 0 ? 0 : this.#dice.between(0, this.#latencyMs);
    const awayMs = Math.max(0, this.#lostUntilOf(place) - nowMs);
    return awayMs + (isSlow ? usualMs + this.#dice.spread(800) : usualMs);
  }

  fate(place: string, nowMs: number): Fate {
    if (Math.max(this.#outageUntilMs, this.#lostUntilOf(place)) > nowMs)
      return this.#dice.pick(['refused', 'refused', 'answer-lost']);
    const { refused, answerLost, lateEffect, doubled } = this.#mishaps;
    if (this.#dice.chance(refused)) return 'refused';
    if (this.#dice.chance(answerLost)) return 'answer-lost';
    if (this.#dice.chance(lateEffect)) return 'late-effect';
    return this.#dice.chance(doubled) ? 'doubled' : 'done';
  }

  /** Places are spread over the brokers; groups, which have none of their own, are coordinated by the one that no name leads to. */
  #lostUntilOf(place: string): number {
    return this.#lostUntil.get((murmur2(place) & 0x7fffffff) % BROKERS) ?? 0;
  }
}

export function unavailable(): LogError {
  return new LogError('LOG_UNAVAILABLE', 'the simulated broker did not answer: the outcome is unknown');
}
