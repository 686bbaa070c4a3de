import { randomUUID } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import type { GroupMembership, Log, TopicPartition } from '../../services/platform/log/log.js';
import { type Logs, newTopic } from './contract-kit.js';

/** A member, what it was last assigned, and a way to wait for that to change. */
class Member {
  membership: GroupMembership | undefined;
  partitions: readonly number[] = [];
  readonly #waiting = new Set<() => void>();

  static async join(log: Log, groupId: string, topic: string, owned?: () => number[]): Promise<Member> {
    const member = new Member();
    member.membership = await log.joinGroup({
      groupId,
      topics: [topic],
      sessionTimeoutMs: 6_000,
      ...(owned && { owned: () => owned().map((partition) => ({ topic, partition })) }),
      onAssigned: (assignment) => member.#assigned(assignment),
      onFailed: (error) => {
        throw error;
      },
    });
    return member;
  }

  until(isMet: (partitions: readonly number[]) => boolean): Promise<void> {
    return new Promise((resolve) => {
      const look = () => {
        if (!isMet(this.partitions)) return;
        this.#waiting.delete(look);
        resolve();
      };
      this.#waiting.add(look);
      look();
    });
  }

  async leave(): Promise<void> {
    await this.membership?.leave();
  }

  #assigned(assignment: readonly TopicPartition[]): void {
    this.partitions = assignment.map(({ partition }) => partition);
    for (const look of this.#waiting) look();
  }
}

export function describeGroups(logs: Logs): void {
  describe('group', () => {
    it('gives its only member everything, by the time it has joined', async () => {
      const { log } = logs();
      const member = await Member.join(log, randomUUID(), await newTopic(log, 4));
      expect(member.partitions).toEqual([0, 1, 2, 3]);
      await member.leave();
    });

    it('shares the partitions between two members, each keeping what it may', async () => {
      const { log, other } = logs();
      const [groupId, topic] = [randomUUID(), await newTopic(log, 4)];
      const first = await Member.join(log, groupId, topic);
      const second = await Member.join(other, groupId, topic);
      await first.until((partitions) => partitions.length === 2);
      expect(second.partitions).toHaveLength(2);
      expect([...first.partitions, ...second.partitions].sort()).toEqual([0, 1, 2, 3]);
      await Promise.all([first.leave(), second.leave()]);
    });

    it('gives everything to the member that stays when the other leaves', async () => {
      const { log, other } = logs();
      const [groupId, topic] = [randomUUID(), await newTopic(log, 4)];
      const first = await Member.join(log, groupId, topic);
      const second = await Member.join(other, groupId, topic);
      await first.until((partitions) => partitions.length === 2);
      await first.leave();
      await second.until((partitions) => partitions.length === 4);
      await second.leave();
    });

    it('goes by what its members say they have, where that is not what it assigned', async () => {
      const { log, other } = logs();
      const [groupId, topic] = [randomUUID(), await newTopic(log, 4)];
      const first = await Member.join(log, groupId, topic, () => [1, 2, 3]);
      const second = await Member.join(other, groupId, topic, () => [0, 1]);
      await first.until((partitions) => partitions.length === 2);
      await second.until((partitions) => partitions.includes(0));
      await Promise.all([first.leave(), second.leave()]);
    });

    it('remembers the offsets that were committed, for whoever asks', async () => {
      const { log, other } = logs();
      const [groupId, topic] = [randomUUID(), await newTopic(log, 3)];
      const partitions = [0, 1, 2].map((partition) => ({ topic, partition }));
      const first = await Member.join(log, groupId, topic);
      expect(await first.membership?.committed(partitions)).toEqual([]);
      await first.membership?.commit([
        { topic, partition: 0, offset: 5 },
        { topic, partition: 2, offset: 0 },
      ]);
      await first.leave();
      const second = await Member.join(other, groupId, topic);
      expect(await second.membership?.committed(partitions)).toEqual([
        { topic, partition: 0, offset: 5 },
        { topic, partition: 2, offset: 0 },
      ]);
      await second.leave();
    });

    it('drops a commit of a member that has left, without an error', async () => {
      const { log, other } = logs();
      const [groupId, topic] = [randomUUID(), await newTopic(log)];
      const first = await Member.join(log, groupId, topic);
      const second = await Member.join(other, groupId, topic);
      await first.leave();
      await first.membership?.commit([{ topic, partition: 0, offset: 9 }]);
      expect(await second.membership?.committed([{ topic, partition: 0 }])).toEqual([]);
      await second.leave();
    });

    it('can be left twice', async () => {
      const { log } = logs();
      const member = await Member.join(log, randomUUID(), await newTopic(log));
      await member.leave();
      await member.leave();
    });

    it('cannot be joined for a topic that is not there', async () => {
      const { log } = logs();
      const joining = Member.join(log, randomUUID(), `none-${randomUUID()}`);
      await expect(joining).rejects.toMatchObject({ code: 'UNKNOWN_TOPIC' });
    });
  });
}
