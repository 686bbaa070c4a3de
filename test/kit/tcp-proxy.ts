// A network connection that tests can spoil: slow it down, break it, or have it go silent.

import { connect, createServer, type Server, type Socket } from 'node:net';

export type Direction = 'to-server' | 'to-client';

/**
 * What happens to the bytes of a direction. Those held are delivered once they may pass again, as TCP's retransmissions
 * would after a network was cut for a while; those swallowed never are, and neither is the end of a connection.
 */
type Passage = 'open' | 'held' | 'swallowed';

/** One direction of all connections. */
interface Road {
  passage: Passage;
  delayMs: number;
}

/** Bytes on their way, or null for the end of the connection. */
interface Parcel {
  readonly bytes: Buffer | null;
  readonly dueAt: number;
}

/** Turns bytes that came into those to go on: fewer, later or changed ones. Made anew for each connection. */
export type Filter = (bytes: Buffer) => readonly Buffer[];

export interface ProxiedConnection {
  /** Breaks the connection on both sides. */
  reset(): void;
}

export interface TcpProxyOptions {
  /** The server's `host:port`. */
  readonly server: string;
  /** Makes the filters of a connection. Default: everything goes on as it came. */
  readonly filters?: (connection: ProxiedConnection) => Readonly<Record<Direction, Filter>>;
}

const unfiltered: Filter = (bytes) => [bytes];

export class TcpProxy {
  readonly #listener: Server;
  readonly #options: TcpProxyOptions;
  readonly #connections = new Set<{ readonly sockets: readonly Socket[]; readonly lines: readonly Line[] }>();
  readonly #roads: Readonly<Record<Direction, Road>> = {
    'to-server': { passage: 'open', delayMs: 0 },
    'to-client': { passage: 'open', delayMs: 0 },
  };

  private constructor(listener: Server, options: TcpProxyOptions) {
    this.#listener = listener;
    this.#options = options;
    listener.on('connection', (client) => this.#serve(client));
  }

  static async start(options: TcpProxyOptions): Promise<TcpProxy> {
    const listener = createServer({ noDelay: true });
    await new Promise<void>((resolve) => listener.listen(0, '127.0.0.1', resolve));
    return new TcpProxy(listener, options);
  }

  get port(): number {
    const address = this.#listener.address();
    if (address === null || typeof address === 'string') throw new Error('the proxy is closed');
    return address.port;
  }

  get address(): string {
    return `127.0.0.1:${this.port}`;
  }

  /** From now on bytes take so long, each way. */
  delay(delayMs: number): void {
    for (const road of Object.values(this.#roads)) road.delayMs = delayMs;
  }

  /** Cuts the network, in one direction or both: nothing passes, and nobody is told. It passes when the network heals. */
  cut(...directions: Direction[]): void {
    for (const direction of directions) this.#roads[direction].passage = 'held';
  }

  /** Leaves connections half open: what is sent in this direction is gone, the other direction works. */
  swallow(direction: Direction): void {
    this.#roads[direction].passage = 'swallowed';
  }

  /** Breaks every connection there is. New ones may be made. */
  reset(): void {
    for (const { sockets } of this.#connections) for (const socket of sockets) socket.resetAndDestroy();
  }

  /** Ends delays and cuts. Connections that lost bytes break, as TCP never goes on after a gap. */
  heal(): void {
    for (const road of Object.values(this.#roads)) Object.assign(road, { passage: 'open', delayMs: 0 });
    for (const { sockets, lines } of this.#connections) {
      if (lines.some((line) => line.hasGap)) for (const socket of sockets) socket.resetAndDestroy();
      else for (const line of lines) line.flush();
    }
  }

  async close(): Promise<void> {
    for (const { sockets } of this.#connections) for (const socket of sockets) socket.destroy();
    await new Promise((resolve) => this.#listener.close(resolve));
  }

  #serve(client: Socket): void {
    const [host = '', port = ''] = this.#options.server.split(':');
    const server = connect({ host, port: Number(port), noDelay: true });
    const sockets = [client, server];
    const reset = (): void => {
      for (const socket of sockets) socket.destroy();
    };
    const filters = this.#options.filters?.({ reset }) ?? { 'to-server': unfiltered, 'to-client': unfiltered };
    const lines = [
      new Line(client, server, this.#roads['to-server'], filters['to-server']),
      new Line(server, client, this.#roads['to-client'], filters['to-client']),
    ];
    const connection = { sockets, lines };
    this.#connections.add(connection);
    for (const socket of sockets) {
      // What the other side is told is that the connection has ended.
      socket.on('error', () => {});
      socket.on('close', () => {
        if (sockets.every(({ destroyed }) => destroyed)) this.#connections.delete(connection);
      });
    }
  }
}

/** One direction of one connection: bytes arrive in order, and none before its time. */
class Line {
  /** Whether bytes were swallowed. */
  hasGap = false;
  readonly #to: Socket;
  readonly #road: Road;
  readonly #waiting: Parcel[] = [];
  #timer: NodeJS.Timeout | undefined;

  constructor(from: Socket, to: Socket, road: Road, filter: Filter) {
    this.#to = to;
    this.#road = road;
    from.on('data', (bytes: Buffer) => {
      for (const passing of filter(bytes)) this.#push(passing);
    });
    from.on('close', () => this.#push(null));
    to.on('close', () => clearTimeout(this.#timer));
  }

  /** Delivers what is due. */
  flush(): void {
    if (this.#road.passage === 'held' || this.#to.destroyed) return;
    clearTimeout(this.#timer);
    const now = performance.now();
    for (let next = this.#waiting[0]; next !== undefined; next = this.#waiting[0]) {
      if (next.dueAt > now) {
        this.#timer = setTimeout(() => this.flush(), next.dueAt - now);
        return;
      }
      this.#waiting.shift();
      if (next.bytes === null) this.#to.destroySoon();
      else this.#to.write(next.bytes);
    }
  }

  #push(bytes: Buffer | null): void {
    if (this.#road.passage === 'swallowed') {
      this.hasGap = true;
      return;
    }
    this.#waiting.push({ bytes, dueAt: performance.now() + this.#road.delayMs });
    this.flush();
  }
}
