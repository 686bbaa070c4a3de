import { randomUUID } from 'node:crypto';
import { type Clock, systemClock } from '../../services/platform/clock.js';
import type { Codec } from '../../services/platform/codec/codec.js';
import { connectCodec } from '../../services/platform/codec/registry.js';
import { connectKafkaLog, type KafkaLogOptions } from '../../services/platform/log/kafka/kafka-log.js';
import type { Log } from '../../services/platform/log/log.js';
import { createLogger, type Logger } from '../../services/platform/logger.js';
import { type Duration, msToNumber } from '../common/duration.js';
import { IllegalStateError } from '../common/errors.js';
import { ServiceError } from './errors.js';
import { defaultIdentity } from './identity.js';
import { NamespaceConnection, type WhileAwaiting } from './namespace-connection.js';
import { type ConnectionPlugin, configureConnectionByPlugins } from './plugins.js';

export interface ConnectionOptions {
  /** Kafka brokers to begin with, as `host:port`, or several with commas. Default: KAFKA_BROKERS, else `localhost:9092`. */
  readonly brokers?: string | readonly string[];
  /** Another name for `brokers`, so that a Temporal program's options are taken. */
  readonly address?: string;
  /** Base URL of a Confluent-compatible schema registry. Default: SCHEMA_REGISTRY_URL, else `http://localhost:8081`. */
  readonly schemaRegistry?: string;
  /** Time after which connecting is given up. Default: 10 seconds. */
  readonly connectTimeout?: Duration;
  /** Who this process is, to people who read histories. Default: `pid@host`. */
  readonly identity?: string;
  readonly logger?: Logger;
  /** The namespace of clients and workers that name none. Default: `default`. */
  readonly defaultNamespace?: string;
  /** Each may change the options, in order; they count for the connection's clients and workers too. */
  readonly plugins?: readonly ConnectionPlugin[];
  readonly tls?: KafkaLogOptions['tls'];
  readonly sasl?: KafkaLogOptions['sasl'];
}

interface Ports {
  readonly log: Log;
  readonly codec: Codec;
}

/** What a connection takes from its process. */
interface Surroundings {
  readonly identity?: string;
  readonly clock?: Clock;
  /** The time that workflows live in, where a test sets it forward. Default: the clock's. */
  readonly workflowClock?: Clock;
  /** Stands around each wait for a workflow's result. */
  readonly whileAwaitingResult?: WhileAwaiting;
  readonly defaultNamespace?: string;
  readonly plugins?: readonly ConnectionPlugin[];
  /** Makes ids that nobody else makes. */
  readonly newId?: () => string;
}

/** A connection to Kafka and the schema registry. Clients and workers of one process may share it. */
export class Connection {
  readonly identity: string;
  readonly logger: Logger;
  readonly clock: Clock;
  readonly workflowClock: Clock;
  readonly defaultNamespace: string;
  /** Of its clients and workers too. */
  readonly plugins: readonly ConnectionPlugin[];
  /** Makes ids that nobody else makes. */
  readonly newId: () => string;
  readonly #whileAwaitingResult: WhileAwaiting;
  readonly #connect: () => Promise<Ports>;
  #ports: Promise<Ports> | undefined;
  readonly #namespaces = new Map<string, Promise<NamespaceConnection>>();
  #closed = false;

  /** Connects. Errors: ServiceError UNREACHABLE, which names what can't be reached, and REFUSED, which says why. */
  static async connect(options: ConnectionOptions = {}): Promise<Connection> {
    const connection = Connection.lazy(options);
    await connection.ensureConnected();
    return connection;
  }

  /** Connects at the first use. */
  static lazy(given: ConnectionOptions = {}): Connection {
    const options = configureConnectionByPlugins(given);
    const { logger = createLogger({ name: 'millrace-client' }) } = options;
    return new Connection(() => connectPorts(options, logger), logger, options);
  }

  /** A connection over ports that are open already: an in-memory log, say. Closing it closes the log. */
  static over(ports: Ports & Surroundings & { readonly logger?: Logger }): Connection {
    return new Connection(async () => ports, ports.logger ?? createLogger({ name: 'millrace-client' }), ports);
  }

