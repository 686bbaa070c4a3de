import { type Clock, pause } from '../../../services/platform/clock.js';
import { msToNumber } from '../../common/duration.js';
import type { ResourceUsage } from './resource-usage.js';
import type { ResourceBasedSlotsForType } from './slot-supplier.js';
import type { Slots } from './slots.js';

/** How long a worker without room waits before it looks again, in milliseconds. */
const LOOK_AGAIN_AFTER_MS = 50;

const defaults = {
  workflow: { minimumSlots: 2, maximumSlots: 1_000, rampThrottle: 10 },
  activity: { minimumSlots: 1, maximumSlots: 2_000, rampThrottle: 50 },
} as const;

/**
 * Gives places while memory and processors are below their targets, beyond the minimum one at a time. Temporal steers
 * by a controller that also looks at how usage changes; here a place is given or not by the usage as it is.
 */
export function resourceBasedSlots(
  supplier: ResourceBasedSlotsForType,
  kind: 'workflow' | 'activity',
  usage: ResourceUsage,
  clock: Clock,
): Slots {
  const { minimumSlots, maximumSlots, rampThrottle } = { ...defaults[kind], ...supplier };
  const { targetMemoryUsage, targetCpuUsage } = supplier.tunerOptions;
  const throttleMs = msToNumber(rampThrottle);
  const closing = new AbortController();
  let taken = 0;
  let lastGivenAt = Number.NEGATIVE_INFINITY;
  let turn = Promise.resolve();

  function hasRoom(): boolean {
    if (taken < minimumSlots) return true;
    if (taken >= maximumSlots || clock.now() - lastGivenAt < throttleMs) return false;
    const { memory, cpu } = usage.now();
    return memory < targetMemoryUsage && cpu < targetCpuUsage;
  }

  async function wait(): Promise<void> {
    while (!closing.signal.aborted && !hasRoom()) {
      await pause(clock, Math.min(LOOK_AGAIN_AFTER_MS, Math.max(1, throttleMs)), closing.signal);
    }
    if (closing.signal.aborted) return;
    taken += 1;
    lastGivenAt = clock.now();
  }

  return {
    get taken() {
      return taken;
    },
    most: maximumSlots,
    async take() {
      // One looks at a time, so that who came first is served first.
      turn = turn.then(wait);
      await turn;
      if (closing.signal.aborted) return undefined;
      let isFree = false;
      return {
        free() {
          if (!isFree) taken -= 1;
          isFree = true;
        },
      };
    },
    close: () => closing.abort(),
  };
}
