import { backoffMs, type Clock } from '../platform/clock.js';
import type { DeadLetters } from '../platform/dead-letters.js';
import { MAX_DELIVERY_ATTEMPTS, MAX_UNDELIVERED_RECORDS } from '../platform/limits.js';
import { LogError } from '../platform/log/errors.js';
import type { Producer, TopicPartition } from '../platform/log/log.js';
import type { Logger } from '../platform/logger.js';
import { Lane, type Parcel, type UndeliveredBatch } from './lane.js';
import type { Outbound } from './outbound.js';
import type { TaskTopic, TaskTopics } from './task-topics.js';

const FIRST_RETRY_MS = 100;
const LONGEST_RETRY_MS = 10_000;

export interface DeliveryOptions {
  readonly producer: Producer;
  readonly taskTopics: TaskTopics;
  /** The topic of replies, and how many partitions it has. */
  readonly replies: { readonly topic: string; readonly partitions: number };
  /** The topic of commands, for those that go to other workflows. */
  readonly commands: string;
  readonly deadLetters: DeadLetters;
  readonly clock: Clock;
  readonly logger: Logger;
  /** Called when there is room again. */
  readonly onRoom: () => void;
}

/**
 * Delivers a partition's tasks, replies and commands: in order to each target, at least once, and counts them off against the
 * batches they belong to, which gives the outbox watermark (H5). A target that is away holds up its own lane only, and
 * for no longer than the tries allowed: what it doesn't take is set aside with an error in the log.
 */
export class Delivery {
  readonly #options: DeliveryOptions;
  readonly #lanes = new Map<string, Lane[]>();
  /** Parcels whose topic is not known to exist, in order. */
  readonly #held = new Map<TaskTopic, Parcel[]>();
  /** Batches with records still to be delivered, in order. */
  readonly #undelivered: UndeliveredBatch[] = [];
  readonly #timers = new Set<() => void>();
  #drained: Array<() => void> = [];
  #latestBatch: number;
  #records = 0;
  #closed = false;

  constructor(options: DeliveryOptions, latestBatch: number) {
    this.#options = options;
    this.#latestBatch = latestBatch;
  }

  /** The batch up to which everything is delivered. */
  get watermark(): number {
    const first = this.#undelivered[0];
    return first === undefined ? this.#latestBatch : first.batch - 1;
  }

  get hasRoom(): boolean {
    return this.#records < MAX_UNDELIVERED_RECORDS;
  }

  /** Sends records on their way: those of an acknowledged batch, or (without a number) such as stand on no batch. */
  release(outbound: readonly Outbound[], batch?: number): void {
    let account: UndeliveredBatch | undefined;
    if (batch !== undefined) {
      this.#latestBatch = Math.max(this.#latestBatch, batch);
      if (outbound.length > 0) {
        account = { batch, remaining: outbound.length };
        this.#undelivered.push(account);
      }
    }
    this.#records += outbound.length;
    const parcels = outbound.map((from) => {
      const record = typeof from.record === 'function' ? from.record() : from.record;
      return { from, record, batch: account, failures: 0 };
    });
    this.#route(parcels);
  }

