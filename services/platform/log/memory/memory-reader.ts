import type { Reader, RecordsHandler, TopicPartition } from '../log.js';
import type { MemoryPartition } from './memory-partition.js';

/** Reads partitions of a broker in this process. Records are handed over in a microtask after their append. */
export class MemoryReader implements Reader {
  readonly #partitionOf: (source: TopicPartition) => MemoryPartition;
  readonly #onRecords: RecordsHandler;
  readonly #feeds = new Map<string, Feed>();
  #closed = false;

  constructor(partitionOf: (source: TopicPartition) => MemoryPartition, onRecords: RecordsHandler) {
    this.#partitionOf = partitionOf;
    this.#onRecords = onRecords;
  }

  async assign(source: TopicPartition, from: number | 'earliest' | 'latest'): Promise<void> {
    if (this.#closed) throw new TypeError('the reader is closed');
    const partition = this.#partitionOf(source);
    const position = from === 'earliest' ? partition.earliest : from === 'latest' ? partition.next : from;
    this.unassign(source);
    this.#feeds.set(keyOf(source), new Feed(partition, position, this.#onRecords));
  }

  unassign(source: TopicPartition): void {
    this.#feeds.get(keyOf(source))?.close();
    this.#feeds.delete(keyOf(source));
  }

  pause(source: TopicPartition): void {
    this.#feeds.get(keyOf(source))?.pause();
  }

  resume(source: TopicPartition): void {
    this.#feeds.get(keyOf(source))?.resume();
  }

  async close(): Promise<void> {
    this.#closed = true;
    for (const feed of this.#feeds.values()) feed.close();
    this.#feeds.clear();
  }
}

/** One partition on its way to the handler. */
class Feed {
  readonly #partition: MemoryPartition;
  readonly #onRecords: RecordsHandler;
  readonly #stopWatching: () => void;
  #position: number;
  #handling = false;
  #scheduled = false;
  #paused = false;
  #closed = false;

  constructor(partition: MemoryPartition, position: number, onRecords: RecordsHandler) {
    this.#partition = partition;
    this.#position = position;
    this.#onRecords = onRecords;
    this.#stopWatching = partition.watch(() => this.#schedule());
    this.#schedule();
  }

  pause(): void {
    this.#paused = true;
  }

  resume(): void {
    this.#paused = false;
    this.#schedule();
  }

  close(): void {
    this.#closed = true;
    this.#stopWatching();
  }

  #schedule(): void {
    if (this.#scheduled) return;
    this.#scheduled = true;
    queueMicrotask(() => {
      this.#scheduled = false;
      void this.#deliver();
    });
  }

  /** A rejected handler is nobody's to handle: it ends the process, as an unhandled rejection. */
  async #deliver(): Promise<void> {
    if (this.#handling || this.#paused || this.#closed) return;
    const records = this.#partition.read(this.#position);
    if (records.length === 0) return;
    this.#position = this.#partition.next;
    this.#handling = true;
    await this.#onRecords(this.#partition.source, records);
    this.#handling = false;
    this.#schedule();
  }
}

function keyOf({ topic, partition }: TopicPartition): string {
  return `${topic}/${partition}`;
}
