// Workflows of the simulation that are as many runs as they need.
import {
  ApplicationFailure,
  condition,
  continueAsNew,
  proxyActivities,
  setHandler,
  sleep,
  workflowInfo,
} from 'millrace/workflow';
import type { SimulatedActivities } from './activities.js';
import { finish, note, progress } from './workflows.js';

const retry = { initialInterval: 200, backoffCoefficient: 2, maximumInterval: 3_000 };
const { add } = proxyActivities<SimulatedActivities>({ startToCloseTimeout: '10 seconds', retry });

/** As `notes`, in runs that take a few numbers each and hand all of them on. */
export async function notesInTurn(perRun: number, before: number[] = []): Promise<number[]> {
  const numbers = [...before];
  let isFinished = false;
  setHandler(note, (number) => void numbers.push(number));
  setHandler(finish, () => {
    isFinished = true;
  });
  setHandler(progress, () => numbers.length);
  await condition(() => isFinished || numbers.length >= before.length + perRun);
  return isFinished ? numbers : continueAsNew<typeof notesInTurn>(perRun, numbers);
}

/** One activity and a pause a run: the sum of their numbers. */
export async function sumInTurn(numbers: number[], pauseMs: number, sum = 0): Promise<number> {
  const [first, ...others] = numbers;
  setHandler(progress, () => sum);
  if (first === undefined) return sum;
  const next = await add(sum, first);
  if (pauseMs > 0) await sleep(pauseMs);
  return continueAsNew<typeof sumInTurn>(others, pauseMs, next);
}

/** Fails until it is tried for the given time. */
export async function luckyAt(attempt: number): Promise<number> {
  setHandler(progress, () => workflowInfo().attempt);
  if (workflowInfo().attempt < attempt) throw ApplicationFailure.create({ message: 'not yet' });
  return attempt;
}