  private constructor(connect: () => Promise<Ports>, logger: Logger, surroundings: Surroundings) {
    this.#connect = connect;
    this.logger = logger;
    this.identity = surroundings.identity ?? defaultIdentity();
    this.clock = surroundings.clock ?? systemClock;
    this.workflowClock = surroundings.workflowClock ?? this.clock;
    this.plugins = surroundings.plugins ?? [];
    this.defaultNamespace = surroundings.defaultNamespace ?? 'default';
    this.#whileAwaitingResult = surroundings.whileAwaitingResult ?? ((wait) => wait());
    this.newId = surroundings.newId ?? randomUUID;
  }

  /** Errors: ServiceError UNREACHABLE and REFUSED. A later call tries again. */
  async ensureConnected(): Promise<void> {
    await this.#connected();
  }

  /** This connection's use of a namespace. Errors: ServiceError, NamespaceNotFoundError, NamespaceError. */
  namespace(name: string): Promise<NamespaceConnection> {
    let opened = this.#namespaces.get(name);
    if (opened === undefined) {
      opened = this.#open(name);
      this.#namespaces.set(name, opened);
      opened.catch(() => this.#namespaces.delete(name));
    }
    return opened;
  }

  /** Rejects what waits for an answer, and disconnects. */
  async close(): Promise<void> {
    this.#closed = true;
    const namespaces = await Promise.allSettled(this.#namespaces.values());
    this.#namespaces.clear();
    await Promise.all(namespaces.map((opened) => (opened.status === 'fulfilled' ? opened.value.close() : undefined)));
    const ports = await this.#ports?.catch(() => undefined);
    await ports?.log.close();
  }

  async #open(name: string): Promise<NamespaceConnection> {
    const { log, codec } = await this.#connected();
    const { logger, identity, clock, workflowClock, newId } = this;
    const whileAwaitingResult = this.#whileAwaitingResult;
    const surroundings = { identity, clock, workflowClock, newId, whileAwaitingResult };
    return NamespaceConnection.open(name, { log, codec, logger, ...surroundings });
  }

  #connected(): Promise<Ports> {
    if (this.#closed) return Promise.reject(new IllegalStateError('the connection was closed: make another'));
    if (this.#ports === undefined) {
      const ports = this.#connect();
      this.#ports = ports;
      ports.catch(() => {
        if (this.#ports === ports) this.#ports = undefined;
      });
    }
    return this.#ports;
  }
}

/** Worker processes know the same connection by this name. */
export { Connection as NativeConnection };

async function connectPorts(options: ConnectionOptions, logger: Logger): Promise<Ports> {
  const { tls, sasl, identity = defaultIdentity(), connectTimeout = '10 seconds' } = options;
  const connectTimeoutMs = msToNumber(connectTimeout);
  const registryUrl = options.schemaRegistry ?? process.env.SCHEMA_REGISTRY_URL ?? 'http://localhost:8081';
  const [log, codec] = await Promise.allSettled([
    connectKafkaLog({
      brokers: brokersOf(options),
      clientId: identity,
      connectTimeoutMs,
      logger,
      ...(tls === undefined ? {} : { tls }),
      ...(sasl === undefined ? {} : { sasl }),
    }),
    connectCodec({ registryUrl, logger, connectTimeoutMs }),
  ]);
  if (log.status === 'fulfilled' && codec.status === 'fulfilled') return { log: log.value, codec: codec.value };
  if (log.status === 'fulfilled') await log.value.close();
  const causes = [log, codec].flatMap((outcome) => (outcome.status === 'rejected' ? [outcome.reason as Error] : []));
  const message = causes.map((cause) => cause.message).join('; and ');
  const mayPass = causes.every((cause) => 'retryable' in cause && cause.retryable === true);
  throw new ServiceError(mayPass ? 'UNREACHABLE' : 'REFUSED', message, {
    cause: causes.length === 1 ? causes[0] : new AggregateError(causes),
  });
}

/** The brokers that the options name, or the environment, or the usual one. */
export function brokersOf({ brokers, address }: ConnectionOptions): string[] {
  const given = brokers ?? address ?? process.env.KAFKA_BROKERS ?? 'localhost:9092';
  const list = typeof given === 'string' ? given.split(',') : given;
  return list.map((broker) => broker.trim()).filter((broker) => broker !== '');
}
