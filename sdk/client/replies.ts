import type { Reply, ReplyAddress } from '../../schemas/generated/messages.js';
import type { Codec } from '../../services/platform/codec/codec.js';
import type { Log, LogRecord } from '../../services/platform/log/log.js';
import type { Logger } from '../../services/platform/logger.js';
import { partitionOf } from '../../services/platform/partitioner.js';

export interface Replies {
  /** Where answers for this process are to be sent. */
  readonly address: ReplyAddress;
  close(): Promise<void>;
}

/**
 * Reads the answers meant for this process: one partition of `replies`, as good as chosen at random, from its end on, without a
 * group. Other askers share the partition; their records are told by their key and dropped undecoded. Records without
 * a key are for every asker.
 */
export async function openReplies(options: {
  readonly log: Log;
  readonly codec: Codec;
  readonly topic: string;
  readonly partitions: number;
  readonly logger: Logger;
  readonly newId: () => string;
  readonly onReply: (reply: Reply) => void;
}): Promise<Replies> {
  const { log, codec, topic, partitions, logger, newId, onReply } = options;
  const name = newId();
  const address: ReplyAddress = { partition: partitionOf(name, partitions), asker: name };
  const asker = Buffer.from(address.asker);

  async function receive(record: LogRecord): Promise<void> {
    if (record.value === null || (record.key !== null && !record.key.equals(asker))) return;
    try {
      onReply((await codec.decodeLearning(record.value)) as Reply);
    } catch (error) {
      // A reply that can't be read leaves its request unanswered, which times out or is asked again.
      logger.warn('a record on the replies topic was dropped', { ...address, offset: record.offset, error });
    }
  }

  const reader = log.reader(async (_source, records) => {
    for (const record of records) await receive(record);
  });
  await reader.assign({ topic, partition: address.partition }, 'latest');
  return { address, close: () => reader.close() };
}
