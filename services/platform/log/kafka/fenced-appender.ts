// The one writer of a partition (H1). `InitProducerId` with a transactional id gives it a producer epoch that is higher
// than everyone's before; its batches are idempotent but not transactional, so that an append costs one round trip.
//
// F1 The broker refuses a lower epoch from the first append of a higher one on: LOG_FENCED.
// F2 A batch whose outcome is unknown is sent again with the same sequence and the same bytes, and the broker drops
//    it if it has it already. No other batch is sent before its outcome is known.
// F3 Sequences start at 0 with each epoch and go on by the number of records of each batch that was written.
// F4 The transactional id's coordinator forgets it after a week without an init, and the next owner would then get a
//    producer id that fences nobody. So the epoch is renewed now and then, naming the present one: only its holder can.

import { initProducerIdV4, NumericMap, produceV9 } from '@platformatic/kafka';
import type { Logger } from '../../logger.js';
import { LogError } from '../errors.js';
import type { FencedAppender, NewRecord, TopicPartition } from '../log.js';
import { batchTooLarge, checkBatch } from '../record-batch.js';
import { Backoff, Deadline } from './backoff.js';
import type { BrokerConnection } from './broker-connection.js';
import { isPassing, messageOf, refusal, responseOf, toLogError } from './broker-error.js';
import { type Cluster, replicationTimeoutMs } from './cluster.js';
import { toWire } from './wire-records.js';

export interface FencedAppenderOptions {
  readonly cluster: Cluster;
  readonly logger: Logger;
  readonly target: TopicPartition;
  readonly transactionalId: string;
  /** How long an outcome is asked for before it is reported as unknown. */
  readonly timeoutMs?: number;
  readonly renewAfterMs?: number;
}

interface Epoch {
  readonly producerId: bigint;
  readonly producerEpoch: number;
  readonly renewAt: number;
}

const defaultTimeoutMs = 60_000;
const defaultRenewAfterMs = 24 * 60 * 60 * 1_000;

/** For a transaction that is never begun; brokers allow up to 15 minutes by default. */
const transactionTimeoutMs = 60_000;

const acksOfAllReplicas = -1;
const maxSequence = 2 ** 31 - 1;

const fencedCodes: ReadonlySet<string> = new Set(['INVALID_PRODUCER_EPOCH', 'PRODUCER_FENCED']);
const tooLargeCodes: ReadonlySet<string> = new Set(['MESSAGE_TOO_LARGE', 'RECORD_LIST_TOO_LARGE']);

/** Opens the appender, which fences those opened before. Rejects with `UNKNOWN_TOPIC`, `LOG_UNAVAILABLE`, `UNAUTHORIZED`. */
export async function openFencedAppender(options: FencedAppenderOptions): Promise<KafkaFencedAppender> {
  await options.cluster.leader(options.target);
  return new KafkaFencedAppender(options, await initEpoch(options));
}

export class KafkaFencedAppender implements FencedAppender {
  readonly #options: FencedAppenderOptions;
  #epoch: Epoch;
  #sequence = 0;
  #connection: { readonly nodeId: number; readonly broker: BrokerConnection } | undefined;
  #appending = false;
  #ended: LogError | undefined;

  constructor(options: FencedAppenderOptions, epoch: Epoch) {
    this.#options = options;
    this.#epoch = epoch;
  }

