// One virtual time and one order of everything. What is due together is run in an order that the seed decides, each step
// to its end: only then is the next one chosen. Nothing else runs in a simulation, and nothing waits for real time.
import { setImmediate as turn } from 'node:timers/promises';
import type { Dice } from './dice.js';
import type { Trace } from './trace.js';

/** Somebody whose steps can be held back or dropped: a process of the simulation. */
export interface Actor {
  readonly name: string;
  readonly isDead: boolean;
  readonly isPaused: boolean;
}

interface Step {
  readonly atMs: number;
  readonly order: number;
  readonly actor: Actor | undefined;
  readonly label: string;
  readonly run: () => void;
  isOff: boolean;
}

export class Scheduler {
  readonly #dice: Dice;
  readonly #trace: Trace;
  readonly #later: Step[] = [];
  #ready: Step[] = [];
  /** Steps of those who are paused. */
  #held: Step[] = [];
  #scheduled = 0;
  #busy = 0;
  #nowMs: number;
  steps = 0;

  constructor(dice: Dice, trace: Trace, startMs: number) {
    this.#dice = dice;
    this.#trace = trace;
    this.#nowMs = startMs;
  }

  /** True time, which no process of the simulation knows. */
  get nowMs(): number {
    return this.#nowMs;
  }

  /** Runs something at or after a time from now. Without an actor it is the world's own doing. Returns how to call it off. */
  after(delayMs: number, label: string, run: () => void, actor?: Actor): () => void {
    const step: Step = {
      atMs: this.#nowMs + Math.max(0, delayMs),
      order: this.#scheduled++,
      actor,
      label,
      run,
      isOff: false,
    };
    if (step.atMs <= this.#nowMs) this.#ready.push(step);
    else this.#push(step);
    return () => {
      step.isOff = true;
    };
  }

  /** Resolves after a time, for what the world does on its own. */
  pause(delayMs: number, label: string): Promise<void> {
    return new Promise((resolve) => void this.after(delayMs, label, resolve));
  }

  /** Lets the steps of those who are no longer paused go on. */
  release(): void {
    const held = this.#held;
    this.#held = [];
    this.#ready.push(...held);
  }

  /** Work that takes immediates of Node's has begun inside a step, or ended: the step lasts until there is none. */
  begin(): void {
    this.#busy += 1;
  }

  end(): void {
    this.#busy -= 1;
  }

  /** Runs steps until the condition holds, the time is over or there is nothing left to do. */
  async run(untilMs: number, isDone: () => boolean = () => false): Promise<void> {
    while (!isDone()) {
      const step = this.#next(untilMs);
      if (step === undefined) return;
      this.steps += 1;
      this.#trace.add(this.#nowMs, step.actor?.name ?? '-', step.label);
      step.run();
      do await turn();
      while (this.#busy > 0);
    }
  }

  #next(untilMs: number): Step | undefined {
    for (;;) {
      this.#wakeDue();
      if (this.#ready.length === 0) {
        const atMs = this.#later[0]?.atMs ?? Infinity;
        if (atMs > untilMs) {
          this.#nowMs = Math.max(this.#nowMs, untilMs === Infinity ? this.#nowMs : untilMs);
          return undefined;
        }
        this.#nowMs = atMs;
        continue;
      }
      const step = this.#takeReady();
      if (step.isOff || step.actor?.isDead) continue;
      if (!step.actor?.isPaused) return step;
      this.#held.push(step);
    }
  }

  #wakeDue(): void {
    for (let first = this.#later[0]; first !== undefined && first.atMs <= this.#nowMs; first = this.#later[0]) {
      this.#pop();
      if (!first.isOff) this.#ready.push(first);
    }
  }

  #takeReady(): Step {
    const index = this.#dice.between(0, this.#ready.length - 1);
    const step = this.#ready[index];
    const last = this.#ready.pop();
    if (step === undefined || last === undefined) throw new RangeError('nothing is ready');
    if (step !== last) this.#ready[index] = last;
    return step;
  }

  #push(step: Step): void {
    const heap = this.#later;
    let index = heap.length;
    while (index > 0) {
      const parent = heap[(index - 1) >> 1];
      if (parent === undefined || !isBefore(step, parent)) break;
      heap[index] = parent;
      index = (index - 1) >> 1;
    }
    heap[index] = step;
  }

  #pop(): void {
    const heap = this.#later;
    const last = heap.pop();
    if (last === undefined || heap.length === 0) return;
    let index = 0;
    for (;;) {
      const left = heap[2 * index + 1];
      const right = heap[2 * index + 2];
      const child = right !== undefined && left !== undefined && isBefore(right, left) ? right : left;
      if (child === undefined || !isBefore(child, last)) break;
      heap[index] = child;
      index = child === right ? 2 * index + 2 : 2 * index + 1;
    }
    heap[index] = last;
  }
}

function isBefore(a: Step, b: Step): boolean {
  return a.atMs < b.atMs || (a.atMs === b.atMs && a.order < b.order);
}
