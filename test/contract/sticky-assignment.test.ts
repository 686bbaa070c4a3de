import { describe, expect, it } from 'vitest';
import type { TopicPartition } from '../../services/platform/log/log.js';
import { assignSticky } from '../../services/platform/log/sticky-assignment.js';

type Assignment = ReadonlyMap<string, readonly TopicPartition[]>;

const counts = (partitions: number) => new Map([['tasks', partitions]]);

function assign(memberIds: readonly string[], partitions: number, before?: Assignment) {
  const members = memberIds.map((memberId) => ({ memberId, topics: ['tasks'], owned: before?.get(memberId) ?? [] }));
  return assignSticky(members, counts(partitions));
}

function partitionsOf(assignment: Assignment, memberId: string): number[] {
  return (assignment.get(memberId) ?? []).map(({ partition }) => partition);
}

function moved(before: Assignment, after: Assignment): number {
  const ownerBefore = new Map([...before].flatMap(([id, held]) => held.map((p) => [p.partition, id] as const)));
  return [...after].flatMap(([id, held]) => held.filter((p) => ownerBefore.get(p.partition) !== id)).length;
}

describe('sticky assignment', () => {
  it('A1: gives every partition to exactly one member', () => {
    const assignment = assign(['a', 'b', 'c'], 8);
    const all = [...assignment.values()].flat().map(({ partition }) => partition);
    expect(all.sort((x, y) => x - y)).toEqual([0, 1, 2, 3, 4, 5, 6, 7]);
  });

  it('A1: has an empty entry for a member that there is no partition left for', () => {
    expect(assign(['a', 'b', 'c'], 2).get('c')).toEqual([]);
  });

  it('A4: spreads neighbouring partitions over the members', () => {
    const assignment = assign(['a', 'b'], 8);
    expect(partitionsOf(assignment, 'a')).toEqual([0, 2, 4, 6]);
    expect(partitionsOf(assignment, 'b')).toEqual([1, 3, 5, 7]);
  });

  it('A3, A4: takes only its share for a member that joins, and leaves no neighbours behind', () => {
    const before = assign(['a'], 8);
    const after = assign(['a', 'b'], 8, before);
    expect(moved(before, after)).toBe(4);
    expect(partitionsOf(after, 'a').every((p) => !partitionsOf(after, 'a').includes((p + 1) % 8))).toBe(true);
  });

  it('A3: moves only what a member that left had', () => {
    const before = assign(['a', 'b', 'c'], 9);
    const after = assign(['a', 'c'], 9, before);
    expect(moved(before, after)).toBe(3);
  });

  it('A3: moves nothing when the members stay the same', () => {
    const before = assign(['a', 'b', 'c'], 8);
    expect(moved(before, assign(['a', 'b', 'c'], 8, before))).toBe(0);
  });

  it('A2: stays within one partition over a long series of joins and departures', () => {
    let assignment: Assignment = new Map();
    for (const ids of ['a', 'ab', 'abc', 'bc', 'bcd', 'bcdefg', 'g', 'gab', 'ab', 'abcdefghijklm', 'm']) {
      assignment = assign([...ids], 12, assignment);
      const sizes = [...assignment.values()].map((held) => held.length);
      expect(sizes.reduce((sum, size) => sum + size)).toBe(12);
      expect(Math.max(...sizes) - Math.min(...sizes)).toBeLessThanOrEqual(1);
    }
  });

  it('believes the first of two members that claim the same partition', () => {
    const owned = [{ topic: 'tasks', partition: 0 }];
    const members = ['a', 'b'].map((memberId) => ({ memberId, topics: ['tasks'], owned }));
    const assignment = assignSticky(members, counts(2));
    expect(partitionsOf(assignment, 'a')).toEqual([0]);
    expect(partitionsOf(assignment, 'b')).toEqual([1]);
  });

  it('ignores claims on partitions that are gone', () => {
    const members = [{ memberId: 'a', topics: ['tasks'], owned: [{ topic: 'tasks', partition: 9 }] }];
    expect(partitionsOf(assignSticky(members, counts(1)), 'a')).toEqual([0]);
  });

  it('gives a topic only to members that subscribe to it, and evens out the rest', () => {
    const members = [
      { memberId: 'a', topics: ['tasks', 'other'], owned: [] },
      { memberId: 'b', topics: ['tasks'], owned: [] },
    ];
    const assignment = assignSticky(members, new Map([...counts(4), ['other', 2]]));
    expect(assignment.get('b')?.every(({ topic }) => topic === 'tasks')).toBe(true);
    expect(assignment.get('a')).toHaveLength(3);
    expect(assignment.get('b')).toHaveLength(3);
  });

  it('leaves a topic that nobody subscribes to unassigned', () => {
    expect(assignSticky([{ memberId: 'a', topics: [], owned: [] }], counts(3)).get('a')).toEqual([]);
  });

  it('assigns nothing when there are no members', () => {
    expect(assignSticky([], counts(3)).size).toBe(0);
  });
});
