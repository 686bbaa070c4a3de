import { type Direction, type Filter, type ProxiedConnection, TcpProxy } from './tcp-proxy.js';

/** Requests a test may want to lose the answer of, by the protocol's numbers. */
export const requests = { produce: 0, fetch: 1 } as const;

const metadata = 3;
const findCoordinator = 10;

/** What happens to an answer: it is never delivered, or the connection breaks instead of delivering it. */
export type Fault = 'swallow' | 'cut';

/**
 * Stands between a client and a broker and loses answers to requests that the broker has carried out. It puts proxies
 * in the brokers' places in every answer that names them, so that a client that came through one stays with them.
 */
export class BrokerProxy {
  readonly tcp: TcpProxy;
  /** Called with each request, by the kind of the protocol's numbers. */
  onRequest: (apiKey: number, frame: Buffer) => void = () => {};
  readonly #places: ReadonlyMap<string, TcpProxy>;
  readonly #faults: Array<{ readonly apiKey: number; readonly fault: Fault }> = [];

  private constructor(tcp: TcpProxy, places: ReadonlyMap<string, TcpProxy>) {
    this.tcp = tcp;
    this.#places = places;
  }

  /** Starts a proxy of a broker at `host:port`. It enters itself among the places of brokers, which proxies may share. */
  static async start(broker: string, places = new Map<string, TcpProxy>()): Promise<BrokerProxy> {
    const filters = (connection: ProxiedConnection) => proxy.#filters(connection);
    const tcp = await TcpProxy.start({ server: broker, filters });
    places.set(broker, tcp);
    const proxy = new BrokerProxy(tcp, places);
    return proxy;
  }

  get address(): string {
    return this.tcp.address;
  }

  /** Faults that haven't happened yet. */
  get pending(): number {
    return this.#faults.length;
  }

  /** Loses the next answer to a request of this kind. */
  lose(apiKey: number, fault: Fault): void {
    this.#faults.push({ apiKey, fault });
  }

  close(): Promise<void> {
    return this.tcp.close();
  }

  #filters(connection: ProxiedConnection): Record<Direction, Filter> {
    const apiKeys = new Map<number, number>();
    const fromClient = frames();
    const fromBroker = frames();
    return {
      'to-server': (bytes) =>
        fromClient(bytes).map((frame) => {
          const apiKey = frame.readInt16BE(4);
          apiKeys.set(frame.readInt32BE(8), apiKey);
          this.onRequest(apiKey, frame);
          return frame;
        }),
      'to-client': (bytes) =>
        fromBroker(bytes).filter((frame) => {
          const correlation = frame.readInt32BE(4);
          const apiKey = apiKeys.get(correlation);
          apiKeys.delete(correlation);
          return this.#passes(connection, frame, apiKey);
        }),
    };
  }

  #passes(connection: ProxiedConnection, frame: Buffer, apiKey: number | undefined): boolean {
    const at = this.#faults.findIndex((fault) => fault.apiKey === apiKey);
    const [lost] = at < 0 ? [] : this.#faults.splice(at, 1);
    if (lost?.fault === 'cut') connection.reset();
    if (lost !== undefined) return false;
    if (apiKey === metadata || apiKey === findCoordinator) this.#takePlaces(frame);
    return true;
  }

  /** Addresses are a string followed by a 32-bit port, so that a proxy's fits exactly where its broker's was. */
  #takePlaces(frame: Buffer): void {
    const replaced: Array<{ readonly at: number; readonly ours: Buffer }> = [];
    for (const [broker, proxy] of this.#places) {
      const port = Number(broker.split(':')[1]);
      for (const host of ['127.0.0.1', 'localhost']) {
        const theirs = Buffer.concat([Buffer.from(host), int32(port)]);
        const ours = Buffer.concat([Buffer.from(host), int32(proxy.port)]);
        for (let at = frame.indexOf(theirs); at >= 0; at = frame.indexOf(theirs, at + 1)) replaced.push({ at, ours });
      }
    }
    // All at once: a proxy may have the port that is another broker's elsewhere in the frame.
    for (const { at, ours } of replaced) ours.copy(frame, at);
  }
}

/** Gathers bytes into messages of the protocol, each with its length in front. */
function frames(): (bytes: Buffer) => Buffer[] {
  let buffered: Buffer = Buffer.alloc(0);
  return (bytes) => {
    const whole: Buffer[] = [];
    buffered = Buffer.concat([buffered, bytes]);
    while (buffered.length >= 4 && buffered.length >= 4 + buffered.readInt32BE(0)) {
      const end = 4 + buffered.readInt32BE(0);
      whole.push(Buffer.from(buffered.subarray(0, end)));
      buffered = buffered.subarray(end);
    }
    return whole;
  };
}

function int32(value: number): Buffer {
  const bytes = Buffer.alloc(4);
  bytes.writeInt32BE(value);
  return bytes;
}
