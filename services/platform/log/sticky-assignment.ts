// Who of a consumer group reads what. A pure function, so that both forms of the log assign alike.
//
// A1 Every partition has exactly one member, as long as some member subscribes to its topic.
// A2 Members that subscribe to the same topics differ by at most one partition.
// A3 A member keeps what it has, unless A2 takes it away: a moved partition costs its reader a cold cache.
// A4 Neighbouring partitions go to different members where there is a choice: a task that failed on one member is
//    retried on the next partition, which should be somebody else's.

import type { TopicPartition } from './log.js';

export interface Subscriber {
  readonly memberId: string;
  readonly topics: readonly string[];
  /** What it reads at present, by its own account. Of two that claim the same, the first by member id is believed. */
  readonly owned: readonly TopicPartition[];
}

/** Assigns all partitions of the topics to the subscribers; the result has an entry for each of them. */
export function assignSticky(
  subscribers: readonly Subscriber[],
  partitionCounts: ReadonlyMap<string, number>,
): Map<string, TopicPartition[]> {
  const members = subscribers.map((subscriber) => new Member(subscriber)).sort(byId);
  const partitions = allPartitions(partitionCounts).filter(({ topic }) => members.some((m) => m.reads(topic)));
  const owners = new Owners(partitionCounts);
  for (const member of members) member.claim(owners);
  trim(members, partitions.length, owners);
  for (const partition of partitions) {
    if (owners.of(partition) === undefined) bestFor(partition, members, owners)?.take(partition, owners);
  }
  level(members, owners);
  return new Map(members.map((member) => [member.id, [...member.held.values()].sort(byPartition)]));
}

class Member {
  readonly id: string;
  readonly held = new Map<string, TopicPartition>();
  readonly #topics: ReadonlySet<string>;
  readonly #claims: readonly TopicPartition[];

  constructor({ memberId, topics, owned }: Subscriber) {
    this.id = memberId;
    this.#topics = new Set(topics);
    this.#claims = owned;
  }

  reads(topic: string): boolean {
    return this.#topics.has(topic);
  }

  claim(owners: Owners): void {
    for (const claimed of this.#claims) {
      if (this.reads(claimed.topic) && owners.exists(claimed) && owners.of(claimed) === undefined) {
        this.take(claimed, owners);
      }
    }
  }

  take(partition: TopicPartition, owners: Owners): void {
    this.held.set(keyOf(partition), { topic: partition.topic, partition: partition.partition });
    owners.set(partition, this);
  }

  release(partition: TopicPartition, owners: Owners): void {
    this.held.delete(keyOf(partition));
    owners.set(partition, undefined);
  }

  /** The partition it is best to lose: the one with most neighbours here (A4), the last of equals. */
  leastWanted(owners: Owners): TopicPartition | undefined {
    let worst: TopicPartition | undefined;
    let worstNeighbours = -1;
    for (const partition of this.held.values()) {
      const neighbours = owners.neighbours(partition, this);
      if (neighbours >= worstNeighbours) {
        worst = partition;
        worstNeighbours = neighbours;
      }
    }
    return worst;
  }
}

/** Who holds which partition. */
class Owners {
  readonly #counts: ReadonlyMap<string, number>;
  readonly #owners = new Map<string, Member>();

  constructor(counts: ReadonlyMap<string, number>) {
    this.#counts = counts;
  }

  exists({ topic, partition }: TopicPartition): boolean {
    return partition >= 0 && partition < (this.#counts.get(topic) ?? 0);
  }

  of(partition: TopicPartition): Member | undefined {
    return this.#owners.get(keyOf(partition));
  }

  set(partition: TopicPartition, member: Member | undefined): void {
    if (member === undefined) this.#owners.delete(keyOf(partition));
    else this.#owners.set(keyOf(partition), member);
  }

  /** How many of the partition's two neighbours the member holds. The last partition is next to the first. */
  neighbours({ topic, partition }: TopicPartition, member: Member): number {
    const count = this.#counts.get(topic) ?? 0;
    const next = { topic, partition: (partition + 1) % count };
    const previous = { topic, partition: (partition + count - 1) % count };
    return Number(this.of(next) === member) + Number(this.of(previous) === member);
  }
}

/** Takes from those who hold more than their share, so that the rest can be handed out evenly. */
function trim(members: readonly Member[], partitions: number, owners: Owners): void {
  const share = Math.floor(partitions / members.length);
  let larger = partitions % members.length;
  for (const member of [...members].sort((a, b) => b.held.size - a.held.size || byId(a, b))) {
    const allowed = larger > 0 && member.held.size > share ? share + 1 : share;
    if (allowed > share) larger--;
    shrinkTo(member, allowed, owners);
  }
}

function shrinkTo(member: Member, size: number, owners: Owners): void {
  while (member.held.size > size) {
    const partition = member.leastWanted(owners);
    if (partition === undefined) return;
    member.release(partition, owners);
  }
}

function bestFor(partition: TopicPartition, members: readonly Member[], owners: Owners): Member | undefined {
  let best: Member | undefined;
  for (const member of members) {
    if (!member.reads(partition.topic)) continue;
    if (best === undefined || isBetter(member, best)) best = member;
  }
  return best;

  function isBetter(a: Member, b: Member): boolean {
    return a.held.size - b.held.size < 0 || (a.held.size === b.held.size && fewerNeighbours(a, b));
  }

  function fewerNeighbours(a: Member, b: Member): boolean {
    return owners.neighbours(partition, a) < owners.neighbours(partition, b);
  }
}

/** Where subscriptions differ the first pass may leave members apart: moves one partition at a time while it helps. */
function level(members: readonly Member[], owners: Owners): void {
  for (;;) {
    const move = nextMove(members);
    if (move === undefined) return;
    move.from.release(move.partition, owners);
    move.to.take(move.partition, owners);
  }
}

function nextMove(members: readonly Member[]): { from: Member; to: Member; partition: TopicPartition } | undefined {
  for (const from of members) {
    for (const to of members) {
      if (from.held.size - to.held.size < 2) continue;
      const partition = [...from.held.values()].reverse().find(({ topic }) => to.reads(topic));
      if (partition !== undefined) return { from, to, partition };
    }
  }
  return undefined;
}

function allPartitions(counts: ReadonlyMap<string, number>): TopicPartition[] {
  const topics = [...counts].sort(([a], [b]) => compare(a, b));
  return topics.flatMap(([topic, count]) => Array.from({ length: count }, (_, partition) => ({ topic, partition })));
}

function keyOf({ topic, partition }: TopicPartition): string {
  return `${topic}/${partition}`;
}

function byId(a: Member, b: Member): number {
  return compare(a.id, b.id);
}

function byPartition(a: TopicPartition, b: TopicPartition): number {
  return compare(a.topic, b.topic) || a.partition - b.partition;
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
