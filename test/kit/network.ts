import { BrokerProxy } from './broker-proxy.js';
import type { Direction, TcpProxy } from './tcp-proxy.js';

/**
 * The network between some process and the brokers, to be spoilt without touching anyone else's: the process is given
 * these addresses for the brokers', and never hears of the others.
 */
export class Network {
  /** By the broker's address. */
  readonly #proxies: ReadonlyMap<string, TcpProxy>;

  private constructor(proxies: ReadonlyMap<string, TcpProxy>) {
    this.#proxies = proxies;
  }

  static async start(brokers: readonly string[]): Promise<Network> {
    const places = new Map<string, TcpProxy>();
    for (const broker of brokers) await BrokerProxy.start(broker, places);
    return new Network(places);
  }

  /** The addresses to connect to. */
  get brokers(): string[] {
    return [...this.#proxies.values()].map(({ address }) => address);
  }

  /** From now on bytes take so long, each way. */
  delay(delayMs: number): void {
    for (const proxy of this.#proxies.values()) proxy.delay(delayMs);
  }

  /** Nothing passes any more, and nobody is told; what is sent meanwhile arrives when it heals. */
  cut(): void {
    for (const proxy of this.#proxies.values()) proxy.cut();
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
