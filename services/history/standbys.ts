import type { NamespaceConfigured } from '../../schemas/generated/messages.js';
import { after, type Clock } from '../platform/clock.js';
import type { Codec } from '../platform/codec/codec.js';
import type { Log, LogRecord, Reader } from '../platform/log/log.js';
import type { Logger } from '../platform/logger.js';
import type { Topics } from '../platform/topics.js';
import type { HistoryFold } from './history-fold.js';
import type { Storage } from './projection.js';
import { openFold } from './takeover.js';

/** How long the fleet must be at rest before a history is read for it: a takeover has the machine to itself. */
const SETTLE_MS = 2_000;

/** Wait before a standby that failed is begun anew. */
const RETRY_MS = 30_000;

export interface StandbysOptions {
  readonly log: Log;
  readonly codec: Codec;
  readonly topics: Topics;
  readonly configuration: NamespaceConfigured;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly storage?: Storage | undefined;
}

interface Standby {
  /** Undefined until its history is being read. */
  fold: HistoryFold | undefined;
  /** Settles when the records at hand are folded. */
  folding: Promise<void>;
  /** The end of the history when reading began; undefined once that is reached. */
  end: number | undefined;
}

/**
 * Follows the histories of partitions that this service would take over, so that what is left to read then is the tail.
 * It costs the memory and the decoding that owning them does, and no write.
 */
export class Standbys {
  readonly #options: StandbysOptions;
  readonly #reader: Reader;
  readonly #standbys = new Map<number, Standby>();
  #wanted: ReadonlySet<number> = new Set();
  #cancelOpening: () => void = () => {};
  #closed = false;

  constructor(options: StandbysOptions) {
    this.#options = options;
    this.#reader = options.log.reader(({ partition }, records) => this.#read(partition, records));
  }

  /** Partitions whose history has been read to its end. */
  get warm(): number[] {
    return [...this.#standbys].filter(([, { fold, end }]) => fold && end === undefined).map(([partition]) => partition);
  }

  /** Sets which partitions to follow. */
  keep(partitions: Iterable<number>): void {
    if (this.#closed) return;
    this.#wanted = new Set(partitions);
    for (const partition of this.#standbys.keys()) if (!this.#wanted.has(partition)) this.#discard(partition);
    this.#openAfter(SETTLE_MS);
  }

  /** Hands over what has been folded of a partition, and follows it no longer. Undefined when nothing has. */
  async take(partition: number): Promise<HistoryFold | undefined> {
    const standby = this.#standbys.get(partition);
    this.#drop(partition);
    await standby?.folding;
    // A fold that failed has been let go of meanwhile.
    return standby?.fold;
  }

  async close(): Promise<void> {
    this.#closed = true;
    this.#cancelOpening();
    for (const partition of this.#standbys.keys()) this.#discard(partition);
    await this.#reader.close();
  }

  #openAfter(ms: number): void {
    this.#cancelOpening();
    this.#cancelOpening = after(this.#options.clock, ms, () => {
      for (const partition of this.#wanted) if (!this.#standbys.has(partition)) void this.#open(partition);
    });
  }

  async #open(partition: number): Promise<void> {
    const { log, topics } = this.#options;
    const standby: Standby = { fold: undefined, folding: Promise.resolve(), end: undefined };
    this.#standbys.set(partition, standby);
    const source = { topic: topics.history, partition };
    try {
      const fold = await openFold({ ...this.#options, partition });
      const { next } = await log.offsets(source);
      if (this.#standbys.get(partition) !== standby) return await fold.close();
      standby.fold = fold;
      standby.end = next;
      await this.#reader.assign(source, fold.position);
      // Dropped meanwhile, which the reader may not have known of.
      if (!this.#standbys.has(partition)) this.#reader.unassign(source);
    } catch (error) {
      this.#failed(partition, standby, error);
    }
  }

  async #read(partition: number, records: readonly LogRecord[]): Promise<void> {
    const standby = this.#standbys.get(partition);
    const fold = standby?.fold;
    if (standby === undefined || fold === undefined) return;
    standby.folding = fold.add(records).catch((error) => this.#failed(partition, standby, error));
    await standby.folding;
    if (standby.end === undefined || fold.position < standby.end) return;
    standby.end = undefined;
    this.#options.logger.info('standby is warm', { partition, runs: fold.projection.state.runs.size });
  }

  /** Its owner would fail alike: that is for it to say. Without a standby the takeover reads the history anew. */
  #failed(partition: number, standby: Standby, error: unknown): void {
    void standby.fold?.close();
    standby.fold = undefined;
    if (this.#closed || this.#standbys.get(partition) !== standby) return;
    this.#options.logger.warn('a standby failed', { partition, retryInMs: RETRY_MS, error });
    this.#drop(partition);
    this.#openAfter(RETRY_MS);
  }

  #discard(partition: number): void {
    const standby = this.#standbys.get(partition);
    this.#drop(partition);
    void standby?.folding.then(() => standby.fold?.close());
  }

  #drop(partition: number): void {
    if (!this.#standbys.delete(partition)) return;
    this.#reader.unassign({ topic: this.#options.topics.history, partition });
  }
}
