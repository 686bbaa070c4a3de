import type { Duration } from 'millrace/common';
import {
  ApplicationFailure,
  condition,
  continueAsNew,
  defineSignal,
  defineUpdate,
  executeChild,
  proxyActivities,
  proxyLocalActivities,
  setHandler,
  sleep as sleepWorkflow,
  startChild,
  workflowInfo,
} from 'millrace/workflow';

interface Activities {
  sleep(ms: number): Promise<void>;
  work(): Promise<string>;
  flaky(): Promise<number>;
}

const activities = proxyActivities<Activities>({ startToCloseTimeout: 2_000_000 });
const local = proxyLocalActivities<Activities>({ startToCloseTimeout: 4_000_000 });
const impatient = proxyActivities<Activities>({ startToCloseTimeout: '1 minute', retry: { maximumAttempts: 1 } });

export const unblock = defineSignal('unblock');

export async function sleep(duration: Duration): Promise<void> {
  await sleepWorkflow(duration);
}

export async function raceActivityAndTimer(expectedWinner: 'timer' | 'activity'): Promise<string> {
  const timerWins = expectedWinner === 'timer';
  const timer = sleepWorkflow(timerWins ? 1_000_000 : 1_500_000).then(() => 'timer');
  const activity = activities.sleep(timerWins ? 1_500_000 : 1_000_000).then(() => 'activity');
  return await Promise.race([timer, activity]);
}

export async function signalOrTimeout(timeout: Duration): Promise<'signal' | 'timeout'> {
  let isUnblocked = false;
  setHandler(unblock, () => {
    isUnblocked = true;
  });
  return (await condition(() => isUnblocked, timeout)) ? 'signal' : 'timeout';
}

/** Whether a timer was faster than an activity that takes a while of real time. */
export async function workBesideTimer(): Promise<string> {
  return await Promise.race([activities.work(), sleepWorkflow('1 day').then(() => 'timer')]);
}

export async function tooSlow(): Promise<void> {
  await impatient.sleep(3_600_000);
}

export async function retried(): Promise<number> {
  return await activities.flaky();
}

/** What the workflow's own clock says before and after a sleep. */
export async function readClock(ms: number): Promise<{ start: number; before: number; after: number }> {
  const before = Date.now();
  await sleepWorkflow(ms);
  return { start: workflowInfo().startTime.getTime(), before, after: Date.now() };
}

/** A month a run. Returns the number of runs. */
export async function monthly(months: number, run = 1): Promise<number> {
  await sleepWorkflow('30 days');
  if (run < months) await continueAsNew<typeof monthly>(months, run + 1);
  return run;
}

/** Fails until its third attempt, at the end of an hour each. */
export async function stubborn(): Promise<number> {
  await sleepWorkflow('1 hour');
  const { attempt } = workflowInfo();
  if (attempt < 3) throw ApplicationFailure.create({ message: `attempt ${attempt}` });
  return attempt;
}

/** Whether a local activity that sleeps by the environment was faster than a timer. */
export async function localBesideTimer(): Promise<string> {
  return await Promise.race([
    local.sleep(3_600_000).then(() => 'activity'),
    sleepWorkflow('1 day').then(() => 'timer'),
  ]);
}

/** Leaves a child behind that sleeps for a day. */
export async function leaveChild(workflowId: string): Promise<void> {
  await startChild(sleep, { args: ['1 day'], workflowId, parentClosePolicy: 'ABANDON' });
}

/** Waits for children that sleep for 1, 2, … days, one after the other. */
export async function waitForChildren(count: number): Promise<void> {
  for (let days = 1; days <= count; days++) await executeChild(sleep, { args: [`${days} days`] });
}

export const finishAfter = defineUpdate<string, [delay: Duration]>('finishAfter');

/** Ends after a week, or by an update that takes its time. */
export async function finishedByUpdate(): Promise<string> {
  let result: string | undefined;
  setHandler(finishAfter, async (delay) => {
    await sleepWorkflow(delay);
    result = 'updated';
    return result;
  });
  await condition(() => result !== undefined, '7 days');
  return result ?? 'timeout';
}
