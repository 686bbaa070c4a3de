// What is known of the cluster: its brokers, and which of them leads which partition. Everything else of the Kafka
// form asks here whom to talk to, and says here when an answer turned out to be stale.

import { findCoordinatorV4, metadataV12 } from '@platformatic/kafka';
import type { Logger } from '../../logger.js';
import { LogError } from '../errors.js';
import type { TopicPartition } from '../log.js';
import { Backoff, Deadline } from './backoff.js';
import { type Address, BrokerConnection, SUSPICIOUS_SILENCE_MS } from './broker-connection.js';
import { ClosedError, isPassing, messageOf, refusal, responseOf, toLogError } from './broker-error.js';
import { firstAnswer } from './first-answer.js';
import { Outage } from './outage.js';
import type { KafkaSecurity } from './security.js';

export interface ClusterOptions {
  readonly brokers: readonly string[];
  readonly clientId: string;
  readonly security: KafkaSecurity;
  readonly logger: Logger;
  /** How long a broker may take to answer anything but a long poll. */
  readonly requestTimeoutMs?: number;
}

type MetadataResponse = metadataV12.MetadataResponse;
type MetadataTopic = metadataV12.MetadataResponseTopic;

/** Above the time a broker may wait for its replicas, and short enough to notice one that hangs. */
const defaultRequestTimeoutMs = 10_000;

/** Time a request for replicas' acknowledgement may take on the broker. */
export const replicationTimeoutMs = 8_000;

const transactionCoordinator = 1;
const groupCoordinator = 0;

export class Cluster {
  readonly #options: ClusterOptions;
  readonly #nodes = new Map<number, Address>();
  /** Leaders by partition, -1 where there is none at the moment. */
  readonly #leaders = new Map<string, readonly number[]>();
  readonly #lookups = new Map<string, Promise<MetadataTopic | undefined>>();
  readonly #control = new Map<number, BrokerConnection>();
  readonly #bootstrap: readonly BrokerConnection[];
  readonly #outage: Outage;
  #lastToAnswer: BrokerConnection | undefined;
  #lookingAround: Promise<unknown> | undefined;
  #controllerId = -1;
  #closed = false;

  constructor(options: ClusterOptions) {
    this.#options = options;
    this.#outage = new Outage(options.logger, options.brokers);
    this.#bootstrap = options.brokers.map((broker) => this.#connection(addressOf(broker)));
  }

  /** Finds the cluster through one of the brokers named. Rejects with `LOG_UNAVAILABLE` or `UNAUTHORIZED`. */
  async connect(timeoutMs: number): Promise<void> {
    const deadline = new Deadline(timeoutMs);
    const backoff = new Backoff();
    let isWaiting = false;
    for (;;) {
      try {
        await this.#metadata([]);
        return;
      } catch (error) {
        if (!isPassing(error)) throw toLogError(error, 'connecting');
        const names = this.#options.brokers.join(', ');
        if (deadline.passed) {
          throw new LogError(
            'LOG_UNAVAILABLE',
            `no Kafka broker answered at ${names} within ${timeoutMs} ms: start one there, or correct KAFKA_BROKERS`,
            { cause: error },
          );
        }
        if (!isWaiting) {
          const facts = { brokers: names, timeoutMs, reason: messageOf(error) };
          this.#options.logger.warn('no Kafka broker answers yet, trying again', facts);
        }
        isWaiting = true;
        await backoff.wait();
      }
    }
  }

