// The history services of a namespace as their leases tell of them: who lives, who has which partition, and which
// partitions nobody has any more. A fold of the topic of leases, without I/O or clock. It decides who takes a partition
// over and when; that two never write is the log's doing (H1), so that a wrong guess costs a move and nothing else.
//
// F1 A service is lost once renewals of this one's own, made one renewal's time apart, stand on the topic for as long as
//    the other's lease lasts, with none of the other's between. No clocks are compared, and who is cut off or paused
//    itself gets no renewals back, and so takes nobody for dead.
// F2 All who have read as far agree on who takes what over. The rule is the group's own, applied to those alive: what the
//    group says later, when it has noticed, finds everything in its place.
// F3 Of two that have a partition, the one with the higher epoch has it in fact; the other was fenced, or will be.
import type { HeldPartition, HistoryServiceLease } from '../../schemas/generated/messages.js';
import { assignSticky } from '../platform/log/sticky-assignment.js';

interface Member {
  readonly serviceId: string;
  readonly leaseMs: number;
  /** Owner epochs by partition. */
  readonly epochs: ReadonlyMap<number, number>;
  /** What the renewals of this service cover since the member's last. */
  silentMs: number;
}

/** What a topic is to the assignment: any one name, the same for all. */
const TOPIC = 'partitions';

export class Fleet {
  readonly #serviceId: string;
  readonly #partitions: number;
  readonly #members = new Map<string, Member>();
  readonly #orphans = new Set<number>();

  constructor(serviceId: string, partitions: number) {
    this.#serviceId = serviceId;
    this.#partitions = partitions;
  }

  /** Ids of the services alive, as far as is known. */
  get alive(): string[] {
    return [...this.#members.keys()];
  }

  /** Takes in a lease, in the order of the topic. Returns whether it changes who has what. */
  heard({ serviceId, leaseMs, partitions }: HistoryServiceLease): boolean {
    const epochs = new Map(partitions.map(({ partition, ownerEpoch }) => [partition, ownerEpoch]));
    const member = { serviceId, leaseMs, epochs, silentMs: 0 };
    if (leaseMs === 0) {
      this.#lose(member);
      return true;
    }
    const before = this.#members.get(serviceId);
    this.#members.set(serviceId, member);
    for (const partition of epochs.keys()) this.#orphans.delete(partition);
    return before === undefined || !sameEntries(before.epochs, epochs);
  }

  /** A renewal of this service's own has come back, `ms` after the one before. Returns who is lost by it (F1). */
  passed(ms: number): string[] {
    const lost: string[] = [];
    for (const member of this.#members.values()) {
      if (member.serviceId === this.#serviceId) continue;
      member.silentMs += ms;
      if (member.silentMs < member.leaseMs) continue;
      this.#lose(member);
      lost.push(member.serviceId);
    }
    return lost;
  }

  /** This service was cut off. The others may have been too, and have as long again to come back. */
  forgive(ms: number): void {
    for (const member of this.#members.values()) member.silentMs = -ms;
  }

  /** The partitions that nobody has any more and that this service is to take over (F2). */
  get inheritance(): number[] {
    if (this.#orphans.size === 0) return [];
    const mine = this.#sharesOf(this.#serviceId);
    return [...this.#orphans].filter((partition) => mine.has(partition));
  }

  /** The partitions that this service is to take over when the one that has them is lost. */
  get expectations(): number[] {
    const expected: number[] = [];
    for (const { serviceId, epochs } of this.#members.values()) {
      if (serviceId === this.#serviceId || epochs.size === 0) continue;
      const mine = this.#sharesOf(this.#serviceId, serviceId);
      for (const partition of epochs.keys()) if (mine.has(partition)) expected.push(partition);
    }
    return expected;
  }

  /** Whether somebody else alive has claimed a higher epoch of the partition (F3). */
  isBeaten({ partition, ownerEpoch }: HeldPartition): boolean {
    for (const { serviceId, epochs } of this.#members.values()) {
      if (serviceId !== this.#serviceId && (epochs.get(partition) ?? 0) > ownerEpoch) return true;
    }
    return false;
  }

  /** What a service has, by the assignment over those alive, with one of them gone. */
  #sharesOf(serviceId: string, gone?: string): ReadonlySet<number> {
    const members = [...this.#members.values()].filter((member) => member.serviceId !== gone);
    const subscribers = members.map((member) => ({
      memberId: member.serviceId,
      topics: [TOPIC],
      owned: this.#holdingsOf(member).map((partition) => ({ topic: TOPIC, partition })),
    }));
    const shares = assignSticky(subscribers, new Map([[TOPIC, this.#partitions]]));
    return new Set(shares.get(serviceId)?.map(({ partition }) => partition));
  }

  #holdingsOf({ serviceId, epochs }: Member): number[] {
    const isBeaten = (partition: number, epoch: number) =>
      [...this.#members.values()].some((m) => m.serviceId !== serviceId && (m.epochs.get(partition) ?? 0) > epoch);
    return [...epochs].filter(([partition, epoch]) => !isBeaten(partition, epoch)).map(([partition]) => partition);
  }

  #lose({ serviceId, epochs }: Member): void {
    this.#members.delete(serviceId);
    const held = new Set([...this.#members.values()].flatMap((member) => [...member.epochs.keys()]));
    for (const partition of epochs.keys()) if (!held.has(partition)) this.#orphans.add(partition);
  }
}

function sameEntries(a: ReadonlyMap<number, number>, b: ReadonlyMap<number, number>): boolean {
  return a.size === b.size && [...a].every(([key, value]) => b.get(key) === value);
}
