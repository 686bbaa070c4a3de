import type { ClockShift } from './clock-shift.js';

/**
 * Time as the platform sees it (H7). Injected wherever somebody asks what time it is or waits, so that the simulator and
 * the tests decide.
 */
export interface Clock {
  /** Milliseconds since the epoch. */
  now(): number;
  /** Calls `fire` once, at or after `atMs` and never before this returns. The function returned calls it off. */
  setTimer(atMs: number, fire: () => void): () => void;
  /** Of a clock that is set forward: how far it is ahead of the machine's, for threads, which can't ask it. */
  readonly shift?: ClockShift;
}

/** Node's timers take at most this; a longer wait fires early, and its owner sets it again. */
const LONGEST_TIMEOUT_MS = 2 ** 31 - 1;

export const systemClock: Clock = {
  now: () => Date.now(),
  setTimer(atMs, fire) {
    const timeout = setTimeout(fire, Math.min(Math.max(atMs - Date.now(), 0), LONGEST_TIMEOUT_MS));
    return () => clearTimeout(timeout);
  },
};

/** Calls `fire` once after `ms`. The function returned calls it off. */
export function after(clock: Clock, ms: number, fire: () => void): () => void {
  return clock.setTimer(clock.now() + ms, fire);
}

/** Resolves after `ms`, or at once when the signal aborts. */
export function pause(clock: Clock, ms: number, signal?: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal?.aborted) return resolve();
    const done = () => {
      cancel();
      signal?.removeEventListener('abort', done);
      resolve();
    };
    const cancel = after(clock, ms, done);
    signal?.addEventListener('abort', done);
  });
}

/** A signal that aborts after `ms`. Its timer is there until then, unless it is called off. */
export function deadline(clock: Clock, ms: number): { readonly signal: AbortSignal; readonly callOff: () => void } {
  const over = new AbortController();
  const callOff = after(clock, ms, () => over.abort(new DOMException(`not done within ${ms} ms`, 'TimeoutError')));
  return { signal: over.signal, callOff };
}

/** The wait before try `attempt` (from 1): doubles from `firstMs` up to `mostMs`. */
export function backoffMs(attempt: number, firstMs: number, mostMs: number): number {
  return Math.min(firstMs * 2 ** (attempt - 1), mostMs);
}
