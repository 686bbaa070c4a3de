import type { LogRecord, RecordsHandler, TopicPartition } from '../../services/platform/log/log.js';

/** A record as tests look at it. */
export interface Collected {
  readonly partition: number;
  readonly offset: number;
  readonly value: string;
}

/** A reader's handler that keeps what it is given, and lets a test wait for it. */
export class Collector {
  readonly records: Collected[] = [];
  readonly #waiting = new Set<() => void>();

  readonly handler: RecordsHandler = (source, records) => this.add(source, records);

  add(source: TopicPartition, records: readonly LogRecord[]): void {
    for (const { offset, value } of records) {
      this.records.push({ partition: source.partition, offset, value: String(value) });
    }
    for (const look of this.#waiting) look();
  }

  get values(): string[] {
    return this.records.map(({ value }) => value);
  }

  /** Resolves once so many records are there. */
  async count(records: number): Promise<void> {
    await this.until(() => this.records.length >= records);
  }

  until(isMet: () => boolean): Promise<void> {
    return new Promise((resolve) => {
      const look = () => {
        if (!isMet()) return;
        this.#waiting.delete(look);
        resolve();
      };
      this.#waiting.add(look);
      look();
    });
  }
}
