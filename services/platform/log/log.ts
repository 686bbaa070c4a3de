// The log as Millrace needs it: partitioned topics, appends fenced by epoch, reads by offset, consumer groups.
// Two forms stand behind this port, Kafka (kafka/) and in-memory (memory/), with one contract suite over both
// (test/contract/). Nothing above this folder knows a Kafka client.

/** A partition of a topic. */
export interface TopicPartition {
  readonly topic: string;
  readonly partition: number;
}

/** Record headers by name. */
export type RecordHeaders = Readonly<Record<string, Buffer>>;

/** A record to append. */
export interface NewRecord {
  readonly key: Buffer | null;
  readonly value: Buffer | null;
  readonly headers?: RecordHeaders;
}

/** A record read. */
export interface LogRecord {
  readonly offset: number;
  /** Append or create time, in milliseconds since the epoch. */
  readonly timestamp: number;
  readonly key: Buffer | null;
  readonly value: Buffer | null;
  readonly headers: RecordHeaders;
}

/**
 * The one writer of a partition. Opening it fences every appender opened before with the same transactional id:
 * they are refused from this one's first append on.
 */
export interface FencedAppender {
  /**
   * Appends the records as one atomic batch and resolves with the offset of the first. One append is under way
   * at a time: the caller awaits it before the next. A time-out is retried with the same sequence, so that it
   * never doubles. A rejection with anything but `BATCH_TOO_LARGE` ends the appender.
   * Errors: `LOG_FENCED`, `LOG_UNAVAILABLE` (outcome unknown), `BATCH_TOO_LARGE` (nothing was written).
   */
  append(records: readonly NewRecord[]): Promise<number>;
  close(): Promise<void>;
}

/** An unfenced producer: at least once, in order for each partition. */
export interface Producer {
  /**
   * Appends the records to one partition, in order, as one batch, and resolves with the offset of the first once all
   * in-sync replicas have them. Sends made while one is under way to the same broker share the next request.
   * Errors: `LOG_UNAVAILABLE` after `timeoutMs` of retries, `BATCH_TOO_LARGE`, `UNKNOWN_TOPIC`.
   */
  send(target: TopicPartition, records: readonly NewRecord[]): Promise<number>;
  close(): Promise<void>;
}

/** Receives the records of one partition, in order. The next ones come once it has settled. */
export type RecordsHandler = (source: TopicPartition, records: readonly LogRecord[]) => void | Promise<void>;

/** Reads partitions by offset, without a group. Survives brokers going away: it retries until closed. */
export interface Reader {
  /** Starts reading at an offset, or at the end (`'latest'`) as of when the promise resolves. */
  assign(source: TopicPartition, from: number | 'earliest' | 'latest'): Promise<void>;
  /** Stops reading a partition. No record of it is handed over after this returns. */
  unassign(source: TopicPartition): void;
  /** Holds a partition back, and lets it go on. Records already handed over are the handler's. */
  pause(source: TopicPartition): void;
  resume(source: TopicPartition): void;
  close(): Promise<void>;
}

/** Membership of a consumer group. It only assigns: records are read through a `Reader`. */
export interface GroupMembership {
  /** The offsets committed for the partitions; those without one are absent. */
  committed(
    partitions: readonly TopicPartition[],
  ): Promise<ReadonlyArray<TopicPartition & { readonly offset: number }>>;
  /** Commits next offsets to read. A commit during a rebalance may be dropped; commit again later. */
  commit(offsets: ReadonlyArray<TopicPartition & { readonly offset: number }>): Promise<void>;
  /** Leaves at once, so that the others needn't wait for the session time-out. */
  leave(): Promise<void>;
}

export interface GroupOptions {
  readonly groupId: string;
  readonly topics: readonly string[];
  /** Time without heartbeats after which the group gives the member up, in milliseconds. Brokers allow from 6,000. */
  readonly sessionTimeoutMs: number;
  /**
   * What the member has, told to whoever assigns, so that it stays where it is; asked for at each rebalance. Default:
   * the last assignment. A member says something else when partitions have moved without the group.
   */
  readonly owned?: () => readonly TopicPartition[];
  /** Called with the whole new assignment at each generation; partitions kept from the last one stay where they are. */
  readonly onAssigned: (assignment: readonly TopicPartition[]) => void;
  /** Called when membership is lost for good and can't be regained. */
  readonly onFailed: (error: Error) => void;
}

export interface TopicSpec {
  readonly topic: string;
  readonly partitions: number;
  /** Default: the brokers' own. */
  readonly replicationFactor?: number;
  readonly config?: Readonly<Record<string, string>>;
}

export interface Log {
  fencedAppender(options: TopicPartition & { readonly transactionalId: string }): Promise<FencedAppender>;
  producer(options?: { readonly timeoutMs?: number }): Producer;
  reader(onRecords: RecordsHandler): Reader;
  joinGroup(options: GroupOptions): Promise<GroupMembership>;
  /** The first offset kept and the next to be written. */
  offsets(source: TopicPartition): Promise<{ readonly earliest: number; readonly next: number }>;
  /** The partitions of a topic, or undefined when there is no such topic. */
  partitionCount(topic: string): Promise<number | undefined>;
  /** Makes the topics that are missing; leaves the others as they are. */
  createTopics(topics: readonly TopicSpec[]): Promise<void>;
  close(): Promise<void>;
}
