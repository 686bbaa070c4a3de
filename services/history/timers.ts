interface Entry {
  readonly runId: string;
  dueAt: number;
  index: number;
}

/**
 * When each run is next due: a heap with one entry a run, changed in place, so that it never holds more than the open
 * runs however often their time-outs move (H7).
 */
export class Timers {
  readonly #heap: Entry[] = [];
  readonly #byRun = new Map<string, Entry>();

  get size(): number {
    return this.#heap.length;
  }

  /** The runs that are due at some time. */
  get runIds(): Iterable<string> {
    return this.#byRun.keys();
  }

  /** The time at which the next run is due. */
  get nextAt(): number | undefined {
    return this.#heap[0]?.dueAt;
  }

  /** The run due first, if that is at or before `now`. It stays until it is set anew. */
  due(now: number): string | undefined {
    const first = this.#heap[0];
    return first !== undefined && first.dueAt <= now ? first.runId : undefined;
  }

  /** When the run is due next, if ever. */
  dueAt(runId: string): number | undefined {
    return this.#byRun.get(runId)?.dueAt;
  }

  /** Sets when the run is due next; undefined means never. */
  set(runId: string, dueAt: number | undefined): void {
    const entry = this.#byRun.get(runId);
    if (entry === undefined) {
      if (dueAt !== undefined) this.#add({ runId, dueAt, index: this.#heap.length });
    } else if (dueAt === undefined) {
      this.#remove(entry);
    } else if (dueAt !== entry.dueAt) {
      entry.dueAt = dueAt;
      this.#settle(entry);
    }
  }

  #add(entry: Entry): void {
    this.#byRun.set(entry.runId, entry);
    this.#heap.push(entry);
    this.#settle(entry);
  }

  #remove(entry: Entry): void {
    this.#byRun.delete(entry.runId);
    const last = this.#heap.pop();
    if (last === undefined || last === entry) return;
    last.index = entry.index;
    this.#heap[last.index] = last;
    this.#settle(last);
  }

  /** Moves an entry up or down to where its time belongs. */
  #settle(entry: Entry): void {
    const heap = this.#heap;
    let index = entry.index;
    while (index > 0) {
      const parent = heap[(index - 1) >> 1];
      if (parent === undefined || parent.dueAt <= entry.dueAt) break;
      heap[index] = parent;
      const above = parent.index;
      parent.index = index;
      index = above;
    }
    for (;;) {
      const left = heap[2 * index + 1];
      const right = heap[2 * index + 2];
      const child = right !== undefined && left !== undefined && right.dueAt < left.dueAt ? right : left;
      if (child === undefined || child.dueAt >= entry.dueAt) break;
      heap[index] = child;
      const below = child.index;
      child.index = index;
      index = below;
    }
    heap[index] = entry;
    entry.index = index;
  }
}
