import { AsyncLocalStorage } from 'node:async_hooks';
import { randomUUID } from 'node:crypto';
import { type Clock, systemClock } from '../../services/platform/clock.js';
import type { Codec } from '../../services/platform/codec/codec.js';
import { connectCodec } from '../../services/platform/codec/registry.js';
import { connectKafkaLog, type KafkaLogOptions } from '../../services/platform/log/kafka/kafka-log.js';
import type { Log } from '../../services/platform/log/log.js';
import { createLogger, type Logger } from '../../services/platform/logger.js';
import { type Duration, msToNumber } from '../common/duration.js';
import { IllegalStateError } from '../common/errors.js';
import { type CallBounds, narrowBounds } from './call-bounds.js';
import { ServiceError } from './errors.js';
import { defaultIdentity } from './identity.js';
import { NamespaceConnection, type WhileAwaiting } from './namespace-connection.js';
import { type ConnectionPlugin, configureConnectionByPlugins } from './plugins.js';
import { kafkaTlsOf, type TlsOption } from './tls.js';

export interface ConnectionOptions {
  /** Kafka brokers to begin with, as `host:port`, or several with commas. Default: KAFKA_BROKERS, else `localhost:9092`. */
  readonly brokers?: string | readonly string[];
  /**
   * Temporal's word. There is no server to connect to, so it is taken for a broker, and only where KAFKA_BROKERS isn't
   * set: so a program that names its Temporal server runs as it is.
   */
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
  /** TLS to the brokers. Default: none. */
  readonly tls?: TlsOption;
  /** Without effect: it sets up gRPC, which is not spoken here. */
  readonly channelArgs?: object;
  /** Without effect, as `channelArgs`. */
  readonly interceptors?: readonly unknown[];
  readonly sasl?: KafkaLogOptions['sasl'];
  /** Temporal's, taken and not used: brokers authenticate by `sasl` or by certificates. */
  readonly apiKey?: string | (() => string);
  /** Temporal's, taken and not used: there are no calls to send it with. */
  readonly metadata?: Readonly<Record<string, string>>;
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
  readonly #bounds = new AsyncLocalStorage<CallBounds>();
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

  /**
   * Calls that `fn` makes over this connection end at the time given, milliseconds since the epoch or a Date, with a
   * ServiceError DEADLINE_EXCEEDED. Of several deadlines the nearest counts.
   */
  withDeadline<R>(deadline: number | Date, fn: () => Promise<R>): Promise<R> {
    const bounds = narrowBounds(this.#bounds.getStore(), { deadlineAt: Number(deadline) });
    return this.#bounds.run(bounds, fn);
  }

  /** Calls that `fn` makes over this connection end when the signal aborts, with a ServiceError CANCELLED. */
  withAbortSignal<R>(signal: AbortSignal, fn: () => Promise<R>): Promise<R> {
    const bounds = narrowBounds(this.#bounds.getStore(), { signals: [signal] });
    return this.#bounds.run(bounds, fn);
  }

  /** Temporal sends metadata with each call to its server. A record on Kafka has no use for it: `fn` is called, no more. */
  withMetadata<R>(_metadata: Readonly<Record<string, string | Uint8Array>>, fn: () => Promise<R>): Promise<R> {
    return fn();
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
    const callBounds = () => this.#bounds.getStore();
    const surroundings = { identity, clock, workflowClock, newId, whileAwaitingResult, callBounds };
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
  const { sasl, identity = defaultIdentity(), connectTimeout = '10 seconds' } = options;
  const connectTimeoutMs = msToNumber(connectTimeout);
  const tls = kafkaTlsOf(options.tls);
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
  const explanation = log.status === 'rejected' && isTakenForBroker(options) ? ` (${ADDRESS_EXPLAINED})` : '';
  const message = causes.map((cause) => cause.message).join('; and ') + explanation;
  const mayPass = causes.every((cause) => 'retryable' in cause && cause.retryable === true);
  throw new ServiceError(mayPass ? 'UNREACHABLE' : 'REFUSED', message, {
    cause: causes.length === 1 ? causes[0] : new AggregateError(causes),
  });
}

const ADDRESS_EXPLAINED =
  "the option 'address' was taken for a Kafka broker, since there is no server to connect to: " +
  'name the brokers in `brokers` or KAFKA_BROKERS';

function isTakenForBroker({ brokers, address }: ConnectionOptions): boolean {
  return brokers === undefined && address !== undefined && !process.env.KAFKA_BROKERS;
}

/** The brokers that the options name, or the environment, or the usual one. */
export function brokersOf({ brokers, address }: ConnectionOptions): string[] {
  const given = brokers ?? (process.env.KAFKA_BROKERS || address || 'localhost:9092');
  const list = typeof given === 'string' ? given.split(',') : given;
  return list.map((broker) => broker.trim()).filter((broker) => broker !== '');
}
