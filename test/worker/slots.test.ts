import { expect, test } from 'vitest';
import { pacedSlots } from '../../sdk/worker/slots/paced-slots.js';
import { resourceBasedSlots } from '../../sdk/worker/slots/resource-based-slots.js';
import { measureResources, type Usage } from '../../sdk/worker/slots/resource-usage.js';
import { fixedSlots, type Slot, type Slots } from '../../sdk/worker/slots/slots.js';
import { systemClock } from '../../services/platform/clock.js';
import { ManualClock } from '../history/manual-clock.js';
import { eventually } from '../history/world.js';

/** Asks for so many places, and keeps those that are given. */
function ask(slots: Slots, count: number) {
  const given: Slot[] = [];
  let sentAway = 0;
  for (let n = 0; n < count; n++) {
    void slots.take().then((slot) => {
      if (slot) given.push(slot);
      else sentAway += 1;
    });
  }
  return { given, sentAway: () => sentAway };
}

/** Lets everything run that waits for promises alone. */
function settle(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}

test('a fixed number of places is given in order, and again when they are free [worker.max-concurrent]', async () => {
  const slots = fixedSlots(2);
  const { given, sentAway } = ask(slots, 4);
  await eventually(() => given.length === 2);
  expect(slots.taken).toBe(2);
  given[0]?.free();
  await eventually(() => given.length === 3);
  slots.close();
  await eventually(() => sentAway() === 1);
  expect(await slots.take()).toBeUndefined();
});

test('places are given no faster than the rate, however many there are [worker.max-activities-per-second]', async () => {
  const clock = new ManualClock();
  const { given } = ask(pacedSlots(fixedSlots(100), 2, clock), 5);
  await settle();
  expect(given).toHaveLength(1);
  clock.advance(499);
  await settle();
  expect(given).toHaveLength(1);
  clock.advance(1);
  await settle();
  expect(given).toHaveLength(2);
  for (let second = 0; second < 3; second += 0.5) {
    clock.advance(500);
    await settle();
  }
  expect(given).toHaveLength(5);
});

test('a rate finer than timers is kept over a while, and a worker that was idle saves nothing up', async () => {
  const clock = new ManualClock();
  const slots = pacedSlots(fixedSlots(10_000), 1_000, clock);
  clock.advance(60_000);
  const { given } = ask(slots, 5_000);
  for (let ms = 0; ms < 1_000; ms += 10) {
    await settle();
    clock.advance(10);
  }
  await settle();
  expect(given.length).toBeGreaterThanOrEqual(1_000);
  expect(given.length).toBeLessThanOrEqual(1_102);
});

test('who waits for the pace is sent away at the close, and leaves its place', async () => {
  const places = fixedSlots(5);
  const slots = pacedSlots(places, 1, new ManualClock());
  const { given, sentAway } = ask(slots, 3);
  await settle();
  slots.close();
  await settle();
  expect([given.length, sentAway(), places.taken]).toEqual([1, 2, 1]);
});

test('places beyond the minimum are given while the machine has room, one at a time [worker.resource-tuner]', async () => {
  const clock = new ManualClock();
  let usage: Usage = { memory: 0.9, cpu: 0.1 };
  const supplier = {
    type: 'resource-based',
    tunerOptions: { targetMemoryUsage: 0.8, targetCpuUsage: 0.8 },
    minimumSlots: 1,
    maximumSlots: 3,
    rampThrottle: 50,
  } as const;
  const slots = resourceBasedSlots(supplier, 'activity', { now: () => usage }, clock);
  const { given, sentAway } = ask(slots, 5);
  await settle();
  expect(given).toHaveLength(1);
  clock.advance(1_000);
  await settle();
  expect(given).toHaveLength(1);
  usage = { memory: 0.5, cpu: 0.1 };
  clock.advance(50);
  await settle();
  expect(given).toHaveLength(2);
  usage = { memory: 0.5, cpu: 0.9 };
  clock.advance(50);
  await settle();
  expect(given).toHaveLength(2);
  usage = { memory: 0.5, cpu: 0.5 };
  clock.advance(50);
  await settle();
  clock.advance(1_000);
  await settle();
  expect([given.length, slots.taken, slots.most]).toEqual([3, 3, 3]);
  given[0]?.free();
  given[0]?.free();
  clock.advance(1_000);
  await settle();
  expect([given.length, slots.taken]).toEqual([4, 3]);
  slots.close();
  await settle();
  expect(sentAway()).toBe(1);
});

test('what the machine uses is a share of what there is', () => {
  const { memory, cpu } = measureResources(systemClock).now();
  expect(memory).toBeGreaterThan(0);
  expect(memory).toBeLessThanOrEqual(1);
  expect(cpu).toBeGreaterThanOrEqual(0);
  expect(cpu).toBeLessThanOrEqual(1);
});