  /** Resolves once nothing waits to be delivered, or when the delivery is closed. */
  drained(): Promise<void> {
    if (this.#records === 0 || this.#closed) return Promise.resolve();
    return new Promise((resolve) => this.#drained.push(resolve));
  }

  /** Gives up what is not delivered. The partition's next owner sends it again. */
  close(): void {
    this.#closed = true;
    for (const cancel of this.#timers) cancel();
    this.#timers.clear();
    for (const lanes of this.#lanes.values()) for (const lane of lanes) lane?.close();
    this.#lanes.clear();
    this.#held.clear();
    this.#wakeDrained();
  }

  #route(parcels: readonly Parcel[]): void {
    const touched = new Set<Lane>();
    for (const parcel of parcels) {
      const { topic, spread } = parcel.from;
      if (topic === 'commands') {
        touched.add(this.#add(this.#options.commands, spread, parcel));
      } else if (topic === 'replies') {
        if (spread >= 0 && spread < this.#options.replies.partitions)
          touched.add(this.#add(this.#options.replies.topic, spread, parcel));
        else this.#settled([parcel]);
      } else if (topic.partitions === undefined) {
        this.#hold(topic, parcel);
      } else {
        touched.add(this.#add(topic.topic, spread % topic.partitions, parcel));
      }
    }
    for (const lane of touched) lane.send();
  }

  #add(topic: string, partition: number, parcel: Parcel): Lane {
    let lanes = this.#lanes.get(topic);
    if (lanes === undefined) {
      lanes = [];
      this.#lanes.set(topic, lanes);
    }
    let lane = lanes[partition];
    if (lane === undefined) {
      lane = new Lane({ topic, partition }, this.#options.producer, {
        onDelivered: (delivered) => this.#settled(delivered),
        onFailed: (failed, error, sent, behind) => this.#failed(failed, error, sent, behind),
      });
      lanes[partition] = lane;
    }
    lane.add(parcel);
    return lane;
  }

  #hold(topic: TaskTopic, parcel: Parcel): void {
    const held = this.#held.get(topic);
    if (held !== undefined) {
      held.push(parcel);
      return;
    }
    this.#held.set(topic, [parcel]);
    this.#prepare(topic);
  }

  #prepare(topic: TaskTopic): void {
    this.#options.taskTopics.prepare(topic).then(
      () => {
        const held = this.#held.get(topic) ?? [];
        this.#held.delete(topic);
        if (!this.#closed) this.#route(held);
      },
      (error) => {
        if (this.#closed) return;
        const kept = this.#countFailure({ topic: topic.topic, partition: 0 }, error, this.#held.get(topic) ?? []);
        if (kept.length === 0) this.#held.delete(topic);
        else this.#held.set(topic, kept);
        if (kept.length > 0) this.#later(kept, () => this.#prepare(topic));
      },
    );
  }

  #failed(lane: Lane, error: unknown, sent: readonly Parcel[], behind: readonly Parcel[]): void {
    if (this.#closed) return;
    const code = error instanceof LogError ? error.code : undefined;
    if (code === 'BATCH_TOO_LARGE' && sent.length > 1) {
      lane.narrow();
      lane.addFirst([...sent, ...behind]);
      lane.send();
      return;
    }
    const kept = this.#countFailure(lane.target, error, sent);
    const topic = sent[0]?.from.topic;
    if (typeof topic === 'object' && code === 'UNKNOWN_TOPIC') {
      // Deleted, or made anew with fewer partitions: look at it again, and route by what is found.
      topic.partitions = undefined;
      this.#later(kept, () => this.#route([...kept, ...behind]));
      return;
    }
    lane.addFirst([...kept, ...behind]);
    lane.pause();
    this.#later(kept, () => lane.resume());
  }

  /** Notes a failed try, and sets aside what has had all its tries. Returns the rest. */
  #countFailure(target: TopicPartition, error: unknown, parcels: readonly Parcel[]): Parcel[] {
    const tooLarge = error instanceof LogError && error.code === 'BATCH_TOO_LARGE';
    for (const parcel of parcels) parcel.failures += 1;
    // Nobody would ever ask for a command to another workflow again: it waits for as long as it takes.
    const isLost = ({ from, failures }: Parcel) =>
      tooLarge || (from.topic !== 'commands' && failures >= MAX_DELIVERY_ATTEMPTS);
    const lost = parcels.filter(isLost);
    this.#options.logger.warn('delivery failed, trying again', {
      ...target,
      records: parcels.length - lost.length,
      error,
    });
    if (lost.length > 0) this.#setAside(target, error, lost);
    return parcels.filter((parcel) => !isLost(parcel));
  }

  #setAside(target: TopicPartition, error: unknown, parcels: readonly Parcel[]): void {
    const { deadLetters, logger, clock } = this.#options;
    const facts = { ...target, records: parcels.length, attempts: MAX_DELIVERY_ATTEMPTS, error };
    logger.error('delivery given up: the records are set aside on the dead-letter topic', facts);
    const reason = `could not be delivered to ${target.topic}: ${error instanceof Error ? error.message : String(error)}`;
    for (const { record } of parcels) {
      const read = { ...record, headers: record.headers ?? {}, offset: -1, timestamp: clock.now() };
      deadLetters
        .put(target, read, reason)
        .catch((cause) => logger.error('a record is lost', { ...facts, error: cause }));
    }
    this.#settled(parcels);
  }

  #settled(parcels: readonly Parcel[]): void {
    if (this.#closed) return;
    const hadRoom = this.hasRoom;
    this.#records -= parcels.length;
    for (const { batch } of parcels) if (batch !== undefined) batch.remaining -= 1;
    let delivered = 0;
    while (this.#undelivered[delivered]?.remaining === 0) delivered += 1;
    if (delivered > 0) this.#undelivered.splice(0, delivered);
    if (this.#records === 0) this.#wakeDrained();
    if (!hadRoom && this.hasRoom) this.#options.onRoom();
  }

  #wakeDrained(): void {
    const waiting = this.#drained;
    this.#drained = [];
    for (const resolve of waiting) resolve();
  }

  #later(parcels: readonly Parcel[], act: () => void): void {
    const { clock } = this.#options;
    const waitMs = backoffMs(parcels[0]?.failures ?? 1, FIRST_RETRY_MS, LONGEST_RETRY_MS);
    const cancel = clock.setTimer(clock.now() + waitMs, () => {
      this.#timers.delete(cancel);
      act();
    });
    this.#timers.add(cancel);
  }
}
