import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import type { Payload } from '../../schemas/generated/messages.js';
import { heartbeatIntervalMs, throttleHeartbeats } from '../../sdk/worker/heartbeat-throttle.js';
import { systemClock } from '../../services/platform/clock.js';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

const details = (step: number): Payload[] => [{ metadata: {}, data: Uint8Array.of(step) }];

function recorder() {
  const sent: number[] = [];
  const send = async ([payload]: readonly Payload[]) => void sent.push(payload?.data[0] ?? -1);
  return { sent, send };
}

test('the first heartbeat goes out at once, of those in the interval the last [activity.heartbeat]', async () => {
  const { sent, send } = recorder();
  const throttle = throttleHeartbeats(systemClock, 800, send);
  for (const step of [1, 2, 3]) throttle.record(details(step));
  expect(sent).toEqual([1]);
  await vi.advanceTimersByTimeAsync(799);
  expect(sent).toEqual([1]);
  await vi.advanceTimersByTimeAsync(1);
  expect(sent).toEqual([1, 3]);
});

test('after a quiet interval the next heartbeat goes out at once', async () => {
  const { sent, send } = recorder();
  const throttle = throttleHeartbeats(systemClock, 800, send);
  throttle.record(details(1));
  await vi.advanceTimersByTimeAsync(5_000);
  throttle.record(details(2));
  expect(sent).toEqual([1, 2]);
});

test('details held back are sent at the end when the next attempt should find them', async () => {
  const { sent, send } = recorder();
  const throttle = throttleHeartbeats(systemClock, 800, send);
  throttle.record(details(1));
  throttle.record(details(2));
  await throttle.end({ flush: true });
  throttle.record(details(3));
  await vi.advanceTimersByTimeAsync(5_000);
  expect(sent).toEqual([1, 2]);
});

test('details held back are dropped at the end of an attempt that has succeeded', async () => {
  const { sent, send } = recorder();
  const throttle = throttleHeartbeats(systemClock, 800, send);
  throttle.record(details(1));
  throttle.record(details(2));
  await throttle.end({ flush: false });
  await vi.advanceTimersByTimeAsync(5_000);
  expect(sent).toEqual([1]);
});

test('a heartbeat that could not be sent is sent with the next interval, unless a newer one has come', async () => {
  const sent: number[] = [];
  let down = true;
  const throttle = throttleHeartbeats(systemClock, 800, async ([payload]) => {
    if (down) throw new Error('the broker is away');
    sent.push(payload?.data[0] ?? -1);
  });
  throttle.record(details(1));
  await vi.advanceTimersByTimeAsync(0);
  down = false;
  await vi.advanceTimersByTimeAsync(800);
  expect(sent).toEqual([1]);
});

test('the interval leaves a heartbeat time to arrive before the time-out [worker.heartbeat-throttle]', () => {
  const limits = { defaultThrottleMs: 30_000, maxThrottleMs: 60_000 };
  expect(heartbeatIntervalMs(1_000, limits)).toBe(800);
  expect(heartbeatIntervalMs(null, limits)).toBe(30_000);
  expect(heartbeatIntervalMs(600_000, limits)).toBe(60_000);
});
