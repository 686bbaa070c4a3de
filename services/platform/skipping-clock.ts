import { type Clock, systemClock } from './clock.js';
import { ClockShift } from './clock-shift.js';

interface Timer {
  readonly atMs: number;
  readonly fire: () => void;
  isOff: boolean;
}

/** A clock that goes as another one does, and can be set forward to its next timer. */
export class SkippingClock implements Clock {
  readonly shift = new ClockShift();
  readonly #base: Clock;
  /** In the order in which they fire. */
  #timers: Timer[] = [];
  #callOffBase: () => void = () => undefined;

  constructor(base: Clock = systemClock) {
    this.#base = base;
  }

  now(): number {
    return this.#base.now() + this.shift.ms;
  }

  setTimer(atMs: number, fire: () => void): () => void {
    const timer: Timer = { atMs, fire, isOff: false };
    const before = this.#timers.findLastIndex((other) => other.atMs <= atMs);
    this.#timers.splice(before + 1, 0, timer);
    if (this.#timers[0] === timer) this.#wind();
    return () => {
      timer.isOff = true;
      const index = this.#timers.indexOf(timer);
      if (index < 0) return;
      this.#timers.splice(index, 1);
      if (index === 0) this.#wind();
    };
  }

  /** Sets the clock forward to the next timer and fires what is due then, in order. Returns whether there was one. */
  skip(): boolean {
    const [next] = this.#timers;
    if (next === undefined) return false;
    this.shift.grow(Math.max(0, Math.ceil(next.atMs - this.now())));
    this.#fireDue();
    return true;
  }

  /** What is set meanwhile fires later, also where it is due at once. */
  #fireDue(): void {
    const now = this.now();
    const due = this.#timers.filter(({ atMs }) => atMs <= now);
    this.#timers = this.#timers.slice(due.length);
    for (const timer of due) if (!timer.isOff) timer.fire();
    this.#wind();
  }

  /** The base's timer is for the first one only; a base may ring early, and then it is set again. */
  #wind(): void {
    this.#callOffBase();
    const [next] = this.#timers;
    this.#callOffBase =
      next === undefined ? () => undefined : this.#base.setTimer(next.atMs - this.shift.ms, () => this.#fireDue());
  }
}
