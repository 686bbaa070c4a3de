import type { Reply, ReplyAddress } from '../../schemas/generated/messages.js';
import { after, type Clock } from '../../services/platform/clock.js';
import type { Codec } from '../../services/platform/codec/codec.js';
import type { Log, LogRecord, Reader, TopicPartition } from '../../services/platform/log/log.js';
import type { Logger } from '../../services/platform/logger.js';
import { partitionOf } from '../../services/platform/partitioner.js';

/** Long enough that one request after another finds it reading, and short enough not to hold up a program's end. */
const REST_AFTER_MS = 200;

export interface RepliesOptions {
  readonly log: Log;
  readonly codec: Codec;
  readonly clock: Clock;
  readonly topic: string;
  readonly partitions: number;
  readonly logger: Logger;
  readonly newId: () => string;
  readonly onReply: (reply: Reply) => void;
}

/**
 * Reads the answers meant for this process: one partition of `replies`, as good as chosen at random, without a group.
 * Other askers share the partition; their records are told by their key and dropped undecoded. Records without a key
 * are for every asker.
 *
 * It reads while somebody waits for answers, each time from the end on: what came meanwhile was for nobody here. So a
 * process that asks nothing is not kept going by its reading, as Temporal's clients keep none going.
 */
export class Replies {
  /** Where answers for this process are to be sent. */
  readonly address: ReplyAddress;
  readonly #options: RepliesOptions;
  readonly #source: TopicPartition;
  readonly #reader: Reader;
  #listening = false;
  #starting: Promise<void> | undefined;
  #callOffRest: () => void = () => {};

  /** It reads from the start, until it is told to rest. */
  static async open(options: RepliesOptions): Promise<Replies> {
    const replies = new Replies(options);
    await replies.listen();
    return replies;
  }

  private constructor(options: RepliesOptions) {
    const { log, topic, partitions, newId } = options;
    const asker = newId();
    const key = Buffer.from(asker);
    this.#options = options;
    this.address = { partition: partitionOf(asker, partitions), asker };
    this.#source = { topic, partition: this.address.partition };
    this.#reader = log.reader(async (_source, records) => {
      for (const record of records) {
        if (record.key === null || record.key.equals(key)) await this.#receive(record);
      }
    });
  }

  /** Resolves once answers to what is sent from now on are read; undefined where they are already. */
  listen(): Promise<void> | undefined {
    this.#callOffRest();
    if (this.#listening) return undefined;
    if (this.#starting !== undefined) return this.#starting;
    const starting = this.#start(() => this.#starting === starting);
    this.#starting = starting;
    return starting;
  }

  /** Nobody waits any more: it stops reading, unless somebody does again soon. */
  rest(): void {
    this.#callOffRest();
    this.#callOffRest = after(this.#options.clock, REST_AFTER_MS, () => {
      this.#listening = false;
      this.#starting = undefined;
      this.#reader.unassign(this.#source);
    });
  }

  close(): Promise<void> {
    this.#callOffRest();
    return this.#reader.close();
  }

  /** Sent to rest before it has begun, it isn't what reads any more. */
  async #start(isCurrent: () => boolean): Promise<void> {
    try {
      await this.#reader.assign(this.#source, 'latest');
      if (isCurrent()) this.#listening = true;
    } finally {
      if (isCurrent()) this.#starting = undefined;
    }
  }

  async #receive(record: LogRecord): Promise<void> {
    if (record.value === null) return;
    const { codec, logger, onReply } = this.#options;
    try {
      onReply((await codec.decodeLearning(record.value)) as Reply);
    } catch (error) {
      // A reply that can't be read leaves its request unanswered, which times out or is asked again.
      logger.warn('a record on the replies topic was dropped', { ...this.address, offset: record.offset, error });
    }
  }
}
