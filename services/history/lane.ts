import { MAX_BATCH_BYTES } from '../platform/limits.js';
import type { NewRecord, Producer, TopicPartition } from '../platform/log/log.js';
import { sizeOf } from './batch.js';
import type { Outbound } from './outbound.js';

/** One send's size, aimed at: large enough to fill requests, small enough that retrying one is cheap. */
const SEND_BYTES = MAX_BATCH_BYTES / 4;

/** A record to be delivered. */
export interface Parcel {
  readonly from: Outbound;
  readonly record: NewRecord;
  /** The batch whose effect it is, or undefined for one that stands on no batch. */
  readonly batch: UndeliveredBatch | undefined;
  /** Failed tries so far. */
  failures: number;
}

/** A batch of which records are still to be delivered. */
export interface UndeliveredBatch {
  readonly batch: number;
  remaining: number;
}

export interface LaneEvents {
  onDelivered(parcels: readonly Parcel[]): void;
  /** What could not be sent comes back, followed by everything that waited behind it. */
  onFailed(lane: Lane, error: unknown, sent: readonly Parcel[], behind: readonly Parcel[]): void;
}

/**
 * The way to one partition: in order, one send at a time. What is added while a send is under way goes with the next
 * one, so that a busy partition's records travel in large requests without waiting for company when it is idle.
 */
export class Lane {
  readonly target: TopicPartition;
  readonly #producer: Producer;
  readonly #events: LaneEvents;
  #waiting: Parcel[] = [];
  #busy = false;
  #closed = false;
  #sendBytes = SEND_BYTES;

  constructor(target: TopicPartition, producer: Producer, events: LaneEvents) {
    this.target = target;
    this.#producer = producer;
    this.#events = events;
  }

  add(parcel: Parcel): void {
    this.#waiting.push(parcel);
  }

  /** Puts what came back in front again. */
  addFirst(parcels: readonly Parcel[]): void {
    this.#waiting = [...parcels, ...this.#waiting];
  }

  /** Sends nothing until it is resumed. */
  pause(): void {
    this.#busy = true;
  }

  resume(): void {
    this.#busy = false;
    this.send();
  }

  /** Sends nothing more. */
  close(): void {
    this.#closed = true;
    this.#waiting = [];
  }

  /** Makes the next sends smaller: the topic's own limit may be below ours. */
  narrow(): void {
    this.#sendBytes /= 2;
  }

  /** Sends what waits, unless a send is under way. */
  send(): void {
    if (this.#busy || this.#closed || this.#waiting.length === 0) return;
    const parcels = this.#takeForOneSend();
    this.#busy = true;
    this.#producer
      .send(
        this.target,
        parcels.map((parcel) => parcel.record),
      )
      .then(
        () => {
          this.#busy = false;
          this.#events.onDelivered(parcels);
          this.send();
        },
        (error) => {
          const behind = this.#waiting;
          this.#waiting = [];
          this.#busy = false;
          this.#events.onFailed(this, error, parcels, behind);
        },
      );
  }

  #takeForOneSend(): Parcel[] {
    let bytes = 0;
    let count = 0;
    for (const { record } of this.#waiting) {
      bytes += sizeOf(record);
      if (count > 0 && bytes > this.#sendBytes) break;
      count += 1;
    }
    if (count === this.#waiting.length) {
      const all = this.#waiting;
      this.#waiting = [];
      return all;
    }
    return this.#waiting.splice(0, count);
  }
}
