import { type APIWithPromise, Connection, ResponseError } from '@platformatic/kafka';
import type { Logger } from '../../logger.js';
import { LogError } from '../errors.js';
import { ClosedError, messageOf } from './broker-error.js';
import { type KafkaSecurity, wireSecurity } from './security.js';

export interface Address {
  readonly host: string;
  readonly port: number;
}

/** A request type of the wire layer. */
interface Api<Request extends unknown[], Response> {
  readonly async: APIWithPromise<Request, Response>;
}

const connectTimeoutMs = 5_000;

export interface BrokerConnectionOptions {
  readonly clientId: string;
  /** Asked at each connect, as brokers move. Undefined while the broker isn't part of the cluster. */
  readonly address: () => Address | undefined;
  readonly security: KafkaSecurity;
  readonly requestTimeoutMs: number;
  /** Asked while the broker is silent: whether the cluster has given it up. Without it only the time-out ends a wait. */
  readonly hasLeft?: () => Promise<boolean>;
  readonly logger: Logger;
}

/** Silence of a broker that is no answer to any of our polls, and after which the others are asked about it. */
export const SUSPICIOUS_SILENCE_MS = 1_000;

/**
 * A connection to one broker that is made at the first request and made anew after it broke. A broker answers the
 * requests of a connection one after the other, so whoever can't wait behind others has one of its own.
 *
 * After anything but an answer (a time-out, a reset, bytes that make no sense) the connection is thrown away: its
 * other requests fail at once, and a late answer can't be taken for another's. So it is when the broker is silent and
 * the cluster has given it up: a process that hangs keeps its connections.
 *
 * It keeps the process going only while an answer is waited for: a program that is done needn't close it to end.
 */
export class BrokerConnection {
  readonly #options: BrokerConnectionOptions;
  #connected: Promise<Connection> | undefined;
  #open: Connection | undefined;
  #closed = false;
  #waiting = 0;
  #heardAt = 0;
  #watch: NodeJS.Timeout | undefined;

  constructor(options: BrokerConnectionOptions) {
    this.#options = options;
  }

  /** Sends one request. Rejects with the wire layer's error, or with `LOG_UNAVAILABLE` when there is no broker. */
  async call<Request extends unknown[], Response>(api: Api<Request, Response>, ...args: Request): Promise<Response> {
    const connection = this.#open ?? (await this.#connect());
    if (this.#waiting === 0) {
      this.#heardAt = performance.now();
      connection.socket?.ref();
    }
    this.#waiting += 1;
    this.#watch ??= this.#watchIn(SUSPICIOUS_SILENCE_MS);
    try {
      return await api.async(connection, ...args);
    } catch (error) {
      if (!(error instanceof ResponseError)) this.#discard(connection, error);
      throw error;
    } finally {
      this.#waiting -= 1;
      this.#heardAt = performance.now();
      if (this.#waiting === 0) this.#open?.socket?.unref();
    }
  }

  close(): void {
    this.#closed = true;
    if (this.#open !== undefined) this.#discard(this.#open);
  }

  /** One timer a connection, and none a request, as there are thousands of those a second. */
  #watchIn(ms: number): NodeJS.Timeout | undefined {
    const { hasLeft } = this.#options;
    return hasLeft === undefined ? undefined : setTimeout(() => void this.#checkSilence(hasLeft), ms).unref();
  }

  async #checkSilence(hasLeft: () => Promise<boolean>): Promise<void> {
    const connection = this.#open;
    const silentMs = performance.now() - this.#heardAt;
    this.#watch = undefined;
    if (this.#waiting === 0 || connection === undefined) return;
    if (silentMs >= SUSPICIOUS_SILENCE_MS && (await hasLeft())) {
      this.#discard(connection, new Error('the broker hangs, and the cluster has given it up'));
    }
    this.#watch ??= this.#watchIn(SUSPICIOUS_SILENCE_MS);
  }

  #connect(): Promise<Connection> {
    this.#connected ??= this.#dial().finally(() => {
      this.#connected = undefined;
    });
    return this.#connected;
  }

  async #dial(): Promise<Connection> {
    const address = this.#options.address();
    if (this.#closed) throw new ClosedError();
    if (address === undefined) throw new LogError('LOG_UNAVAILABLE', 'the broker has left the cluster: try again');
    const connection = new Connection(this.#options.clientId, {
      connectTimeout: connectTimeoutMs,
      requestTimeout: this.#options.requestTimeoutMs,
      ...wireSecurity(this.#options.security),
    });
    // Without a listener the death of a broker would end the process.
    connection.on('error', (error) => this.#discard(connection, error));
    connection.on('close', () => this.#discard(connection));
    await connection.connect(address.host, address.port);
    if (this.#closed) {
      destroy(connection);
      throw new ClosedError();
    }
    this.#open = connection;
    return connection;
  }

  #discard(connection: Connection, reason?: unknown): void {
    if (this.#open === connection) {
      this.#open = undefined;
      if (reason !== undefined) {
        const { host, port } = this.#options.address() ?? { host: 'unknown', port: 0 };
        this.#options.logger.debug('lost the connection to a broker', { host, port, reason: messageOf(reason) });
      }
    }
    destroy(connection);
  }
}

/** At once, where the wire layer's `close` would wait for what is still to be written. */
function destroy(connection: Connection): void {
  connection.socket?.destroy();
}
