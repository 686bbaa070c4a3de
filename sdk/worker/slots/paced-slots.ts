import { type Clock, pause } from '../../../services/platform/clock.js';
import type { Slots } from './slots.js';

/** How far a worker may catch up with places it didn't give, in milliseconds: timers are no finer than some of these. */
const BURST_MS = 100;

/** Gives the places of others, no faster than so many a second. */
export function pacedSlots(slots: Slots, perSecond: number, clock: Clock): Slots {
  const everyMs = 1_000 / perSecond;
  const closing = new AbortController();
  let nextAt = Number.NEGATIVE_INFINITY;
  let turn = Promise.resolve();

  async function pace(): Promise<void> {
    const at = Math.max(nextAt, clock.now() - (everyMs < BURST_MS ? BURST_MS : 0));
    nextAt = at + everyMs;
    while (clock.now() < at && !closing.signal.aborted) await pause(clock, at - clock.now(), closing.signal);
  }

  return {
    get taken() {
      return slots.taken;
    },
    most: slots.most,
    async take() {
      const slot = await slots.take();
      if (!slot) return undefined;
      // One waits at a time, so that who came first is served first.
      turn = turn.then(pace);
      await turn;
      if (!closing.signal.aborted) return slot;
      slot.free();
      return undefined;
    },
    close() {
      closing.abort();
      slots.close();
    },
  };
}
