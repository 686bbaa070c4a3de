import type { Command } from '../../schemas/generated/messages.js';
import type { Codec } from '../../services/platform/codec/codec.js';
import { MAX_BATCH_RECORDS, MAX_COMMAND_BYTES } from '../../services/platform/limits.js';
import type { NewRecord, Producer } from '../../services/platform/log/log.js';
import { partitionOf } from '../../services/platform/partitioner.js';
import { PayloadTooLargeError } from '../common/errors.js';

export interface CommandSender {
  /**
   * Resolves once the command is acknowledged by the log. Commands of one partition that are sent in the same turn of
   * the event loop leave in one batch, in order: a start and the wait for its result, for one.
   * Errors: PayloadTooLargeError before anything is sent; those of `Producer.send`.
   */
  send(command: Command): Promise<void>;
}

interface Batch {
  readonly records: NewRecord[];
  bytes: number;
  readonly sent: Promise<void>;
}

export function createCommandSender(options: {
  readonly producer: Producer;
  readonly codec: Codec;
  readonly topic: string;
  readonly partitions: number;
}): CommandSender {
  const { producer, codec, topic, partitions } = options;
  /** The batch of each partition that later commands of this turn may join. */
  const open = new Map<number, Batch>();

  function begin(partition: number): Batch {
    const records: NewRecord[] = [];
    // The producer gets the batch once this turn's code has run, and in the order the batches were begun.
    const sent = Promise.resolve().then(async () => {
      if (open.get(partition) === batch) open.delete(partition);
      await producer.send({ topic, partition }, records);
    });
    const batch: Batch = { records, bytes: 0, sent };
    open.set(partition, batch);
    return batch;
  }

  return {
    async send(command) {
      const { workflowId } = command.header;
      const value = codec.encode(command);
      if (value.length > MAX_COMMAND_BYTES) {
        throw new PayloadTooLargeError(`${command.type} of workflow '${workflowId}'`, value.length, MAX_COMMAND_BYTES);
      }
      const partition = partitionOf(workflowId, partitions);
      let batch = open.get(partition);
      if (
        batch === undefined ||
        batch.bytes + value.length > MAX_COMMAND_BYTES ||
        batch.records.length >= MAX_BATCH_RECORDS
      ) {
        batch = begin(partition);
      }
      batch.records.push({ key: Buffer.from(workflowId), value });
      batch.bytes += value.length;
      await batch.sent;
    },
  };
}
