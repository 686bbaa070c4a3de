import { expect, test } from 'vitest';
import { after } from '../../services/platform/clock.js';
import { SkippingClock } from '../../services/platform/skipping-clock.js';
import { ManualClock } from '../history/manual-clock.js';

test('it goes as the clock below it', () => {
  const base = new ManualClock(1_000);
  const clock = new SkippingClock(base);
  const fired: string[] = [];
  after(clock, 20, () => fired.push('later'));
  after(clock, 10, () => fired.push('sooner'));
  base.advance(10);
  expect([clock.now(), fired]).toEqual([1_010, ['sooner']]);
  base.advance(10);
  expect(fired).toEqual(['sooner', 'later']);
});

test('a skip goes to the next timer, and everything behind it comes nearer by as much', () => {
  const base = new ManualClock(0);
  const clock = new SkippingClock(base);
  const fired: number[] = [];
  for (const ms of [5_000, 1_000, 9_000]) after(clock, ms, () => fired.push(clock.now()));
  expect(clock.skip()).toBe(true);
  expect(fired).toEqual([1_000]);
  base.advance(4_000);
  expect(fired).toEqual([1_000, 5_000]);
  expect(clock.skip()).toBe(true);
  expect(fired).toEqual([1_000, 5_000, 9_000]);
  expect(clock.skip()).toBe(false);
  expect([base.now(), clock.now(), clock.shift.ms]).toEqual([4_000, 9_000, 5_000]);
});

test('what is due together fires in the order in which it was set', () => {
  const clock = new SkippingClock(new ManualClock(0));
  const fired: string[] = [];
  for (const name of ['a', 'b', 'c']) after(clock, 10, () => fired.push(name));
  clock.skip();
  expect(fired).toEqual(['a', 'b', 'c']);
});

test('a timer called off is no time to skip to, also when one that is due with it does so', () => {
  const clock = new SkippingClock(new ManualClock(0));
  const fired: string[] = [];
  after(clock, 10, () => callOff());
  const callOff = after(clock, 10, () => fired.push('called off'));
  after(clock, 5, () => fired.push('never'))();
  clock.skip();
  expect([clock.now(), fired]).toEqual([10, []]);
  expect(clock.skip()).toBe(false);
});

test('what is set while others fire fires by itself, and not before that is over', () => {
  const base = new ManualClock(0);
  const clock = new SkippingClock(base);
  const fired: string[] = [];
  after(clock, 10, () => {
    after(clock, 0, () => fired.push('inner'));
    fired.push('outer');
  });
  clock.skip();
  expect(fired).toEqual(['outer']);
  base.advance(0);
  expect(fired).toEqual(['outer', 'inner']);
});
