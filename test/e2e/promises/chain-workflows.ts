import {
  ApplicationFailure,
  condition,
  continueAsNew,
  defineSignal,
  setHandler,
  workflowInfo,
} from 'millrace/workflow';

export const add = defineSignal<[number]>('add');

/** Counts what it is signalled; each run takes a few amounts and hands the count on. */
export async function counter(wanted: number, perRun: number, sum = 0, taken = 0): Promise<number> {
  let here = 0;
  setHandler(add, (amount) => {
    sum += amount;
    taken += 1;
    here += 1;
  });
  await condition(() => taken >= wanted || here >= perRun);
  return taken >= wanted ? sum : continueAsNew<typeof counter>(wanted, perRun, sum, taken);
}

export async function countdown(from: number): Promise<string> {
  return from === 0 ? 'done' : continueAsNew<typeof countdown>(from - 1);
}

/** Fails until it is tried for the given time. */
export async function luckyAt(attempt: number): Promise<number> {
  if (workflowInfo().attempt < attempt) throw ApplicationFailure.create({ message: 'not yet' });
  return attempt;
}
