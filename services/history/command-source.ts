import type { Log, LogRecord, Reader } from '../platform/log/log.js';

type Handler = (records: readonly LogRecord[]) => void | Promise<void>;

/** Reads `commands` for all the partitions of a service with one reader, so that they share fetch requests. */
export class CommandSource {
  readonly #topic: string;
  readonly #reader: Reader;
  readonly #handlers = new Map<number, Handler>();

  constructor(log: Log, topic: string) {
    this.#topic = topic;
    this.#reader = log.reader((source, records) => this.#handlers.get(source.partition)?.(records));
  }

  /** Hands a partition's records from an offset on to `handler`, which doesn't throw or reject. */
  async assign(partition: number, from: number, handler: Handler): Promise<void> {
    this.#handlers.set(partition, handler);
    await this.#reader.assign({ topic: this.#topic, partition }, from);
    // Given up meanwhile, which the reader may not have known of.
    if (!this.#handlers.has(partition)) this.#reader.unassign({ topic: this.#topic, partition });
  }

  unassign(partition: number): void {
    this.#reader.unassign({ topic: this.#topic, partition });
    this.#handlers.delete(partition);
  }

  close(): Promise<void> {
    return this.#reader.close();
  }
}
