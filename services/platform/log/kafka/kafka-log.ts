import { createTopicsV7 } from '@platformatic/kafka';
import type { Logger } from '../../logger.js';
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
import { Backoff, Deadline } from './backoff.js';
import { codeName, isPassingAt, isPassingCode, responseOf, toLogError } from './broker-error.js';
import { Cluster } from './cluster.js';
import { openFencedAppender } from './fenced-appender.js';
import { KafkaGroupMembership } from './group.js';
import { listOffset } from './offsets.js';
import { KafkaProducer } from './producer.js';
import { KafkaReader } from './reader.js';
import type { KafkaSecurity } from './security.js';

export interface KafkaLogOptions extends KafkaSecurity {
  /** Brokers to find the cluster through, as `host:port`. */
  readonly brokers: readonly string[];
  readonly clientId: string;
  /** How long to look for a broker, in milliseconds. Default 30,000. */
  readonly connectTimeoutMs?: number;
  /** How long a broker may take to answer before it is asked again over another connection. Default 10,000. */
  readonly requestTimeoutMs?: number;
  /** How long a fenced append is tried before its outcome is reported as unknown, in milliseconds. Default 60,000. */
  readonly appendTimeoutMs?: number;
  readonly logger: Logger;
}

/** What `close` has to end. */
interface Closeable {
  readonly closed: boolean;
  close(): Promise<void>;
}

const defaultConnectTimeoutMs = 30_000;
const lookupTimeoutMs = 30_000;
const createTimeoutMs = 30_000;
const defaultReplication = -1;
const topicAlreadyExists = 'TOPIC_ALREADY_EXISTS';

/** Connects to a Kafka cluster. Rejects with `LOG_UNAVAILABLE`, which names the brokers, or `UNAUTHORIZED`. */
export async function connectKafkaLog(options: KafkaLogOptions): Promise<Log> {
  const { connectTimeoutMs = defaultConnectTimeoutMs } = options;
  const cluster = new Cluster({ ...options, security: options });
  try {
    await cluster.connect(connectTimeoutMs);
  } catch (error) {
    cluster.close();
    throw error;
  }
  return new KafkaLog(options, cluster);
}

class KafkaLog implements Log {
  readonly #options: KafkaLogOptions;
  readonly #cluster: Cluster;
  readonly #open = new Set<Closeable>();

  constructor(options: KafkaLogOptions, cluster: Cluster) {
    this.#options = options;
    this.#cluster = cluster;
  }

  async fencedAppender(options: TopicPartition & { readonly transactionalId: string }): Promise<FencedAppender> {
    const { topic, partition, transactionalId } = options;
    const { logger, appendTimeoutMs: timeoutMs } = this.#options;
    const target = { topic, partition };
    const opened = { cluster: this.#cluster, logger, target, transactionalId };
    return this.#keep(await openFencedAppender(timeoutMs === undefined ? opened : { ...opened, timeoutMs }));
  }

  producer(options: { readonly timeoutMs?: number } = {}): Producer {
    return this.#keep(new KafkaProducer({ cluster: this.#cluster, logger: this.#options.logger, ...options }));
  }

  reader(onRecords: RecordsHandler): Reader {
    return this.#keep(new KafkaReader({ cluster: this.#cluster, logger: this.#options.logger, onRecords }));
  }

  async joinGroup(options: GroupOptions): Promise<GroupMembership> {
    for (const topic of options.topics) {
      await this.#retried(`joining ${options.groupId}`, () => this.#cluster.leader({ topic, partition: 0 }));
    }
    const { brokers, clientId, logger } = this.#options;
    const connection = { cluster: this.#cluster, brokers, clientId, logger, security: this.#options };
    const membership = this.#keep(new KafkaGroupMembership({ ...options, ...connection }));
    await membership.joined;
    return membership;
  }

  async offsets(source: TopicPartition): Promise<{ readonly earliest: number; readonly next: number }> {
    return await this.#retried(`reading the offsets of ${source.topic}[${source.partition}]`, async () => ({
      earliest: await listOffset(this.#cluster, source, 'earliest'),
      next: await listOffset(this.#cluster, source, 'next'),
    }));
  }

  async partitionCount(topic: string): Promise<number | undefined> {
    return await this.#retried(`looking up ${topic}`, () => this.#cluster.partitionCount(topic));
  }

  async createTopics(topics: readonly TopicSpec[]): Promise<void> {
    if (topics.length === 0) return;
    await this.#retried('creating topics', () => this.#createMissing(topics));
    const deadline = new Deadline(createTimeoutMs);
    const backoff = new Backoff();
    for (const { topic } of topics) {
      while (!(await this.#retried(`looking up ${topic}`, () => this.#cluster.isReady(topic)))) {
        if (deadline.passed) throw new LogError('LOG_UNAVAILABLE', `${topic} was created but has no leader: try again`);
        await backoff.wait();
      }
    }
  }

  async close(): Promise<void> {
    await Promise.all([...this.#open].map((open) => open.close()));
    this.#cluster.close();
  }

  #keep<T extends Closeable>(opened: T): T {
    for (const old of this.#open) if (old.closed) this.#open.delete(old);
    this.#open.add(opened);
    return opened;
  }

  async #createMissing(topics: readonly TopicSpec[]): Promise<void> {
    const requests = topics.map(({ topic, partitions, replicationFactor = defaultReplication, config = {} }) => ({
      name: topic,
      numPartitions: partitions,
      replicationFactor,
      assignments: [],
      configs: Object.entries(config).map(([name, value]) => ({ name, value })),
    }));
    const controller = await this.#cluster.controller();
    try {
      await controller.call(createTopicsV7.api, requests, createTimeoutMs, false);
    } catch (error) {
      const answers = responseOf<createTopicsV7.CreateTopicsResponse>(error)?.topics;
      if (answers === undefined) throw error;
      for (const { name, errorCode, errorMessage } of answers) {
        const code = codeName(errorCode);
        if (errorCode === 0 || code === topicAlreadyExists) continue;
        if (isPassingCode(code))
          throw new LogError('LOG_UNAVAILABLE', `${name} can't be created now (${code}): try again`);
        if (code.endsWith('AUTHORIZATION_FAILED')) throw toLogError(error, `creating ${name}`);
        throw new TypeError(`topic ${name} can't be created: ${errorMessage ?? code}`, { cause: error });
      }
    }
  }

  async #retried<T>(doing: string, ask: () => Promise<T>): Promise<T> {
    const deadline = new Deadline(lookupTimeoutMs);
    const backoff = new Backoff();
    for (let attempt = 1; ; attempt++) {
      try {
        return await ask();
      } catch (error) {
        if (error instanceof TypeError) throw error;
        if (!isPassingAt(attempt, error) || deadline.passed) throw toLogError(error, doing);
        await backoff.wait();
      }
    }
  }
}
