/** Ids kept: a few seconds of a fast queue, some hundred kilobytes. */
const RECENT_TASKS = 10_000;

/** Remembers the last tasks done, to drop those that come again: redelivered, or dispatched again after a takeover. */
export interface RecentTasks {
  add(id: string): void;
  has(id: string): boolean;
}

export function rememberTasks(limit = RECENT_TASKS): RecentTasks {
  // Walked in the order of insertion: the first is the oldest.
  const ids = new Set<string>();
  return {
    add(id) {
      ids.add(id);
      if (ids.size <= limit) return;
      for (const oldest of ids) {
        ids.delete(oldest);
        return;
      }
    },
    has: (id) => ids.has(id),
  };
}
