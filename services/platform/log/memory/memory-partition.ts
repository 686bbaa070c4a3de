import { LogError } from '../errors.js';
import type { LogRecord, NewRecord, TopicPartition } from '../log.js';
import { batchTooLarge, checkBatch } from '../record-batch.js';

/** A fenced writer as a partition knows it: Kafka's producer id and epoch. */
export interface Writer {
  readonly transactionalId: string;
  readonly epoch: number;
}

const noHeaders = Object.freeze({});

/** One partition: its records, and the latest epoch each writer has appended with. */
export class MemoryPartition {
  readonly source: TopicPartition;
  readonly #maxBatchBytes: number;
  readonly #now: () => number;
  readonly #records: LogRecord[] = [];
  readonly #epochs = new Map<string, number>();
  readonly #watchers = new Set<() => void>();

  constructor(source: TopicPartition, maxBatchBytes: number, now: () => number) {
    this.source = source;
    this.#maxBatchBytes = maxBatchBytes;
    this.#now = now;
  }

  get next(): number {
    return this.#records.length;
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
    const first = this.#records.length;
    const timestamp = this.#now();
    for (const { key, value, headers } of records) {
      const offset = this.#records.length;
      this.#records.push({ offset, timestamp, key: copy(key), value: copy(value), headers: headers ?? noHeaders });
    }
    for (const wake of this.#watchers) wake();
    return first;
  }

  read(from: number): readonly LogRecord[] {
    return this.#records.slice(from);
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
