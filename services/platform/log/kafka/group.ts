// Membership of a consumer group.
//
// G1 The membership outlives its consumer: kafkajs retries for a while and then gives up, and we make another, for as
//    long as it takes. Only what trying again can't change (credentials, limits of the broker) ends the membership.
// G2 A consumer that hears nothing for several session time-outs although there is a coordinator is replaced, whatever
//    the reason.
// G3 The assignment outlives the consumer too: it is what the next one claims, and what its owner goes on with.

import { offsetFetchV8 } from '@platformatic/kafka';
import type { Logger } from '../../logger.js';
import { LogError } from '../errors.js';
import type { GroupMembership, GroupOptions, TopicPartition } from '../log.js';
import { Backoff, Deadline } from './backoff.js';
import { isPassing, messageOf, toLogError } from './broker-error.js';
import type { Cluster } from './cluster.js';
import { GroupConsumer } from './group-consumer.js';
import type { KafkaSecurity } from './security.js';

export interface KafkaGroupOptions extends GroupOptions {
  readonly cluster: Cluster;
  readonly brokers: readonly string[];
  readonly clientId: string;
  readonly security: KafkaSecurity;
  readonly logger: Logger;
}

type Offsets = ReadonlyArray<TopicPartition & { readonly offset: number }>;

const leaveTimeoutMs = 5_000;
const committedTimeoutMs = 60_000;
const silentSessions = 4;
/** Failed first joins in a row that are worth a warning. */
const failuresToTellOfAtFirst = 3;
const noMemberEpoch = -1;
const noOffset = -1n;

/** Refusals that stay. */
const finalTypes: ReadonlySet<string> = new Set([
  'CLUSTER_AUTHORIZATION_FAILED',
  'GROUP_AUTHORIZATION_FAILED',
  'GROUP_MAX_SIZE_REACHED',
  'INCONSISTENT_GROUP_PROTOCOL',
  'INVALID_GROUP_ID',
  'INVALID_SESSION_TIMEOUT',
  'TOPIC_AUTHORIZATION_FAILED',
  'UNSUPPORTED_SASL_MECHANISM',
  'UNSUPPORTED_VERSION',
]);

export class KafkaGroupMembership implements GroupMembership {
  /** Resolves with the first assignment in place. Rejects for what ends the membership before that. */
  readonly joined: Promise<void>;
  readonly #options: KafkaGroupOptions;
  readonly #logger: Logger;
  readonly #backoff = new Backoff();
  readonly #watch: NodeJS.Timeout;
  #onJoined: () => void = () => {};
  #onRefused: (error: Error) => void = () => {};
  #assignment: readonly TopicPartition[] | undefined;
  #consumer: GroupConsumer | undefined;
  #heardAt = 0;
  /** Whether the present loss has been reported: an outage is many failed tries and one warning. */
  /** Tries to join that have failed in a row. */
  #failures = 0;
  #closed = false;

  constructor(options: KafkaGroupOptions) {
    this.#options = options;
    this.#logger = options.logger.child({ group: options.groupId });
    this.joined = new Promise((resolve, reject) => {
      this.#onJoined = resolve;
      this.#onRefused = reject;
    });
    this.#watch = setInterval(() => void this.#checkAlive(), options.sessionTimeoutMs / 2);
    void this.#join();
  }

  get closed(): boolean {
    return this.#closed;
  }

  async committed(partitions: readonly TopicPartition[]): Promise<Offsets> {
    const { cluster, groupId } = this.#options;
    if (partitions.length === 0) return [];
    const group = { groupId, memberId: null, memberEpoch: noMemberEpoch, topics: byTopic(partitions) };
    const deadline = new Deadline(committedTimeoutMs);
    const backoff = new Backoff();
    for (;;) {
      try {
        const broker = await cluster.coordinator('group', groupId);
        const { groups } = await broker.call(offsetFetchV8.api, [group], false);
        return (groups[0]?.topics ?? []).flatMap(({ name, partitions: found }) => {
          const known = found.filter(({ committedOffset }) => committedOffset !== noOffset);
          return known.map((p) => ({ topic: name, partition: p.partitionIndex, offset: Number(p.committedOffset) }));
        });
      } catch (error) {
        if (!isPassing(error) || deadline.passed) throw toLogError(error, `reading the offsets of group ${groupId}`);
        await backoff.wait();
      }
    }
  }

