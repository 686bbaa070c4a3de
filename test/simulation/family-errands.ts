// Errands of workflows that have children. Where each of them is served follows from its id.
import type { Dice } from './dice.js';
import type { Sketch } from './errands.js';

export const familySketches: ReadonlyArray<(dice: Dice) => Sketch> = [
  (dice) => {
    const numbers = Array.from({ length: dice.between(1, 5) }, () => dice.between(0, 100));
    return of('family', [numbers], { status: 'COMPLETED', result: numbers.reduce((sum, n) => sum + n * n, 0) });
  },
  (dice) => {
    const count = dice.between(1, 6);
    return of('dictation', [count], { status: 'COMPLETED', result: Array.from({ length: count }, (_, n) => n).join() });
  },
  (dice) => {
    const policy = dice.pick(['TERMINATE', 'ABANDON', 'REQUEST_CANCEL']);
    const isFatal = dice.chance(0.3);
    const ending = isFatal ? ({ status: 'FAILED' } as const) : ({ status: 'COMPLETED', result: 'left' } as const);
    return of('leaver', [policy, isFatal], ending);
  },
  (dice) => of('strict', [dice.pick([0, 1, 2_000])], { status: 'COMPLETED', result: 'cancelled' }),
  (dice) => ({
    ...of('waiter', [], { status: 'TERMINATED' }),
    deeds: [{ kind: 'wait', ms: dice.spread(2_000) }, { kind: 'terminate' }],
  }),
];

function of(workflowType: string, args: readonly unknown[], expected: Sketch['expected']): Sketch {
  return { workflowType, args, deeds: [], expected };
}
