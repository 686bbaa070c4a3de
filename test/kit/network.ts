import { BrokerProxy } from './broker-proxy.js';
import type { Direction, TcpProxy } from './tcp-proxy.js';

/**
 * The network between some process and the brokers, to be spoilt without touching anyone else's: the process is given
 * these addresses for the brokers', and never hears of the others.
 */
export class Network {
  /** By the broker's address. */
  readonly #proxies: ReadonlyMap<string, TcpProxy>;
  /** Called with each request that is sent, whether it passes or not. */
  onRequest: (apiKey: number, frame: Buffer) => void = () => {};

  private constructor(proxies: ReadonlyMap<string, TcpProxy>) {
    this.#proxies = proxies;
  }

  static async start(brokers: readonly string[]): Promise<Network> {
    const places = new Map<string, TcpProxy>();
    const network = new Network(places);
    for (const broker of brokers) {
      const proxy = await BrokerProxy.start(broker, places);
      proxy.onRequest = (apiKey, frame) => network.onRequest(apiKey, frame);
    }
    return network;
  }

  /** The addresses to connect to. */
  get brokers(): string[] {
    return [...this.#proxies.values()].map(({ address }) => address);
  }

  /** From now on bytes take so long, each way. */
  delay(delayMs: number): void {
    for (const proxy of this.#proxies.values()) proxy.delay(delayMs);
  }

  /** Nothing passes any more, in one direction or both, and nobody is told; it arrives when the network heals. */
  cut(...directions: Direction[]): void {
    for (const proxy of this.#proxies.values()) proxy.cut(...directions);
  }

  /** What is sent in this direction is gone, to and from all brokers or one. */
  swallow(direction: Direction, broker?: string): void {
    for (const [address, proxy] of this.#proxies) {
      if (broker === undefined || broker === address) proxy.swallow(direction);
    }
  }

  /** Breaks every connection there is. */
  reset(): void {
    for (const proxy of this.#proxies.values()) proxy.reset();
  }

  heal(): void {
    for (const proxy of this.#proxies.values()) proxy.heal();
  }

  async close(): Promise<void> {
    await Promise.all([...this.#proxies.values()].map((proxy) => proxy.close()));
  }
}
