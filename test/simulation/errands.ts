// The workload: errands, each of which starts a workflow, does something to it and waits for its end. All of it follows
// from the seed, and so does what each has to come to.
import type { RetryPolicy } from '../../sdk/common/index.js';
import type { Dice } from './dice.js';
import { familySketches } from './family-errands.js';

export type Deed =
  | { readonly kind: 'wait'; readonly ms: number }
  | { readonly kind: 'signal'; readonly number: number }
  | { readonly kind: 'update'; readonly number: number }
  | { readonly kind: 'finish' }
  | { readonly kind: 'cancel' }
  | { readonly kind: 'terminate' }
  /** Ends the activity that the workflow has left to its client, after failing it a few times. */
  | { readonly kind: 'complete'; readonly number: number; readonly failures: number }
  | { readonly kind: 'rival' }
  | { readonly kind: 'query' }
  | { readonly kind: 'describe' }
  | { readonly kind: 'history' };

export type Status = 'COMPLETED' | 'FAILED' | 'CANCELLED' | 'TERMINATED' | 'TIMED_OUT';

/** How a workflow has to end. Without a result it may be any: the oracle of its type knows better. */
export interface Ending {
  readonly status: Status;
  readonly result?: unknown;
}

export interface Errand {
  readonly workflowId: string;
  readonly workflowType: string;
  readonly args: readonly unknown[];
  readonly runTimeoutMs?: number;
  readonly retry?: RetryPolicy;
  readonly startDelayMs?: number;
  /** When it begins, after the simulation's start. */
  readonly atMs: number;
  readonly deeds: readonly Deed[];
  readonly expected: Ending;
}

export type Sketch = Omit<Errand, 'workflowId' | 'atMs'>;

/** Errands spread over the time given, about `perMinute` of them a minute. */
export function planErrands(dice: Dice, overMs: number, perMinute: number): Errand[] {
  const errands: Errand[] = [];
  for (let atMs = 0; atMs < overMs; atMs += dice.spread(60_000 / perMinute)) {
    const sketch = withRival(dice.pick(sketches)(dice), dice);
    errands.push({ ...sketch, workflowId: `${sketch.workflowType}-${errands.length}`, atMs });
  }
  return errands;
}

const sketches: ReadonlyArray<(dice: Dice) => Sketch> = [
  (dice) => {
    const numbers = numbersOf(dice, 6);
    const failures = dice.between(0, 3);
    const deeds = asking(dice);
    return of('sequential', [numbers, failures], deeds, completed(sum(numbers)));
  },
  (dice) => {
    const numbers = numbersOf(dice, 8);
    return of('fanOut', [numbers, dice.between(1, 2_000)], [], completed(sum(numbers.map((n) => n * n))));
  },
  (dice) => {
    const delaysMs = Array.from({ length: dice.between(1, 4) }, () => dice.pick([0, 1, 50, 1_000, 20_000]));
    return of('timers', [delaysMs], asking(dice), completed(delaysMs.length));
  },
  (dice) => {
    const deeds: Deed[] = numbersOf(dice, 8).flatMap((_, index) => {
      const signal: Deed = { kind: 'signal', number: index };
      return dice.chance(0.3) ? [signal, waiting(dice)] : [signal];
    });
    return of('notes', [], [...deeds, { kind: 'finish' }], { status: 'COMPLETED' });
  },
  (dice) => {
    const deeds: Deed[] = numbersOf(dice, 8).flatMap((number, index) => {
      const update: Deed = { kind: 'update', number: index * 10 + (number % 10) };
      return dice.chance(0.3) ? [update, waiting(dice)] : [update];
    });
    return of('entries', [], [...deeds, { kind: 'finish' }], { status: 'COMPLETED' });
  },
  (dice) => {
    const deeds: Deed[] = numbersOf(dice, 12).flatMap((_, index) => {
      const signal: Deed = { kind: 'signal', number: index };
      return dice.chance(0.3) ? [signal, waiting(dice)] : [signal];
    });
    return of('notesInTurn', [dice.between(1, 4)], [...deeds, { kind: 'finish' }], { status: 'COMPLETED' });
  },
  (dice) => {
    const numbers = numbersOf(dice, 8);
    return of('sumInTurn', [numbers, dice.pick([0, 10, 3_000])], asking(dice), completed(sum(numbers)));
  },
  (dice) => {
    const failures = dice.between(0, 4);
    const retry = { initialInterval: dice.pick([1, 500]), maximumAttempts: 5 };
    return { ...of('luckyAt', [failures + 1], asking(dice), completed(failures + 1)), retry };
  },
  (dice) => {
    const retry = { initialInterval: 10, maximumAttempts: 2 };
    const hopeless = of('luckyAt', [9], [], { status: 'FAILED' });
    return { ...hopeless, retry, startDelayMs: dice.pick([1, 2_000]) };
  },
  (dice) => {
    const how = dice.between(0, 2);
    const ending: Ending = how === 1 ? { status: 'CANCELLED' } : completed('cleaned up 3');
    return of('cancellable', [how], [waiting(dice), { kind: 'cancel' }], ending);
  },
  (dice) => {
    const steps = dice.between(1, 12);
    return of('heartbeats', [steps], [], completed(steps));
  },
  (dice) => of('deaf', [], [waiting(dice), { kind: 'terminate' }], { status: 'TERMINATED' }),
  (dice) => ({ ...of('deaf', [], [], { status: 'TIMED_OUT' }), runTimeoutMs: dice.pick([1, 1_000, 30_000]) }),
  (dice) => {
    const isFatal = dice.chance(0.3);
    return of('failing', [dice.chance(0.4), isFatal], [], isFatal ? { status: 'FAILED' } : completed('survived'));
  },
  (dice) => {
    const number = dice.between(0, 100);
    const deeds: Deed[] = [waiting(dice), { kind: 'complete', number, failures: dice.between(0, 2) }];
    return of('entrusted', [], deeds, completed(number));
  },
  (dice) => {
    const isQuick = dice.chance(0.5);
    return of('race', [isQuick], [], completed(isQuick ? 'activity' : 'timer'));
  },
  ...familySketches,
];

/** Now and then somebody starts the same workflow again. */
function withRival(sketch: Sketch, dice: Dice): Sketch {
  return dice.chance(0.2) ? { ...sketch, deeds: [...sketch.deeds, { kind: 'rival' }] } : sketch;
}

function of(workflowType: string, args: readonly unknown[], deeds: readonly Deed[], expected: Ending): Sketch {
  return { workflowType, args, deeds, expected };
}

function completed(result: unknown): Ending {
  return { status: 'COMPLETED', result };
}

function asking(dice: Dice): Deed[] {
  const kinds = ['query', 'describe', 'history'] as const;
  return Array.from({ length: dice.between(0, 3) }, () => [waiting(dice), { kind: dice.pick(kinds) }] as Deed[]).flat();
}

function waiting(dice: Dice): Deed {
  return { kind: 'wait', ms: dice.spread(2_000) };
}

function numbersOf(dice: Dice, most: number): number[] {
  return Array.from({ length: dice.between(1, most) }, () => dice.between(0, 100));
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, number) => total + number, 0);
}
