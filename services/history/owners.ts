import type { HeldPartition } from '../../schemas/generated/messages.js';
import { type OnPartitionFailed, PartitionOwner } from './owner.js';
import type { Standbys } from './standbys.js';
import type { OwnerEnvironment } from './tenure.js';

/** The next command of a partition. */
export interface Position {
  readonly partition: number;
  readonly offset: number;
}

/** The partitions that a service has. */
export class Owners {
  readonly #environment: OwnerEnvironment;
  readonly #standbys: Standbys;
  readonly #onPartitionFailed: OnPartitionFailed;
  readonly #owners = new Map<number, PartitionOwner>();
  /** Partitions being given back, and when that is done. */
  readonly #leaving = new Map<number, Promise<void>>();
  #wanted: ReadonlySet<number> = new Set();

  constructor(environment: OwnerEnvironment, standbys: Standbys, onPartitionFailed: OnPartitionFailed) {
    this.#environment = environment;
    this.#standbys = standbys;
    this.#onPartitionFailed = onPartitionFailed;
  }

  get all(): PartitionOwner[] {
    return [...this.#owners.values()];
  }

  /** What this service has or is about to have, as it tells others. */
  get held(): HeldPartition[] {
    return [...this.#wanted].map((partition) => {
      return { partition, ownerEpoch: this.#owners.get(partition)?.ownerEpoch ?? 0 };
    });
  }

  get positions(): Position[] {
    return positionsOf(this.all);
  }

  /** Sets which partitions to have. Those kept go on as they are: the fence, not the group, protects the log (H4). */
  keep(wanted: ReadonlySet<number>): void {
    this.#wanted = wanted;
    for (const [partition, owner] of this.#owners) if (!wanted.has(partition)) this.#give(partition, owner);
    for (const partition of wanted) this.#own(partition);
  }

  /** Gives all back, and resolves once that is done with how far each partition has come. */
  async giveBack(): Promise<Position[]> {
    const owners = this.all;
    this.keep(new Set());
    await Promise.all(this.#leaving.values());
    return positionsOf(owners);
  }

  #give(partition: number, owner: PartitionOwner): void {
    this.#owners.delete(partition);
    const left = owner.stop().then(() => {
      this.#leaving.delete(partition);
      // It may have come back meanwhile.
      if (this.#wanted.has(partition)) this.#own(partition);
    });
    this.#leaving.set(partition, left);
  }

  #own(partition: number): void {
    if (this.#owners.has(partition) || this.#leaving.has(partition)) return;
    const warm = this.#standbys.take(partition);
    this.#owners.set(partition, new PartitionOwner(partition, this.#environment, this.#onPartitionFailed, warm));
  }
}

function positionsOf(owners: readonly PartitionOwner[]): Position[] {
  return owners.flatMap(({ partition, position }) => (position === undefined ? [] : { partition, offset: position }));
}
