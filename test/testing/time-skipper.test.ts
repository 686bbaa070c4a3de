import { setImmediate as turn } from 'node:timers/promises';
import { MockActivityEnvironment } from 'millrace/testing';
import { beforeEach, expect, test } from 'vitest';
import { TimeSkipper } from '../../sdk/testing/time-skipper.js';
import type { TaskOut } from '../../services/history/core/tasks-out.js';
import { after, pause } from '../../services/platform/clock.js';
import { silentLogger } from '../../services/platform/logger.js';
import { SkippingClock } from '../../services/platform/skipping-clock.js';
import { ManualClock } from '../history/manual-clock.js';

const never = new Promise<never>(() => undefined);

let realClock: ManualClock;
let clock: SkippingClock;
let time: TimeSkipper;
let tasksOut: TaskOut[];
let warnings: string[];

beforeEach(() => {
  realClock = new ManualClock(0);
  clock = new SkippingClock(realClock);
  tasksOut = [];
  warnings = [];
  const logger = { ...silentLogger, warn: (message: string) => void warnings.push(message) };
  time = new TimeSkipper({ clock, tasksOut: () => tasksOut, logger, realClock });
});

/** Lets the skipper look as often as it wants to. */
async function settle(): Promise<void> {
  for (let turns = 0; turns < 10; turns++) await turn();
}

test('nothing is skipped while nobody waits', async () => {
  after(clock, 1_000, () => undefined);
  time.lookSoon();
  await settle();
  expect(clock.now()).toBe(0);
});

test('a sleep goes by at once, with every timer on the way', async () => {
  const fired: number[] = [];
  for (const ms of [10, 20, 40]) after(clock, ms, () => fired.push(clock.now()));
  await time.sleep(30);
  expect([clock.now(), fired]).toEqual([30, [10, 20]]);
  await settle();
  expect(clock.now()).toBe(30);
});

test('a task that is out holds time until it is done', async () => {
  tasksOut = [{ runId: 'r', activityId: null, attempt: 1 }];
  const slept = time.sleep(1_000);
  await settle();
  expect(clock.now()).toBe(0);
  tasksOut = [];
  time.lookSoon();
  await slept;
  expect(clock.now()).toBe(1_000);
});

test('an activity that sleeps holds nothing, and unlocks nothing', async () => {
  tasksOut = [{ runId: 'r', activityId: '5', attempt: 2 }];
  const workflowExecution = { workflowId: 'w', runId: 'r' };
  const activity = new MockActivityEnvironment({ workflowExecution, activityId: '5', attempt: 2 });
  // By the clock that skips: the mocked context's own sleep takes real time.
  void activity.run(() => time.during(() => pause(clock, 1_000)));
  await settle();
  expect(clock.now()).toBe(0);
  void time.during(() => never);
  await settle();
  expect(clock.now()).toBe(1_000);
});

test('another attempt of that activity holds time as any task does', async () => {
  tasksOut = [{ runId: 'r', activityId: '5', attempt: 3 }];
  const workflowExecution = { workflowId: 'w', runId: 'r' };
  const activity = new MockActivityEnvironment({ workflowExecution, activityId: '5', attempt: 2 });
  void activity.run(() => time.during(() => never));
  void time.sleep(1_000);
  await settle();
  expect(clock.now()).toBe(0);
});

test('who waits for long is told what for', async () => {
  tasksOut = [{ runId: 'r', activityId: null, attempt: 1 }];
  void time.during(() => never);
  await settle();
  realClock.advance(5_000);
  tasksOut = [];
  void time.during(() => never);
  await settle();
  realClock.advance(5_000);
  expect(warnings).toEqual([
    expect.stringContaining('is there a worker'),
    expect.stringContaining('Does a workflow wait for a signal?'),
  ]);
});

test('once closed it looks no more', async () => {
  void time.sleep(1_000);
  time.close();
  await settle();
  expect(clock.now()).toBe(0);
});
