/**
 * Which partitions a service should have: what its group said last, put right by what the leases have said since. The
 * group's next word replaces both, as it is made from what its members then have.
 */
export class Custody {
  #assigned: ReadonlySet<number> = new Set();
  readonly #inherited = new Set<number>();
  readonly #yielded = new Set<number>();

  get partitions(): ReadonlySet<number> {
    const all = [...this.#assigned, ...this.#inherited];
    return new Set(all.filter((partition) => !this.#yielded.has(partition)));
  }

  /** Whether the group takes this service for the owner of what somebody else has. */
  get isAtOdds(): boolean {
    return [...this.#yielded].some((partition) => this.#assigned.has(partition));
  }

  /** The group's word. */
  assign(partitions: Iterable<number>): void {
    this.#assigned = new Set(partitions);
    this.#inherited.clear();
    this.#yielded.clear();
  }

  /** Takes a partition that nobody has any more. Returns whether that is news. */
  inherit(partition: number): boolean {
    if (this.partitions.has(partition)) return false;
    this.#inherited.add(partition);
    this.#yielded.delete(partition);
    return true;
  }

  /** Lets a partition go that somebody else has in fact. Returns whether that is news. */
  yield(partition: number): boolean {
    if (!this.partitions.has(partition)) return false;
    this.#inherited.delete(partition);
    this.#yielded.add(partition);
    return true;
  }
}
