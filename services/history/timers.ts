// When each run is next due (H7): a heap with one entry a run, changed in place, so that it never holds more than the
// runs however often their time-outs move.
//
// Numbers stand in typed arrays, which the garbage collector doesn't look into: with an object for each of a million
// runs, every one of its rounds would hold the loop up, and with it whatever is due.

/** Room at first; doubled when it runs out. */
const FIRST_ROOM = 64;

export class Timers {
  /** The run's place in `#runIds` and `#dueAt`. */
  readonly #slots = new Map<string, number>();
  readonly #runIds: string[] = [];
  #dueAt = new Float64Array(FIRST_ROOM);
  /** The slots, as a heap, and where in it each slot stands. */
  #heap = new Int32Array(FIRST_ROOM);
  #places = new Int32Array(FIRST_ROOM);

  get size(): number {
    return this.#runIds.length;
  }

  /** The runs that are due at some time. */
  get runIds(): Iterable<string> {
    return this.#slots.keys();
  }

  /** The time at which the next run is due. */
  get nextAt(): number | undefined {
    return this.size === 0 ? undefined : this.#timeAt(0);
  }

  /** The run due first, if that is at or before `now`. It stays until it is set anew. */
  due(now: number): string | undefined {
    return this.size > 0 && this.#timeAt(0) <= now ? this.#runIds[this.#slotAt(0)] : undefined;
  }

  /** When the run is due next, if ever. */
  dueAt(runId: string): number | undefined {
    const slot = this.#slots.get(runId);
    return slot === undefined ? undefined : this.#dueAt[slot];
  }

  /** Sets when the run is due next; undefined means never. */
  set(runId: string, dueAt: number | undefined): void {
    const slot = this.#slots.get(runId);
    if (slot === undefined) {
      if (dueAt !== undefined) this.#add(runId, dueAt);
    } else if (dueAt === undefined) {
      this.#remove(runId, slot);
    } else if (dueAt !== this.#dueAt[slot]) {
      this.#dueAt[slot] = dueAt;
      this.#settle(slot, this.#placeOf(slot));
    }
  }

  #add(runId: string, dueAt: number): void {
    const slot = this.size;
    if (slot === this.#heap.length) this.#grow();
    this.#slots.set(runId, slot);
    this.#runIds.push(runId);
    this.#dueAt[slot] = dueAt;
    this.#settle(slot, slot);
  }

  #remove(runId: string, slot: number): void {
    const last = this.size - 1;
    const place = this.#placeOf(slot);
    const lowest = this.#slotAt(last);
    this.#slots.delete(runId);
    // The last slot's run moves into the one that is free, and the heap's last entry to where the run stood in it.
    const moved = this.#runIds.pop();
    if (moved !== undefined && slot !== last) {
      this.#slots.set(moved, slot);
      this.#runIds[slot] = moved;
      this.#dueAt[slot] = this.#dueAt[last] ?? Infinity;
      this.#put(slot, this.#placeOf(last));
    }
    if (place !== last) this.#settle(lowest === last ? slot : lowest, place);
  }

  /** Moves a slot up or down from a place to where its time belongs. */
  #settle(slot: number, from: number): void {
    const time = this.#dueAt[slot] ?? Infinity;
    let place = from;
    while (place > 0) {
      const parent = (place - 1) >> 1;
      if (this.#timeAt(parent) <= time) break;
      this.#put(this.#slotAt(parent), place);
      place = parent;
    }
    for (;;) {
      const left = 2 * place + 1;
      if (left >= this.size) break;
      const right = left + 1;
      const child = right < this.size && this.#timeAt(right) < this.#timeAt(left) ? right : left;
      if (this.#timeAt(child) >= time) break;
      this.#put(this.#slotAt(child), place);
      place = child;
    }
    this.#put(slot, place);
  }

  #put(slot: number, place: number): void {
    this.#heap[place] = slot;
    this.#places[slot] = place;
  }

  #slotAt(place: number): number {
    return this.#heap[place] ?? 0;
  }

  #placeOf(slot: number): number {
    return this.#places[slot] ?? 0;
  }

  #timeAt(place: number): number {
    return this.#dueAt[this.#slotAt(place)] ?? Infinity;
  }

  #grow(): void {
    const room = this.#heap.length * 2;
    const grown = <T extends Int32Array | Float64Array>(into: T, from: T): T => {
      into.set(from);
      return into;
    };
    this.#dueAt = grown(new Float64Array(room), this.#dueAt);
    this.#heap = grown(new Int32Array(room), this.#heap);
    this.#places = grown(new Int32Array(room), this.#places);
  }
}
