// The offsets of one partition that a worker has in hand, and up to where all are done.
// Tasks end in any order, a group commits one number: the first offset that is not done (the low watermark).
// Offsets may have gaps, since a log need not hand over every one.

export interface OffsetTracker {
  /**
   * Takes an offset in hand. Offsets come in increasing order; a lower one means that the partition lost its records and
   * starts over, and what was in hand is of no concern to it any more.
   */
  begin(offset: number): void;
  /** Marks an offset done. Doing it twice is harmless. */
  done(offset: number): void;
  /** The next offset to commit, or undefined before the first record of a partition without a committed offset. */
  watermark(): number | undefined;
}

/** A tracker that starts at the committed offset, if there is one. */
export function trackOffsets(committed?: number): OffsetTracker {
  // A set is walked in the order of insertion, which is the order of offsets: its first member is the lowest.
  const inHand = new Set<number>();
  let next = committed;
  return {
    begin(offset) {
      if (next !== undefined && offset < next) inHand.clear();
      inHand.add(offset);
      next = offset + 1;
    },
    done(offset) {
      inHand.delete(offset);
    },
    watermark() {
      for (const lowest of inHand) return lowest;
      return next;
    },
  };
}
