import { listOffsetsV7 } from '@platformatic/kafka';
import type { TopicPartition } from '../log.js';
import type { Cluster } from './cluster.js';

const readUncommitted = 0;
const noReplica = -1;
const noEpoch = -1;

/** What ListOffsets takes for a timestamp. */
const timestamps = { earliest: -2n, next: -1n } as const;

/** The first offset kept, or the next to be written. Asks once: the caller decides whether to ask again. */
export async function listOffset(
  cluster: Cluster,
  source: TopicPartition,
  which: keyof typeof timestamps,
): Promise<number> {
  const partition = {
    partitionIndex: source.partition,
    currentLeaderEpoch: noEpoch,
    timestamp: timestamps[which],
  };
  const topics = [{ name: source.topic, partitions: [partition] }];
  try {
    const broker = cluster.control(await cluster.leader(source));
    const answer = await broker.call(listOffsetsV7.api, noReplica, readUncommitted, topics);
    const offset = answer.topics[0]?.partitions[0]?.offset;
    if (offset === undefined) throw new Error(`the broker named no offset of ${source.topic}[${source.partition}]`);
    return Number(offset);
  } catch (error) {
    cluster.forgetLeaders(source.topic);
    throw error;
  }
}
