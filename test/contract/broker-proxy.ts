import { connect, createServer, type Server, type Socket } from 'node:net';

/** Requests a test may want to lose the answer of, by the protocol's numbers. */
export const requests = { produce: 0, fetch: 1 } as const;

const metadata = 3;
const findCoordinator = 10;

/** What happens to an answer: it is never delivered, or the connection breaks instead of delivering it. */
export type Fault = 'swallow' | 'cut';

/**
 * Stands between a client and a broker and loses answers to requests that the broker has carried out. It puts itself
 * in the broker's place in every answer that names the broker.
 */
export class BrokerProxy {
  readonly #server: Server;
  readonly #broker: { readonly host: string; readonly port: number };
  readonly #sockets = new Set<Socket>();
  readonly #faults: Array<{ readonly apiKey: number; readonly fault: Fault }> = [];

  private constructor(server: Server, broker: string) {
    const [host = '', port = ''] = broker.split(':');
    this.#server = server;
    this.#broker = { host, port: Number(port) };
    server.on('connection', (client) => this.#serve(client));
  }

  static async start(broker: string): Promise<BrokerProxy> {
    const server = createServer({ noDelay: true });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    return new BrokerProxy(server, broker);
  }

  get address(): string {
    return `127.0.0.1:${this.#port}`;
  }

  /** Faults that haven't happened yet. */
  get pending(): number {
    return this.#faults.length;
  }

  /** Loses the next answer to a request of this kind. */
  lose(apiKey: number, fault: Fault): void {
    this.#faults.push({ apiKey, fault });
  }

  async close(): Promise<void> {
    for (const socket of this.#sockets) socket.destroy();
    await new Promise((resolve) => this.#server.close(resolve));
  }

  get #port(): number {
    const address = this.#server.address();
    if (address === null || typeof address === 'string') throw new Error('the proxy is closed');
    return address.port;
  }

  #serve(client: Socket): void {
    const broker = connect({ ...this.#broker, noDelay: true });
    const apiKeys = new Map<number, number>();
    for (const socket of [client, broker]) {
      this.#sockets.add(socket);
      socket.on('error', () => {});
      socket.on('close', () => {
        this.#sockets.delete(socket);
        client.destroy();
        broker.destroy();
      });
    }
    onFrame(client, (frame) => {
      apiKeys.set(frame.readInt32BE(8), frame.readInt16BE(4));
      broker.write(frame);
    });
    onFrame(broker, (frame) => this.#answer(client, frame, apiKeys.get(frame.readInt32BE(4))));
  }

  #answer(client: Socket, frame: Buffer, apiKey: number | undefined): void {
    const at = this.#faults.findIndex((fault) => fault.apiKey === apiKey);
    const [lost] = at < 0 ? [] : this.#faults.splice(at, 1);
    if (lost?.fault === 'cut') client.destroy();
    if (lost !== undefined) return;
    if (apiKey === metadata || apiKey === findCoordinator) this.#takePlace(frame);
    client.write(frame);
  }

  /** Addresses are a string followed by a 32-bit port, so that ours fits exactly where the broker's was. */
  #takePlace(frame: Buffer): void {
    for (const host of ['127.0.0.1', 'localhost']) {
      const theirs = Buffer.concat([Buffer.from(host), int32(this.#broker.port)]);
      const ours = Buffer.concat([Buffer.from(host), int32(this.#port)]);
      for (let at = frame.indexOf(theirs); at >= 0; at = frame.indexOf(theirs, at + 1)) ours.copy(frame, at);
    }
  }
}

/** Calls back with each message of the protocol, its length in front. */
function onFrame(socket: Socket, onEach: (frame: Buffer) => void): void {
  let buffered: Buffer = Buffer.alloc(0);
  socket.on('data', (chunk: Buffer) => {
    buffered = Buffer.concat([buffered, chunk]);
    while (buffered.length >= 4 && buffered.length >= 4 + buffered.readInt32BE(0)) {
      const end = 4 + buffered.readInt32BE(0);
      onEach(Buffer.from(buffered.subarray(0, end)));
      buffered = buffered.subarray(end);
    }
  });
}

function int32(value: number): Buffer {
  const bytes = Buffer.alloc(4);
  bytes.writeInt32BE(value);
  return bytes;
}
