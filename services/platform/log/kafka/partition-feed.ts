import type { RecordsBatch } from '@platformatic/kafka';
import { MAX_FETCH_PARTITION_BYTES } from '../../limits.js';
import type { LogRecord, RecordsHandler, TopicPartition } from '../log.js';
import { Backoff } from './backoff.js';
import { endOf, fromWire } from './wire-records.js';

/**
 * One partition on its way from the broker to the handler. It is fetched ahead while the handler is at work, up to a
 * bound, so that a slow partition neither waits for its own handler nor delays others.
 */
export class PartitionFeed {
  readonly source: TopicPartition;
  readonly backoff = new Backoff();
  /** The next offset to fetch. */
  position: number;
  /** Whether a fetch of it is under way. */
  fetching = false;
  readonly #onRecords: RecordsHandler;
  readonly #onRoom: () => void;
  /** Since when the broker says that the partition ends before this position. */
  #beyondEndSince: number | undefined;
  #queue: LogRecord[] = [];
  #queuedBytes = 0;
  #handling = false;
  #paused = false;
  #closed = false;

  /** `onRoom` is called when it may be fetched again after it couldn't. */
  constructor(source: TopicPartition, position: number, onRecords: RecordsHandler, onRoom: () => void) {
    this.source = source;
    this.position = position;
    this.#onRecords = onRecords;
    this.#onRoom = onRoom;
  }

  get wantsRecords(): boolean {
    return !this.#closed && !this.#paused && this.#queuedBytes < MAX_FETCH_PARTITION_BYTES;
  }

  get closed(): boolean {
    return this.#closed;
  }

  /** A fetch was answered: whatever was wrong before is over. */
  answered(): void {
    this.backoff.reset();
    this.#beyondEndSince = undefined;
  }

  /** Whether its position, which is beyond the end, may still come to be, having been so for less than the patience. */
  waitsForEnd(patienceMs: number): boolean {
    const now = performance.now();
    this.#beyondEndSince ??= now;
    return now - this.#beyondEndSince < patienceMs;
  }

  /** Takes what a fetch brought. Returns whether there was anything. */
  accept(batches: readonly RecordsBatch[]): boolean {
    if (this.#closed || batches.length === 0) return false;
    for (const batch of batches) {
      fromWire(batch, this.position, this.#queue);
      this.#queuedBytes += batch.length;
      this.position = Math.max(this.position, endOf(batch));
    }
    if (!this.#handling) void this.#deliver();
    return true;
  }

  pause(): void {
    this.#paused = true;
  }

  resume(): void {
    if (!this.#paused) return;
    this.#paused = false;
    this.#onRoom();
    if (!this.#handling) void this.#deliver();
  }

  close(): void {
    this.#closed = true;
    this.#queue = [];
  }

  /** A rejected handler is nobody's to handle: it ends the process, as an unhandled rejection. */
  async #deliver(): Promise<void> {
    while (!this.#paused && !this.#closed) {
      const records = this.#queue;
      const wasFull = !this.wantsRecords;
      this.#queue = [];
      this.#queuedBytes = 0;
      if (wasFull) this.#onRoom();
      if (records.length === 0) return;
      this.#handling = true;
      await this.#onRecords(this.source, records);
      this.#handling = false;
    }
  }
}
