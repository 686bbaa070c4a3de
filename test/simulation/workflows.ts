// The workflows of the simulation. What each comes to doesn't depend on when and how often its parts are tried.
import {
  ActivityCancellationType,
  ApplicationFailure,
  allHandlersFinished,
  CancellationScope,
  condition,
  defineQuery,
  defineSignal,
  defineUpdate,
  isCancellation,
  proxyActivities,
  setHandler,
  sleep,
} from 'millrace/workflow';
import type { SimulatedActivities } from './activities.js';
import { answerOf, fateOf } from './entries.js';

const retry = { initialInterval: 200, backoffCoefficient: 2, maximumInterval: 3_000 };
const { add, square, flaky } = proxyActivities<SimulatedActivities>({ startToCloseTimeout: '10 seconds', retry });
const { steady, endless } = proxyActivities<SimulatedActivities>({
  startToCloseTimeout: '2 minutes',
  heartbeatTimeout: '3 seconds',
  cancellationType: ActivityCancellationType.WAIT_CANCELLATION_COMPLETED,
  retry,
});
const { stuck, refuse } = proxyActivities<SimulatedActivities>({
  startToCloseTimeout: '2 seconds',
  retry: { ...retry, maximumAttempts: 2 },
});

const { entrust } = proxyActivities<SimulatedActivities>({ startToCloseTimeout: '10 minutes', retry });

export const note = defineSignal<[number]>('note');
export const finish = defineSignal('finish');
export const enter = defineUpdate<string, [number]>('enter');
export const progress = defineQuery<number>('progress');

/** Activities one after another, each of which may fail a few times: the sum of their numbers. */
export async function sequential(numbers: number[], failures: number): Promise<number> {
  let sum = 0;
  setHandler(progress, () => sum);
  for (const number of numbers) sum = await add(sum, number);
  return failures > 0 ? flaky(sum, failures) : sum;
}

/** Activities at the same time, with timers between them: the sum of their squares. */
export async function fanOut(numbers: number[], pauseMs: number): Promise<number> {
  const squares = numbers.map(async (number) => {
    if (number % 2 === 0) await sleep(pauseMs);
    return square(number);
  });
  return (await Promise.all(squares)).reduce((sum, one) => sum + one, 0);
}

/** Timers, and longer ones that are called off where they are late: how many of the first kind. */
export async function timers(delaysMs: number[]): Promise<number> {
  let fired = 0;
  setHandler(progress, () => fired);
  for (const delayMs of delaysMs) {
    const scope = new CancellationScope();
    const long = scope.run(() => sleep(delayMs * 100)).catch(() => 'called off');
    await sleep(delayMs);
    fired += 1;
    scope.cancel();
    await long;
  }
  return fired;
}

/** The numbers it was sent, in order, until it is told to finish. */
export async function notes(): Promise<number[]> {
  const numbers: number[] = [];
  let isFinished = false;
  setHandler(note, (number) => void numbers.push(number));
  setHandler(finish, () => {
    isFinished = true;
  });
  setHandler(progress, () => numbers.length);
  await condition(() => isFinished);
  return numbers;
}

/** The numbers that updates have brought, in order, until it is told to finish and none is under way. */
export async function entries(): Promise<number[]> {
  const numbers: number[] = [];
  let isFinished = false;
  setHandler(
    enter,
    async (number) => {
      if (fateOf(number) === 'failed')
        throw ApplicationFailure.create({ message: 'as it was asked to', type: 'Failed' });
      numbers.push(number);
      const nth = numbers.length;
      if (fateOf(number) === 'slow') await add(0, number);
      return answerOf(number, nth);
    },
    {
      validator: (number) => {
        if (fateOf(number) === 'refused')
          throw ApplicationFailure.create({ message: 'no such entry', type: 'Refused' });
      },
    },
  );
  setHandler(finish, () => {
    isFinished = true;
  });
  setHandler(progress, () => numbers.length);
  await condition(() => isFinished && allHandlersFinished());
  return numbers;
}

/** Waits for ever in one of three ways, and cleans up when it is cancelled. */
export async function cancellable(how: number): Promise<string> {
  try {
    if (how === 0) await sleep('1000 hours');
    else if (how === 1) await condition(() => false);
    else await endless();
    return 'ended by itself';
  } catch (error) {
    // An attempt that ran into its time-out when it was to be cancelled fails by that.
    if (!isCancellation(error) && !CancellationScope.current().consideredCancelled) throw error;
    const sum = await CancellationScope.nonCancellable(() => add(1, 2));
    if (how === 1) throw error;
    return `cleaned up ${sum}`;
  }
}

/** An activity that tells how far it is, and goes on from there when it is tried again. */
export async function heartbeats(steps: number): Promise<number> {
  return steady(steps);
}

/** An activity that the client completes: what it said. */
export async function entrusted(): Promise<number> {
  return entrust();
}

/** Waits for ever, whatever it is told. */
export async function deaf(): Promise<void> {
  for (;;) await sleep('1 hour');
}

/** An activity that takes too long, or one that refuses for good; the workflow then succeeds or fails. */
export async function failing(isStuck: boolean, isFatal: boolean): Promise<string> {
  try {
    return await (isStuck ? stuck() : refuse());
  } catch (error) {
    if (isCancellation(error)) throw error;
    if (isFatal) throw ApplicationFailure.nonRetryable('as it was asked to');
    return 'survived';
  }
}

/** Whichever comes first, an activity or a timer: the loser is cancelled. */
export async function race(isQuick: boolean): Promise<string> {
  const scope = new CancellationScope();
  const activity = scope.run<unknown>(() => (isQuick ? square(3) : endless()));
  const timer = sleep(isQuick ? '1000 hours' : 700);
  const outcome = isQuick ? activity.then(() => 'activity') : timer.then(() => 'timer');
  activity.catch(() => undefined);
  const first = await outcome;
  scope.cancel();
  return first;
}
