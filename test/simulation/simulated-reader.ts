import type { LogRecord, Reader, RecordsHandler, TopicPartition } from '../../services/platform/log/log.js';
import { placeOf, type SimulatedLog } from './simulated-log.js';

/** A reader whose records are on the network for a while, and come in pieces. */
export class SimulatedReader implements Reader {
  readonly #log: SimulatedLog;
  readonly #inner: Reader;
  readonly #onRecords: RecordsHandler;
  readonly #site: string;
  /** Changes with each assignment, so that what was on its way for the last one is dropped. */
  readonly #assignments = new Map<string, number>();
  #assigned = 0;
  #isClosed = false;

  constructor(log: SimulatedLog, open: (deliver: RecordsHandler) => Reader, onRecords: RecordsHandler) {
    this.#log = log;
    this.#onRecords = onRecords;
    this.#site = log.process.siteOf('deliver');
    this.#inner = open((source, records) => this.#deliver(source, records));
    log.process.onDeath(() => void this.#inner.close());
  }

  async assign(source: TopicPartition, from: number | 'earliest' | 'latest'): Promise<void> {
    const place = placeOf(source);
    const assignment = ++this.#assigned;
    this.#assignments.set(place, assignment);
    const effect = async () => {
      if (this.#assignments.get(place) === assignment && !this.#isClosed) await this.#inner.assign(source, from);
    };
    await this.#log.operate({ kind: 'assign', what: `read ${place}`, place, effect });
  }

  unassign(source: TopicPartition): void {
    this.#assignments.delete(placeOf(source));
    this.#inner.unassign(source);
  }

  pause(source: TopicPartition): void {
    this.#inner.pause(source);
  }

  resume(source: TopicPartition): void {
    this.#inner.resume(source);
  }

  async close(): Promise<void> {
    this.#isClosed = true;
    await this.#inner.close();
  }

  async #deliver(source: TopicPartition, records: readonly LogRecord[]): Promise<void> {
    const { dice } = this.#log.network;
    const assignment = this.#assignments.get(placeOf(source));
    for (let rest = records; rest.length > 0; ) {
      const count = dice.chance(0.5) ? rest.length : dice.between(1, rest.length);
      await this.#handOver(source, rest.slice(0, count), assignment);
      rest = rest.slice(count);
    }
  }

  #handOver(source: TopicPartition, records: readonly LogRecord[], assignment: number | undefined): Promise<void> {
    const { process, network } = this.#log;
    const { scheduler, weather } = network;
    const place = placeOf(source);
    const label = `deliver ${place} ${records[0]?.offset}-${records.at(-1)?.offset}`;
    return new Promise((resolve, reject) => {
      const take = () => {
        if (this.#isClosed || assignment === undefined || this.#assignments.get(place) !== assignment) return resolve();
        if (process.diesAt('deliver', this.#site, 'before')) return;
        Promise.resolve(this.#onRecords(source, records)).then(resolve, reject);
        // Dead once it has begun to handle them: what it does next is not done.
        process.diesAt('deliver', this.#site, 'after');
      };
      scheduler.after(weather.latencyMs(place, scheduler.nowMs), label, take, process);
    });
  }
}
