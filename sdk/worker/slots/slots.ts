import type { SlotInfo } from './slot-supplier.js';

/** A place for one task. */
export interface Slot {
  /** Says what the place is taken for, to a supplier that wants to know; else it isn't there. */
  readonly use?: ((info: SlotInfo) => void) | undefined;
  /** Gives the place back, once. */
  free(): void;
}

/** The places that a worker has for the tasks of a kind. Who waits is served in the order of arrival. */
export interface Slots {
  /** How many places are taken now. */
  readonly taken: number;
  /** How many there may be at most; undefined where nobody can say. */
  readonly most: number | undefined;
  /** Resolves with a place, or with undefined when the slots have been closed. */
  take(): Promise<Slot | undefined>;
  /** Sends everyone who waits away, and everyone who comes later. */
  close(): void;
}

/** A number of places that doesn't change. */
export function fixedSlots(most: number): Slots {
  const waiting: Array<(slot: Slot | undefined) => void> = [];
  let taken = 0;
  let closed = false;
  const slot: Slot = {
    free() {
      const next = waiting.shift();
      if (next) next(slot);
      else taken -= 1;
    },
  };
  return {
    get taken() {
      return taken;
    },
    most,
    async take() {
      if (closed) return undefined;
      if (taken < most) {
        taken += 1;
        return slot;
      }
      return new Promise((resolve) => waiting.push(resolve));
    },
    close() {
      closed = true;
      for (const leave of waiting.splice(0)) leave(undefined);
    },
  };
}
