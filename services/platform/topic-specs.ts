// How each of a namespace's topics is made. The retention of a topic says what is lost when nobody reads it for so long.
import { MAX_BATCH_BYTES } from './limits.js';
import type { TopicSpec } from './log/log.js';
import type { Topics } from './topics.js';

/** How safely topics are kept. What is left out is up to the brokers' defaults. */
export interface Durability {
  /** Copies of each partition. */
  readonly replicationFactor?: number;
  /** Copies that must have a record before its writer is answered. */
  readonly minInsyncReplicas?: number;
}

export interface PartitionCounts {
  readonly partitions: number;
  readonly replyPartitions: number;
}

const minutes = 60_000;
const hours = 60 * minutes;
const days = 24 * hours;

/** Small segments, since only a closed one can be removed: a batch must fit, and idle partitions hold little. */
const SEGMENT_BYTES = 64 * 1024 * 1024;

/** The topic of the configuration record. It comes first, and says whether there is a namespace. */
export function configurationTopic(topics: Topics, durability: Durability): TopicSpec {
  return spec(topics.configuration, 1, { 'cleanup.policy': 'compact', ...fewLosses }, durability);
}

/** The topics that hold what was promised to somebody. They are made once, with the namespace, and never again. */
export function recordTopics(topics: Topics, { partitions }: PartitionCounts, durability: Durability): TopicSpec[] {
  return [
    // Beyond the longest outage of the history service: commands wait here for it.
    spec(topics.commands, partitions, { ...kept(7 * days, 12 * hours), ...fewLosses }, durability),
    // The truth. To keep it elsewhere for longer, or for less long, is the operator's decision and not a default.
    spec(
      topics.history,
      partitions,
      { 'cleanup.policy': 'delete', 'retention.ms': '-1', 'retention.bytes': '-1', ...fewLosses },
      durability,
    ),
  ];
}

/** The topics that may be made again when they are missing: of what they held, something else is the source. */
export function auxiliaryTopics(
  topics: Topics,
  { partitions, replyPartitions }: PartitionCounts,
  durability: Durability,
): TopicSpec[] {
  return [
    // An asker reads from the end, and asks again when it has no answer.
    spec(topics.replies, replyPartitions, kept(10 * minutes, 5 * minutes), durability),
    // Without its snapshots a partition is rebuilt from all of its history, where that is still kept.
    spec(topics.snapshots, partitions, { ...compacted, ...fewLosses }, durability),
    // A lease matters for seconds; who starts reads the latest.
    spec(topics.services, 1, kept(10 * minutes, 5 * minutes), durability),
    spec(topics.deadLetters, 1, kept(30 * days, 1 * days), durability),
  ];
}

/** A topic of a task queue. Tasks that nobody takes for so long are dispatched again by the history service. */
export function taskTopic(topic: string, partitions: number, durability: Durability): TopicSpec {
  return spec(topic, partitions, kept(24 * hours, 1 * hours), durability);
}

/** A replica that missed records must not become the leader: what it misses would be gone. */
const fewLosses = { 'unclean.leader.election.enable': 'false' };

/**
 * Small segments and frequent cleaning, since each snapshot replaces nearly all of the one before the last. Whoever has
 * begun to read that one is left the time to read it to its end.
 */
const compacted = {
  'cleanup.policy': 'compact',
  'min.compaction.lag.ms': String(10 * minutes),
  'segment.bytes': String(SEGMENT_BYTES),
  'min.cleanable.dirty.ratio': '0.3',
};

function kept(retentionMs: number, segmentMs: number): Record<string, string> {
  return {
    'cleanup.policy': 'delete',
    'retention.ms': String(retentionMs),
    'segment.ms': String(segmentMs),
    'segment.bytes': String(SEGMENT_BYTES),
  };
}

function spec(topic: string, partitions: number, config: Record<string, string>, durability: Durability): TopicSpec {
  const { replicationFactor, minInsyncReplicas } = durability;
  return {
    topic,
    partitions,
    ...(replicationFactor !== undefined && { replicationFactor }),
    config: {
      'max.message.bytes': String(MAX_BATCH_BYTES),
      ...config,
      ...(minInsyncReplicas !== undefined && { 'min.insync.replicas': String(minInsyncReplicas) }),
    },
  };
}