  /** A connection of the caller's own, who closes it. It is made at the first request. `pollMs` is its longest poll. */
  dial(nodeId: number, pollMs = 0): BrokerConnection {
    return this.#connection(
      () => this.#nodes.get(nodeId),
      pollMs,
      () => this.#hasLeft(nodeId),
    );
  }

  /** The broker that leads the partition, without asking anyone: undefined when that isn't known. */
  knownLeader({ topic, partition }: TopicPartition): number | undefined {
    const leader = this.#leaders.get(topic)?.[partition];
    return leader === undefined || leader < 0 || !this.#nodes.has(leader) ? undefined : leader;
  }

  /** The broker that leads the partition. Rejects with `UNKNOWN_TOPIC`, or `LOG_UNAVAILABLE` when it has no leader. */
  async leader(source: TopicPartition): Promise<number> {
    const known = this.knownLeader(source);
    if (known !== undefined) return known;
    const count = await this.partitionCount(source.topic);
    if (count === undefined || source.partition >= count) {
      throw new LogError('UNKNOWN_TOPIC', `there is no ${source.topic}[${source.partition}]: create the topic first`);
    }
    const leader = this.knownLeader(source);
    if (leader === undefined) {
      throw new LogError('LOG_UNAVAILABLE', `${source.topic}[${source.partition}] has no leader now: try again`);
    }
    return leader;
  }

  /** Forgets who leads a topic's partitions: somebody was asked who doesn't. */
  forgetLeaders(topic: string): void {
    this.#leaders.delete(topic);
  }

  /** Asks for the partitions of a topic; undefined when there is no such topic. Lookups under way are shared. */
  async partitionCount(topic: string): Promise<number | undefined> {
    let lookup = this.#lookups.get(topic);
    if (lookup === undefined) {
      lookup = this.#lookUp(topic).finally(() => this.#lookups.delete(topic));
      this.#lookups.set(topic, lookup);
    }
    return (await lookup)?.partitions.length;
  }

  /** Whether the topic exists and each of its partitions has a leader. */
  async isReady(topic: string): Promise<boolean> {
    this.forgetLeaders(topic);
    const count = await this.partitionCount(topic);
    const leaders = this.#leaders.get(topic);
    return count !== undefined && leaders?.length === count && leaders.every((leader) => leader >= 0);
  }

  /** A shared connection to a broker, for requests that aren't in a hurry. */
  control(nodeId: number): BrokerConnection {
    let connection = this.#control.get(nodeId);
    if (connection === undefined) {
      connection = this.dial(nodeId);
      this.#control.set(nodeId, connection);
    }
    return connection;
  }

  async controller(): Promise<BrokerConnection> {
    await this.#metadata([]);
    return this.control(this.#controllerId);
  }

  /** The broker that looks after a group or a transactional id. Coordinators move, so it is looked up each time. */
  async coordinator(kind: 'group' | 'transaction', key: string): Promise<BrokerConnection> {
    const keyType = kind === 'group' ? groupCoordinator : transactionCoordinator;
    const { coordinators } = await this.#any((broker) => broker.call(findCoordinatorV4.api, keyType, [key]));
    const found = coordinators[0];
    if (found === undefined) throw new LogError('LOG_UNAVAILABLE', `no broker coordinates ${kind} ${key}: try again`);
    this.#nodes.set(found.nodeId, { host: found.host, port: found.port });
    return this.control(found.nodeId);
  }

  close(): void {
    this.#closed = true;
    for (const connection of [...this.#control.values(), ...this.#bootstrap]) connection.close();
  }

  async #lookUp(topic: string): Promise<MetadataTopic | undefined> {
    const { topics } = await this.#metadata([topic]);
    const found = topics.find(({ name }) => name === topic);
    if (found === undefined) return undefined;
    const leaders: number[] = [];
    for (const { partitionIndex, leaderId } of found.partitions) leaders[partitionIndex] = leaderId;
    this.#leaders.set(topic, leaders);
    return found;
  }

  /** Metadata of the topics that exist; a topic that doesn't is absent. */
  async #metadata(topics: string[]): Promise<MetadataResponse> {
    const response = await this.#any(async (broker) => {
      try {
        return await broker.call(metadataV12.api, topics, false, false);
      } catch (error) {
        return readable(error);
      }
    });
    this.#controllerId = response.controllerId;
    this.#nodes.clear();
    for (const { nodeId, host, port } of response.brokers) this.#nodes.set(nodeId, { host, port });
    return response;
  }

  /** Whether the brokers that answer don't count this one among them any more. */
  async #hasLeft(nodeId: number): Promise<boolean> {
    this.#lookingAround ??= this.#metadata([]).finally(() => {
      this.#lookingAround = undefined;
    });
    return this.#lookingAround.then(
      () => !this.#nodes.has(nodeId),
      () => false,
    );
  }

  /** Asks the brokers until one answers: first the one that last did, then the cluster's. */
  async #any<Response>(ask: (broker: BrokerConnection) => Promise<Response>): Promise<Response> {
    const known = [...this.#nodes.keys()].map((nodeId) => this.control(nodeId));
    const last = this.#lastToAnswer === undefined ? [] : [this.#lastToAnswer];
    const isRefusal = (error: unknown) => refusal(error) !== undefined || !isPassing(error);
    try {
      return await firstAnswer(new Set([...last, ...known, ...this.#bootstrap]), {
        patienceMs: SUSPICIOUS_SILENCE_MS,
        isFinal: isRefusal,
        ask: async (broker) => {
          if (this.#closed) throw new ClosedError();
          const response = await ask(broker);
          this.#lastToAnswer = broker;
          this.#outage.over();
          return response;
        },
      });
    } catch (error) {
      if (isRefusal(error)) throw error;
      // While it isn't connected yet, `connect` says what is waited for.
      if (this.#lastToAnswer !== undefined) this.#outage.noticed(messageOf(error));
      throw new LogError('LOG_UNAVAILABLE', `no Kafka broker answers (${messageOf(error)}): try again`, {
        cause: error,
      });
    }
  }

  #connection(address: () => Address | undefined, pollMs = 0, hasLeft?: () => Promise<boolean>): BrokerConnection {
    const { clientId, security, logger, requestTimeoutMs: timeoutMs = defaultRequestTimeoutMs } = this.#options;
    const requestTimeoutMs = timeoutMs + pollMs;
    return new BrokerConnection({
      ...{ clientId, security, logger, address, requestTimeoutMs },
      ...(hasLeft !== undefined && { hasLeft }),
    });
  }
}

/** A metadata answer says of each topic what is wrong with it. Only a refusal is an error here. */
function readable(error: unknown): MetadataResponse {
  const response = responseOf<MetadataResponse>(error);
  if (response === undefined || refusal(error)?.endsWith('AUTHORIZATION_FAILED')) throw error;
  return { ...response, topics: response.topics.filter(({ partitions }) => partitions.length > 0) };
}

function addressOf(broker: string): () => Address {
  const at = broker.lastIndexOf(':');
  const host = at < 0 ? broker : broker.slice(0, at);
  const port = at < 0 ? 9092 : Number(broker.slice(at + 1));
  if (host === '' || !Number.isInteger(port) || port < 1 || port > 65_535) {
    throw new TypeError(`'${broker}' isn't a broker: write host:port`);
  }
  return () => ({ host, port });
}