  /** A commit that fails is dropped: the next one covers it, and without one its records are handed out again. */
  async commit(offsets: Offsets): Promise<void> {
    if (this.#consumer === undefined || this.#assignment === undefined || offsets.length === 0) return;
    try {
      await this.#consumer.commit(offsets);
    } catch (error) {
      this.#logger.debug('a commit was dropped', { reason: messageOf(error) });
    }
  }

  async leave(): Promise<void> {
    if (this.#closed) return;
    this.#end(new LogError('LOG_UNAVAILABLE', `left group ${this.#options.groupId} before it was joined`));
    const consumer = this.#consumer;
    this.#consumer = undefined;
    // Without a broker there is nobody to say goodbye to, and the session time-out will do.
    if (consumer !== undefined) await atMost(leaveTimeoutMs, consumer.stop());
  }

  close(): Promise<void> {
    return this.leave();
  }

  async #join(): Promise<void> {
    const { brokers, clientId, security, groupId, topics, sessionTimeoutMs } = this.#options;
    this.#heardAt = performance.now();
    const consumer = new GroupConsumer({
      ...{ brokers, clientId, security, groupId, topics, sessionTimeoutMs, logger: this.#logger },
      owned: this.#options.owned ?? (() => this.#assignment ?? []),
      onAssigned: (assignment) => this.#onAssigned(assignment),
      onSignOfLife: () => {
        this.#heardAt = performance.now();
      },
      onCrash: (error) => this.#replace(consumer, error),
    });
    this.#consumer = consumer;
    try {
      await consumer.start();
    } catch (error) {
      this.#replace(consumer, error);
    }
  }

  #onAssigned(assignment: readonly TopicPartition[]): void {
    this.#backoff.reset();
    this.#failures = 0;
    this.#assignment = assignment;
    this.#options.onAssigned(assignment);
    this.#onJoined();
  }

  /** Goes on with another consumer, unless this one has been replaced already. */
  #replace(consumer: GroupConsumer, reason: unknown): void {
    if (this.#consumer !== consumer) return;
    this.#consumer = undefined;
    void consumer.stop();
    if (isFinal(reason)) {
      this.#fail(reason);
      return;
    }
    const facts = { reason: messageOf(reason) };
    this.#failures += 1;
    // A group's first join often meets a coordinator that is just getting ready.
    if (this.#failures === (this.#assignment === undefined ? failuresToTellOfAtFirst : 1)) {
      this.#logger.warn('not in the group; joining again', facts);
    } else this.#logger.debug('joining the group again', facts);
    void this.#backoff.wait().then(() => {
      if (!this.#closed) void this.#join();
    });
  }

  async #checkAlive(): Promise<void> {
    const { cluster, groupId, sessionTimeoutMs } = this.#options;
    const consumer = this.#consumer;
    if (consumer === undefined || this.#silentMs < sessionTimeoutMs) return;
    try {
      await cluster.coordinator('group', groupId);
      if (this.#silentMs < silentSessions * sessionTimeoutMs) return;
      this.#replace(consumer, new Error(`nothing was heard from the group for ${Math.round(this.#silentMs)} ms`));
    } catch {
      // An outage is nothing that another consumer would come through better.
      this.#heardAt = performance.now();
    }
  }

  get #silentMs(): number {
    return performance.now() - this.#heardAt;
  }

  #fail(reason: unknown): void {
    const error = new LogError(
      'UNAUTHORIZED',
      `the broker refuses membership of group ${this.#options.groupId} (${messageOf(reason)}): change its configuration or ours`,
      { cause: reason },
    );
    this.#end(error);
    if (this.#assignment !== undefined) this.#options.onFailed(error);
  }

  #end(reason: LogError): void {
    this.#closed = true;
    clearInterval(this.#watch);
    this.#onRefused(reason);
  }
}

async function atMost(timeoutMs: number, work: Promise<void>): Promise<void> {
  let timer: NodeJS.Timeout | undefined;
  const timeout = new Promise<void>((resolve) => {
    timer = setTimeout(resolve, timeoutMs);
  });
  await Promise.race([work, timeout]);
  clearTimeout(timer);
}

function byTopic(partitions: readonly TopicPartition[]): offsetFetchV8.OffsetFetchRequestTopic[] {
  const topics = new Map<string, number[]>();
  for (const { topic, partition } of partitions) topics.set(topic, [...(topics.get(topic) ?? []), partition]);
  return [...topics].map(([name, partitionIndexes]) => ({ name, partitionIndexes }));
}

/** Looks through kafkajs's wrappers for an error that stays. */
function isFinal(error: unknown): boolean {
  for (let at = error; at instanceof Error; at = at.cause) {
    const type: unknown = Reflect.get(at, 'type');
    if (at.name === 'KafkaJSSASLAuthenticationError') return true;
    if (typeof type === 'string' && finalTypes.has(type)) return true;
  }
  return false;
}
