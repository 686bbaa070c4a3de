import { AssignerProtocol, type Cluster, type GroupMember, type PartitionAssigner } from 'kafkajs';
import type { TopicPartition } from '../log.js';
import { assignSticky } from '../sticky-assignment.js';

/** The members of a group must agree on the name and on what it means: a change of meaning is a new name. */
const name = 'millrace-sticky-1';
const version = 1;

/**
 * The sticky assignment as a kafkajs assigner. Each member tells what it has in the user data of its metadata, and
 * whichever of them leads the group assigns.
 */
export function stickyAssignor(owned: () => readonly TopicPartition[]): PartitionAssigner {
  return ({ cluster }: { cluster: Cluster }) => ({
    name,
    version,
    protocol: ({ topics }) => ({
      name,
      metadata: AssignerProtocol.MemberMetadata.encode({ version, topics, userData: encodeOwned(owned()) }),
    }),
    assign: async ({ members, topics }) => {
      const counts = topics.map((topic) => [topic, cluster.findTopicPartitionMetadata(topic).length] as const);
      const assignments = assignSticky(members.map(subscriberOf), new Map(counts));
      return [...assignments].map(([memberId, assigned]) => ({
        memberId,
        memberAssignment: AssignerProtocol.MemberAssignment.encode({
          version,
          assignment: byTopic(assigned),
          userData: Buffer.alloc(0),
        }),
      }));
    },
  });
}

function subscriberOf({ memberId, memberMetadata }: GroupMember) {
  const metadata = AssignerProtocol.MemberMetadata.decode(memberMetadata);
  return { memberId, topics: metadata?.topics ?? [], owned: decodeOwned(metadata?.userData) };
}

function byTopic(partitions: readonly TopicPartition[]): Record<string, number[]> {
  const topics: Record<string, number[]> = {};
  for (const { topic, partition } of partitions) {
    topics[topic] ??= [];
    topics[topic].push(partition);
  }
  return topics;
}

function encodeOwned(owned: readonly TopicPartition[]): Buffer {
  return Buffer.from(JSON.stringify(byTopic(owned)));
}

/** What another version of a member wrote may be anything; the worst that comes of ignoring it is a move. */
function decodeOwned(userData: Buffer | undefined): TopicPartition[] {
  if (userData === undefined || userData.length === 0) return [];
  try {
    const topics: unknown = JSON.parse(userData.toString('utf8'));
    if (typeof topics !== 'object' || topics === null) return [];
    return Object.entries(topics).flatMap(([topic, partitions]: [string, unknown]) => {
      const numbers = Array.isArray(partitions) ? partitions.filter(Number.isInteger) : [];
      return numbers.map((partition: number) => ({ topic, partition }));
    });
  } catch {
    return [];
  }
}