  async append(records: readonly NewRecord[]): Promise<number> {
    if (this.#ended !== undefined) throw this.#ended;
    if (this.#appending) throw new TypeError('an append is under way: await it before the next');
    const bytes = checkBatch(this.#options.target, records);
    this.#appending = true;
    try {
      if (performance.now() > this.#epoch.renewAt) await this.#renew();
      return await this.#write(records, bytes);
    } catch (error) {
      if (error instanceof LogError && error.code !== 'BATCH_TOO_LARGE') this.#end(error);
      throw error;
    } finally {
      this.#appending = false;
    }
  }

  get closed(): boolean {
    return this.#ended !== undefined;
  }

  async close(): Promise<void> {
    this.#end(new LogError('LOG_UNAVAILABLE', `the appender of ${this.#name} is closed: open another`));
  }

  async #write(records: readonly NewRecord[], bytes: number): Promise<number> {
    const { cluster, target, logger, timeoutMs = defaultTimeoutMs } = this.#options;
    const messages = toWire(target, records, Date.now());
    const sequences = new NumericMap([[`${target.topic}:${target.partition}`, this.#sequence]]);
    const deadline = new Deadline(timeoutMs);
    const backoff = new Backoff();
    for (;;) {
      try {
        const offset = await this.#produce(messages, sequences);
        this.#sequence = nextSequence(this.#sequence, records.length);
        return offset;
      } catch (error) {
        // What was asked for last may have been written even so, unless the broker refused it.
        if (this.#ended !== undefined) throw this.#ended;
        if (!isPassing(error)) throw this.#failure(error, bytes);
        if (deadline.passed) throw this.#unknownOutcome(error, timeoutMs);
        logger.debug('sending a batch again', { ...target, sequence: this.#sequence, reason: messageOf(error) });
        cluster.forgetLeaders(target.topic);
        await backoff.wait();
      }
    }
  }

  async #produce(messages: Parameters<typeof produceV9.api.async>[3], sequences: NumericMap): Promise<number> {
    const broker = await this.#leader();
    const { producerId, producerEpoch } = this.#epoch;
    const options = { producerId, producerEpoch, sequences };
    try {
      const response = await broker.call(produceV9.api, acksOfAllReplicas, replicationTimeoutMs, messages, options);
      return baseOffset(response);
    } catch (error) {
      // The broker has the batch, but so many others after it that it doesn't say where unless it remembers.
      if (refusal(error) !== 'DUPLICATE_SEQUENCE_NUMBER') throw error;
      const offset = baseOffset(responseOf(error));
      if (offset < 0) throw error;
      return offset;
    }
  }

  /** The leader's connection. It is this appender's own, so that partitions don't wait for each other's replicas. */
  async #leader(): Promise<BrokerConnection> {
    const { cluster, target } = this.#options;
    const nodeId = cluster.knownLeader(target) ?? (await cluster.leader(target));
    if (this.#ended !== undefined) throw this.#ended;
    if (this.#connection?.nodeId !== nodeId) {
      this.#connection?.broker.close();
      this.#connection = { nodeId, broker: cluster.dial(nodeId) };
    }
    return this.#connection.broker;
  }

  async #renew(): Promise<void> {
    this.#epoch = await initEpoch(this.#options, this.#epoch);
    this.#sequence = 0;
  }

  #failure(error: unknown, bytes: number): LogError {
    const code = refusal(error);
    if (code !== undefined && fencedCodes.has(code)) return fenced(this.#name, error);
    if (code !== undefined && tooLargeCodes.has(code)) return batchTooLarge(this.#options.target, bytes);
    return toLogError(error, `appending to ${this.#name}`);
  }

  #unknownOutcome(error: unknown, timeoutMs: number): LogError {
    return new LogError(
      'LOG_UNAVAILABLE',
      `${this.#name} didn't confirm a batch within ${timeoutMs} ms (${messageOf(error)}): open another appender and ` +
        'read the partition to learn whether it was written',
      { cause: error },
    );
  }

  #end(reason: LogError): void {
    this.#ended ??= reason;
    this.#connection?.broker.close();
  }

  get #name(): string {
    return `${this.#options.target.topic}[${this.#options.target.partition}]`;
  }
}

/** Gets the next epoch: over everyone's without `present`, else only if `present` is still the latest. */
async function initEpoch(options: FencedAppenderOptions, present?: Epoch): Promise<Epoch> {
  const { cluster, logger, transactionalId, timeoutMs = defaultTimeoutMs } = options;
  const { producerId, producerEpoch } = present ?? { producerId: -1n, producerEpoch: -1 };
  const deadline = new Deadline(timeoutMs);
  const backoff = new Backoff();
  for (;;) {
    try {
      const broker = await cluster.coordinator('transaction', transactionalId);
      const init = initProducerIdV4.api;
      const answer = await broker.call(init, transactionalId, transactionTimeoutMs, producerId, producerEpoch);
      const renewAt = performance.now() + (options.renewAfterMs ?? defaultRenewAfterMs);
      return { producerId: answer.producerId, producerEpoch: answer.producerEpoch, renewAt };
    } catch (error) {
      const code = refusal(error);
      if (present !== undefined && code !== undefined && fencedCodes.has(code)) throw fenced(transactionalId, error);
      if (!isPassing(error) || deadline.passed) throw toLogError(error, `getting an epoch for ${transactionalId}`);
      logger.debug('asking for an epoch again', { transactionalId, reason: messageOf(error) });
      await backoff.wait();
    }
  }
}

function fenced(what: string, cause: unknown): LogError {
  return new LogError('LOG_FENCED', `${what} has a newer owner: give it up and read what it wrote`, { cause });
}

function baseOffset(response: boolean | produceV9.ProduceResponse | undefined): number {
  if (typeof response !== 'object') return -1;
  return Number(response.responses[0]?.partitionResponses[0]?.baseOffset ?? -1n);
}

/** Sequences are positive 32-bit integers that start over after the last. */
function nextSequence(sequence: number, records: number): number {
  return sequence > maxSequence - records ? records - (maxSequence - sequence) - 1 : sequence + records;
}
