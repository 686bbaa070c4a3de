import { expect, test } from 'vitest';
import { trackOffsets } from '../../sdk/worker/offset-tracker.js';

test('a partition without a committed offset has nothing to commit before its first record', () => {
  expect(trackOffsets().watermark()).toBeUndefined();
});

test('what is committed already stays until a record comes', () => {
  expect(trackOffsets(7).watermark()).toBe(7);
});

test('a task in hand holds the watermark at its own offset', () => {
  const tracker = trackOffsets(3);
  tracker.begin(3);
  expect(tracker.watermark()).toBe(3);
  tracker.done(3);
  expect(tracker.watermark()).toBe(4);
});

test('tasks that end out of order are committed only up to the first one that has not', () => {
  const tracker = trackOffsets(0);
  for (const offset of [0, 1, 2, 3]) tracker.begin(offset);
  tracker.done(2);
  tracker.done(0);
  expect(tracker.watermark()).toBe(1);
  tracker.done(1);
  expect(tracker.watermark()).toBe(3);
  tracker.done(3);
  expect(tracker.watermark()).toBe(4);
});

test('gaps between offsets hold nothing back', () => {
  const tracker = trackOffsets();
  tracker.begin(10);
  tracker.begin(15);
  tracker.done(10);
  expect(tracker.watermark()).toBe(15);
  tracker.done(15);
  expect(tracker.watermark()).toBe(16);
});

test('an offset may be marked done twice', () => {
  const tracker = trackOffsets();
  tracker.begin(0);
  tracker.begin(1);
  tracker.done(0);
  tracker.done(0);
  expect(tracker.watermark()).toBe(1);
});

test('a partition that starts over forgets what was in hand', () => {
  const tracker = trackOffsets(100);
  tracker.begin(100);
  tracker.begin(0);
  tracker.done(0);
  expect(tracker.watermark()).toBe(1);
});
