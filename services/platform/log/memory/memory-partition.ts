import { LogError } from '../errors.js';
import type { LogRecord, NewRecord, TopicPartition } from '../log.js';
import { batchTooLarge, checkBatch } from '../record-batch.js';

/** A fenced writer as a partition knows it: Kafka's producer id and epoch. */
export interface Writer {
  readonly transactionalId: string;
  readonly epoch: number;
}

const noHeaders = Object.freeze({});

/** One partition: the records that are kept, and the latest epoch each writer has appended with. */
export class MemoryPartition {
  readonly source: TopicPartition;
  readonly #maxBatchBytes: number;
  readonly #now: () => number;
  #records: LogRecord[] = [];
  readonly #epochs = new Map<string, number>();
  readonly #watchers = new Set<() => void>();
  #earliest = 0;
  #next = 0;

  constructor(source: TopicPartition, maxBatchBytes: number, now: () => number) {
    this.source = source;
    this.#maxBatchBytes = maxBatchBytes;
    this.#now = now;
  }

  /** The first offset that is kept, unless compaction took it. */
  get earliest(): number {
    return this.#earliest;
  }

  get next(): number {
    return this.#next;
  }

  /**
   * Appends all records or none and returns the offset of the first. As in Kafka, a newer epoch fences the older ones
   * once it has appended, not before.
   */
  append(records: readonly NewRecord[], writer?: Writer): number {
    const bytes = checkBatch(this.source, records);
    if (writer !== undefined) this.#checkEpoch(writer);
    if (bytes > this.#maxBatchBytes) throw batchTooLarge(this.source, bytes, this.#maxBatchBytes);
    if (writer !== undefined) this.#epochs.set(writer.transactionalId, writer.epoch);
    const first = this.#next;
    const timestamp = this.#now();
    for (const { key, value, headers } of records) {
      const offset = this.#next++;
      this.#records.push({ offset, timestamp, key: copy(key), value: copy(value), headers: headers ?? noHeaders });
    }
    for (const wake of this.#watchers) wake();
    return first;
  }

  /** What is kept from an offset on. */
  read(from: number): readonly LogRecord[] {
    let [low, high] = [0, this.#records.length];
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((this.#records[middle]?.offset ?? from) < from) low = middle + 1;
      else high = middle;
    }
    return this.#records.slice(low);
  }

  /** As retention does: records before the offset are gone. */
  deleteBefore(offset: number): void {
    this.#earliest = Math.max(this.#earliest, Math.min(offset, this.#next));
    this.#records = [...this.read(this.#earliest)];
  }

  /** As the cleaner does: of each key the last record before the offset stays, and so do those without a key. */
  compactBefore(end: number): void {
    const last = new Map<string, number>();
    for (const { key, offset } of this.#records) {
      if (key !== null && offset < end) last.set(key.toString('latin1'), offset);
    }
    this.#records = this.#records.filter(({ key, offset }) => {
      return key === null || offset >= end || last.get(key.toString('latin1')) === offset;
    });
  }

  /** Calls back after each append, until the returned function is called. */
  watch(wake: () => void): () => void {
    this.#watchers.add(wake);
    return () => this.#watchers.delete(wake);
  }

  #checkEpoch({ transactionalId, epoch }: Writer): void {
    if ((this.#epochs.get(transactionalId) ?? 0) > epoch) {
      const { topic, partition } = this.source;
      throw new LogError('LOG_FENCED', `${topic}[${partition}] has a newer owner: give it up and read what it wrote`);
    }
  }
}

/** A record must not change when its producer uses the buffer again. */
function copy(bytes: Buffer | null): Buffer | null {
  return bytes === null ? null : Buffer.from(bytes);
}
