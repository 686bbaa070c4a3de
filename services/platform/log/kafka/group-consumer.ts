import { type Consumer, type ConsumerGroupJoinEvent, Kafka, logLevel } from 'kafkajs';
import type { Logger } from '../../logger.js';
import type { TopicPartition } from '../log.js';
import { kafkajsLogCreator } from './kafkajs-logging.js';
import { type KafkaSecurity, kafkajsSecurity } from './security.js';
import { stickyAssignor } from './sticky-assignor.js';

export interface GroupConsumerOptions {
  readonly brokers: readonly string[];
  readonly clientId: string;
  readonly security: KafkaSecurity;
  readonly logger: Logger;
  readonly groupId: string;
  readonly topics: readonly string[];
  readonly sessionTimeoutMs: number;
  /** What the member has, for the assignment to be sticky. */
  readonly owned: () => readonly TopicPartition[];
  readonly onAssigned: (assignment: readonly TopicPartition[]) => void;
  /** The coordinator answered. */
  readonly onSignOfLife: () => void;
  /** It has given up, and is stopped. */
  readonly onCrash: (error: Error) => void;
}

const heartbeatIntervalMs = 500;
/** How long kafkajs pauses between its fetches of nothing, and so the longest that leaving has to wait for it. */
const pauseMs = 50;
const connectionTimeoutMs = 3_000;
const requestTimeoutMs = 10_000;
/** Half an hour of them. */
const outageRetries = 3_600;

/**
 * A kafkajs consumer that never fetches: all its topics are paused from the moment it joins. Heartbeats go on, as
 * kafkajs sends them between its fetches. It is started once and stopped once; after a crash it takes another.
 */
export class GroupConsumer {
  readonly #options: GroupConsumerOptions;
  readonly #consumer: Consumer;
  #joining: Promise<void> | undefined;
  #stopped = false;

  constructor(options: GroupConsumerOptions) {
    this.#options = options;
    this.#consumer = makeConsumer(options);
    this.#consumer.on('consumer.group_join', ({ payload }) => this.#onJoin(payload));
    this.#consumer.on('consumer.heartbeat', options.onSignOfLife);
    this.#consumer.on('consumer.crash', ({ payload }) => {
      if (!this.#stopped) options.onCrash(payload.error);
    });
  }

  /** Rejects when it couldn't even begin to join; what goes wrong from then on is a crash. */
  async start(): Promise<void> {
    await this.#consumer.connect();
    await this.#consumer.subscribe({ topics: [...this.#options.topics] });
    this.#joining = this.#consumer.run({ autoCommit: false, eachBatch: async () => {} });
    await this.#joining;
  }

  async commit(offsets: ReadonlyArray<TopicPartition & { readonly offset: number }>): Promise<void> {
    await this.#consumer.commitOffsets(offsets.map(({ offset, ...source }) => ({ ...source, offset: String(offset) })));
  }

  /** Leaves the group and disconnects. */
  async stop(): Promise<void> {
    this.#stopped = true;
    // kafkajs loses track of a consumer that is stopped while it joins: it would go on as a member for ever.
    await this.#joining?.catch(() => {});
    // What it could complain of is a connection that is gone already.
    await this.#consumer.disconnect().catch(() => {});
  }

  /** kafkajs calls this before its first fetch of the generation, so that nothing is fetched for nobody. */
  #onJoin({ memberAssignment }: ConsumerGroupJoinEvent['payload']): void {
    if (this.#stopped) return;
    this.#consumer.pause(this.#options.topics.map((topic) => ({ topic })));
    this.#options.onSignOfLife();
    this.#options.onAssigned(
      Object.entries(memberAssignment).flatMap(([topic, partitions]) =>
        [...partitions].sort((a, b) => a - b).map((partition) => ({ topic, partition })),
      ),
    );
  }
}

function makeConsumer(options: GroupConsumerOptions): Consumer {
  const { brokers, clientId, security, logger, groupId, sessionTimeoutMs, owned } = options;
  const kafka = new Kafka({
    brokers: [...brokers],
    clientId,
    connectionTimeout: connectionTimeoutMs,
    requestTimeout: requestTimeoutMs,
    // Few, as a broker that is away is better looked for anew: the consumer's own retries are on top.
    retry: { initialRetryTime: 50, maxRetryTime: 500, retries: 2 },
    logLevel: logLevel.INFO,
    logCreator: kafkajsLogCreator(logger),
    ...kafkajsSecurity(security),
  });
  return kafka.consumer({
    groupId,
    sessionTimeout: sessionTimeoutMs,
    rebalanceTimeout: sessionTimeoutMs * 2,
    heartbeatInterval: Math.min(heartbeatIntervalMs, sessionTimeoutMs / 4),
    maxWaitTimeInMs: pauseMs,
    allowAutoTopicCreation: false,
    partitionAssigners: [stickyAssignor(owned)],
    // Through an outage it keeps its member id, so that a broker that comes back finds the group unchanged.
    retry: { initialRetryTime: 50, maxRetryTime: 500, retries: outageRetries, restartOnFailure: async () => false },
  });
}
