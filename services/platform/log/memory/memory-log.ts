// The log in memory: for the test environment and the simulator. Many `Log`s share one broker, as processes do.
// It schedules by microtasks alone and takes its time from outside, so that a simulation is a function of its seed.

import { LogError } from '../errors.js';
import type {
  FencedAppender,
  GroupMembership,
  GroupOptions,
  Log,
  Producer,
  Reader,
  RecordsHandler,
  TopicPartition,
  TopicSpec,
} from '../log.js';
import { MemoryGroup } from './memory-group.js';
import { MemoryPartition, type Writer } from './memory-partition.js';
import { MemoryReader } from './memory-reader.js';

/** What a Kafka broker takes of a topic made without `max.message.bytes`. */
const defaultMaxMessageBytes = 1_048_588;

export interface MemoryBroker {
  /** Connects another `Log`: think of it as another process. */
  connect(): Log;
  /** Removes the records of a partition before an offset, as retention does. */
  deleteBefore(source: TopicPartition, offset: number): void;
  /** Removes the records of a partition whose key comes again before an offset, as compaction does. */
  compactBefore(source: TopicPartition, offset: number): void;
}

export interface MemoryBrokerOptions {
  /** Stamps the records, in milliseconds since the epoch. */
  readonly now?: () => number;
  /** Called after each append, before anybody has read what it appended. */
  readonly onAppended?: () => void;
}

/** Makes an empty broker. */
export function createMemoryBroker(options: MemoryBrokerOptions = {}): MemoryBroker {
  const broker = new Broker(options);
  return {
    connect: () => new MemoryLog(broker),
    deleteBefore: (source, offset) => broker.partition(source).deleteBefore(offset),
    compactBefore: (source, offset) => broker.partition(source).compactBefore(offset),
  };
}

/** What the logs share. */
class Broker {
  readonly #now: () => number;
  readonly #onAppended: () => void;
  readonly #topics = new Map<string, readonly MemoryPartition[]>();
  readonly #groups = new Map<string, MemoryGroup>();
  readonly #epochs = new Map<string, number>();

  constructor({ now = Date.now, onAppended = () => undefined }: MemoryBrokerOptions) {
    this.#now = now;
    this.#onAppended = onAppended;
  }

  createTopic({ topic, partitions, config }: TopicSpec): void {
    if (this.#topics.has(topic)) return;
    const maxBatchBytes = Number(config?.['max.message.bytes'] ?? defaultMaxMessageBytes);
    const made = Array.from({ length: partitions }, (_, partition) => {
      return new MemoryPartition({ topic, partition }, maxBatchBytes, this.#now);
    });
    for (const partition of made) partition.watch(this.#onAppended);
    this.#topics.set(topic, made);
  }

  partitionCount(topic: string): number | undefined {
    return this.#topics.get(topic)?.length;
  }

  partition({ topic, partition }: TopicPartition): MemoryPartition {
    const found = this.#topics.get(topic)?.[partition];
    if (found === undefined) {
      throw new LogError('UNKNOWN_TOPIC', `there is no ${topic}[${partition}]: create the topic first`);
    }
    return found;
  }

  group(groupId: string): MemoryGroup {
    let group = this.#groups.get(groupId);
    if (group === undefined) {
      group = new MemoryGroup((topic) => this.partitionCount(topic));
      this.#groups.set(groupId, group);
    }
    return group;
  }

  newWriter(transactionalId: string): Writer {
    const epoch = (this.#epochs.get(transactionalId) ?? 0) + 1;
    this.#epochs.set(transactionalId, epoch);
    return { transactionalId, epoch };
  }
}

class MemoryLog implements Log {
  readonly #broker: Broker;
  /** What `close` has to end. */
  readonly #readers = new Set<MemoryReader>();
  readonly #memberships = new Set<GroupMembership>();
  #closed = false;

  constructor(broker: Broker) {
    this.#broker = broker;
  }

  async fencedAppender(options: TopicPartition & { readonly transactionalId: string }): Promise<FencedAppender> {
    this.#checkOpen();
    const partition = this.#broker.partition(options);
    const writer = this.#broker.newWriter(options.transactionalId);
    let ended = false;
    return {
      append: async (records) => {
        this.#checkOpen();
        if (ended) throw new LogError('LOG_UNAVAILABLE', 'this appender is closed: open another');
        return partition.append(records, writer);
      },
      close: async () => {
        ended = true;
      },
    };
  }

  producer(): Producer {
    this.#checkOpen();
    let ended = false;
    return {
      send: async (target, records) => {
        this.#checkOpen();
        if (ended) throw new LogError('LOG_UNAVAILABLE', 'this producer is closed: make another');
        return this.#broker.partition(target).append(records);
      },
      close: async () => {
        ended = true;
      },
    };
  }

  reader(onRecords: RecordsHandler): Reader {
    this.#checkOpen();
    const reader = new MemoryReader((source) => this.#broker.partition(source), onRecords);
    this.#readers.add(reader);
    return reader;
  }

  async joinGroup(options: GroupOptions): Promise<GroupMembership> {
    this.#checkOpen();
    for (const topic of options.topics) this.#broker.partition({ topic, partition: 0 });
    const group = this.#broker.group(options.groupId);
    const member = await group.join(options);
    const membership: GroupMembership = {
      committed: async (partitions) => group.committed(partitions),
      commit: async (offsets) => group.commit(member, offsets),
      leave: async () => {
        this.#memberships.delete(membership);
        await group.leave(member);
      },
    };
    this.#memberships.add(membership);
    return membership;
  }

  async offsets(source: TopicPartition): Promise<{ readonly earliest: number; readonly next: number }> {
    this.#checkOpen();
    const { earliest, next } = this.#broker.partition(source);
    return { earliest, next };
  }

  async partitionCount(topic: string): Promise<number | undefined> {
    this.#checkOpen();
    return this.#broker.partitionCount(topic);
  }

  async createTopics(topics: readonly TopicSpec[]): Promise<void> {
    this.#checkOpen();
    for (const topic of topics) this.#broker.createTopic(topic);
  }

  async close(): Promise<void> {
    this.#closed = true;
    await Promise.all([...this.#readers].map((reader) => reader.close()));
    await Promise.all([...this.#memberships].map((membership) => membership.leave()));
  }

  #checkOpen(): void {
    if (this.#closed) throw new LogError('LOG_UNAVAILABLE', 'this log is closed: connect again');
  }
}
