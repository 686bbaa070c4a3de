/** A bounded number of places for tasks. Who waits is served in the order of arrival. */
export interface Slots {
  /** Resolves with true once a place is taken, or with false when the slots have been closed. */
  take(): Promise<boolean>;
  /** Gives a place back. */
  free(): void;
  /** Sends everyone who waits away, and everyone who comes later. */
  close(): void;
}

export function createSlots(limit: number): Slots {
  const waiting: Array<(taken: boolean) => void> = [];
  let taken = 0;
  let closed = false;
  return {
    async take() {
      if (closed) return false;
      if (taken < limit) {
        taken += 1;
        return true;
      }
      return new Promise((resolve) => waiting.push(resolve));
    },
    free() {
      const next = waiting.shift();
      if (next) next(true);
      else taken -= 1;
    },
    close() {
      closed = true;
      for (const leave of waiting.splice(0)) leave(false);
    },
  };
}
