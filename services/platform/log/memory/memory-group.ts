import type { GroupOptions, TopicPartition } from '../log.js';
import { assignSticky } from '../sticky-assignment.js';

/** A member as its group knows it. */
export interface MemoryMember {
  readonly memberId: string;
  readonly options: GroupOptions;
  /** What it was last told to read. */
  assignment: readonly TopicPartition[];
}

/**
 * A consumer group. A rebalance takes one microtask: joins and departures of the same turn share a generation, and
 * every member hears of it before any other code runs.
 */
export class MemoryGroup {
  readonly #partitionCount: (topic: string) => number | undefined;
  readonly #members = new Map<string, MemoryMember>();
  readonly #committed = new Map<string, TopicPartition & { readonly offset: number }>();
  #joined = 0;
  #rebalance: Promise<void> | undefined;

  constructor(partitionCount: (topic: string) => number | undefined) {
    this.#partitionCount = partitionCount;
  }

  /** Resolves once the member has its first assignment. */
  async join(options: GroupOptions): Promise<MemoryMember> {
    this.#joined++;
    const member: MemoryMember = { memberId: `member-${this.#joined}`, options, assignment: [] };
    this.#members.set(member.memberId, member);
    await this.#rebalanced();
    return member;
  }

  async leave(member: MemoryMember): Promise<void> {
    if (this.#members.delete(member.memberId)) await this.#rebalanced();
  }

  /** As the broker does, drops the commits of somebody who isn't a member any more. */
  commit(member: MemoryMember, offsets: ReadonlyArray<TopicPartition & { readonly offset: number }>): void {
    if (!this.#members.has(member.memberId)) return;
    for (const { topic, partition, offset } of offsets) {
      this.#committed.set(`${topic}/${partition}`, { topic, partition, offset });
    }
  }

  committed(partitions: readonly TopicPartition[]): Array<TopicPartition & { readonly offset: number }> {
    return partitions.flatMap(({ topic, partition }) => this.#committed.get(`${topic}/${partition}`) ?? []);
  }

  #rebalanced(): Promise<void> {
    this.#rebalance ??= Promise.resolve().then(() => {
      this.#rebalance = undefined;
      this.#assign();
    });
    return this.#rebalance;
  }

  #assign(): void {
    const members = [...this.#members.values()];
    const topics = new Set(members.flatMap(({ options }) => options.topics));
    const counts = new Map([...topics].map((topic) => [topic, this.#partitionCount(topic) ?? 0]));
    const assignments = assignSticky(
      members.map(({ memberId, options, assignment }) => {
        return { memberId, topics: options.topics, owned: options.owned?.() ?? assignment };
      }),
      counts,
    );
    // All are settled before anyone is told, so that a member may leave or another join from within the callback.
    for (const member of members) member.assignment = assignments.get(member.memberId) ?? [];
    for (const member of members) member.options.onAssigned(member.assignment);
  }
}
