import type { HeldPartition, HistoryServiceLease } from '../../schemas/generated/messages.js';
import type { Clock } from '../platform/clock.js';
import type { Codec } from '../platform/codec/codec.js';
import { CodecError } from '../platform/codec/errors.js';
import type { Log, LogRecord, Producer, Reader } from '../platform/log/log.js';
import type { Logger } from '../platform/logger.js';
import { Fleet } from './fleet.js';

/** Renewals in the time of a lease: a single late one loses nothing. */
const RENEWALS_A_LEASE = 6;

/** A lease so short that a busy process's own delays would lose it is a mistake of whoever asks for it. */
const SHORTEST_LEASE_MS = 100;

/** Leases read by a service that starts: some seconds of a large fleet, for it to learn of whoever died just before. */
const RECENT_LEASES = 1_000;

/** The longest that others get to come back after an outage. */
const LONGEST_GRACE_MS = 10_000;

export interface LeasesOptions {
  readonly log: Log;
  readonly codec: Codec;
  /** The topic of leases. */
  readonly topic: string;
  readonly clock: Clock;
  readonly logger: Logger;
  /** Unique to this start of the service. */
  readonly serviceId: string;
  readonly identity: string;
  /** Partitions of the namespace. */
  readonly partitions: number;
  /** How long this service may be silent before others take its partitions over, in milliseconds. */
  readonly leaseMs: number;
  /** What this service has. */
  readonly held: () => readonly HeldPartition[];
  /** Called when the fleet has changed. */
  readonly onChanged: () => void;
}

/** Renews this service's lease and reads everybody's. What it can't write or read for a while, it makes up for later. */
export class Leases {
  readonly fleet: Fleet;
  readonly #options: LeasesOptions;
  readonly #source: { readonly topic: string; readonly partition: number };
  readonly #producer: Producer;
  readonly #reader: Reader;
  readonly #renewMs: number;
  #sequence = 0;
  /** What each renewal under way covers: the time since the one before, at most the one that should lie between. */
  readonly #covered = new Map<number, number>();
  #renewedAt = -Infinity;
  #returnedAt: number | undefined;
  #sending: Promise<void> | undefined;
  #sendAgain = false;
  #cancelRenewal: () => void = () => {};
  #ended = false;

  /** Throws a RangeError for a lease that is too short. */
  constructor(options: LeasesOptions) {
    if (!(options.leaseMs >= SHORTEST_LEASE_MS)) {
      throw new RangeError(`a lease of ${options.leaseMs} ms is too short: give it ${SHORTEST_LEASE_MS} ms or more`);
    }
    this.#options = options;
    this.fleet = new Fleet(options.serviceId, options.partitions);
    this.#source = { topic: options.topic, partition: 0 };
    this.#renewMs = options.leaseMs / RENEWALS_A_LEASE;
    // Of its own, since a lease must not wait behind a load of tasks.
    this.#producer = options.log.producer({ timeoutMs: options.leaseMs });
    this.#reader = options.log.reader((_source, records) => this.#read(records));
  }

  async start(): Promise<void> {
    const { earliest, next } = await this.#options.log.offsets(this.#source);
    await this.#reader.assign(this.#source, Math.max(earliest, next - RECENT_LEASES));
    this.renew();
  }

  /** Whether this service has kept up: if not, others may have taken it for dead, and it hasn't read so yet. */
  get isCurrent(): boolean {
    return this.#returnedAt === undefined || this.#options.clock.now() - this.#returnedAt <= this.#options.leaseMs;
  }

  /** Renews the lease now. To be called when what the service has changes. */
  renew(): void {
    if (this.#ended) return;
    if (this.#sending !== undefined) {
      this.#sendAgain = true;
      return;
    }
    this.#cancelRenewal();
    const { clock, leaseMs, held } = this.#options;
    const sentAt = clock.now();
    this.#sending = this.#send(leaseMs, held()).finally(() => {
      this.#sending = undefined;
      if (this.#ended) return;
      if (this.#sendAgain) {
        this.#sendAgain = false;
        this.renew();
      } else {
        this.#cancelRenewal = clock.setTimer(sentAt + this.#renewMs, () => this.renew());
      }
    });
  }

  /** Ends the lease, for others to take over at once what this service had. */
  async withdraw(had: readonly HeldPartition[]): Promise<void> {
    this.#ended = true;
    this.#cancelRenewal();
    await this.#sending;
    await this.#send(0, had);
    await this.#reader.close();
    await this.#producer.close();
  }

  async #send(leaseMs: number, partitions: readonly HeldPartition[]): Promise<void> {
    const { codec, clock, serviceId, identity, logger } = this.#options;
    this.#sequence += 1;
    const renewedAt = clock.now();
    this.#covered.set(this.#sequence, Math.max(0, Math.min(renewedAt - this.#renewedAt, this.#renewMs)));
    this.#renewedAt = renewedAt;
    const lease = { serviceId, identity, sequence: this.#sequence, partitions, leaseMs, renewedAt };
    const value = codec.encode({ type: 'HistoryServiceLease', ...lease });
    try {
      await this.#producer.send(this.#source, [{ key: Buffer.from(serviceId), value }]);
    } catch (error) {
      logger.debug('lease not renewed', { error });
    }
  }

  async #read(records: readonly LogRecord[]): Promise<void> {
    let changed = false;
    for (const record of records) {
      const lease = await this.#decode(record);
      if (lease === undefined || this.#ended) continue;
      if (this.fleet.heard(lease)) changed = true;
      if (lease.serviceId === this.#options.serviceId && this.#returned(lease.sequence)) changed = true;
    }
    if (changed && !this.#ended) this.#options.onChanged();
  }

  /** A renewal of one's own has come back. Returns whether somebody is lost by it. */
  #returned(sequence: number): boolean {
    const { clock, leaseMs, logger } = this.#options;
    const now = clock.now();
    const awayMs = now - (this.#returnedAt ?? now);
    this.#returnedAt = now;
    const covered = this.#covered.get(sequence) ?? 0;
    for (const old of this.#covered.keys()) if (old <= sequence) this.#covered.delete(old);
    if (awayMs > leaseMs) {
      this.fleet.forgive(Math.min(awayMs, LONGEST_GRACE_MS));
      return false;
    }
    const lost = this.fleet.passed(covered);
    for (const serviceId of lost) logger.warn('a history service is lost: its lease was not renewed', { serviceId });
    return lost.length > 0;
  }

  async #decode({ value, offset }: LogRecord): Promise<HistoryServiceLease | undefined> {
    const { codec, logger } = this.#options;
    try {
      const message = value === null ? undefined : await codec.decodeLearning(value);
      if (message?.type === 'HistoryServiceLease') return message;
      logger.warn('a record on the topic of leases is none', { ...this.#source, offset });
    } catch (error) {
      if (!(error instanceof CodecError)) throw error;
      logger.warn('a lease could not be read', { ...this.#source, offset, error });
    }
    return undefined;
  }
}
