// Unfenced appends, at least once.
//
// P1 Records of one partition are written in the order of their sends, also over retries: a partition has one batch
//    under way, and what failed goes back to the head of its queue.
// P2 A broker has one request under way; what is sent meanwhile shares the next one, so that requests grow with the load.
// P3 A partition in trouble doesn't hold up the others of its broker.

import { type MessageRecord, produceV9 } from '@platformatic/kafka';
import { MAX_PRODUCE_REQUEST_BYTES, MAX_PRODUCER_BACKLOG_BYTES } from '../../limits.js';
import type { Logger } from '../../logger.js';
import { LogError } from '../errors.js';
import type { NewRecord, Producer, TopicPartition } from '../log.js';
import { batchTooLarge, checkBatch } from '../record-batch.js';
import type { BrokerConnection } from './broker-connection.js';
import { codeName, isPassing, isPassingAt, isPassingCode, messageOf, responseOf, toLogError } from './broker-error.js';
import { type Cluster, replicationTimeoutMs } from './cluster.js';
import { Send, SendQueue } from './send-queue.js';
import { toWire } from './wire-records.js';

export interface KafkaProducerOptions {
  readonly cluster: Cluster;
  readonly logger: Logger;
  readonly timeoutMs?: number;
}

/** A broker, the queues that wait for its next request, and whether one is under way. */
interface Line {
  readonly broker: BrokerConnection;
  readonly waiting: SendQueue[];
  sending: boolean;
}

interface Batch {
  readonly queue: SendQueue;
  readonly sends: readonly Send[];
}

/** What became of a batch: its first offset, the broker's refusal by name, or a request without an answer. */
type Outcome = { readonly offset: number } | { readonly code: string } | { readonly failure: unknown };

const defaultTimeoutMs = 30_000;
const acksOfAllReplicas = -1;
const noProducer = { producerId: -1n, producerEpoch: -1 };

export class KafkaProducer implements Producer {
  readonly #cluster: Cluster;
  readonly #logger: Logger;
  readonly #timeoutMs: number;
  readonly #queues = new Map<string, SendQueue>();
  readonly #lines = new Map<number, Line>();
  #backlogBytes = 0;
  #closed: LogError | undefined;

  constructor({ cluster, logger, timeoutMs = defaultTimeoutMs }: KafkaProducerOptions) {
    this.#cluster = cluster;
    this.#logger = logger;
    this.#timeoutMs = timeoutMs;
  }

  async send(target: TopicPartition, records: readonly NewRecord[]): Promise<number> {
    if (this.#closed !== undefined) throw this.#closed;
    const bytes = checkBatch(target, records);
    if (this.#backlogBytes + bytes > MAX_PRODUCER_BACKLOG_BYTES) throw backlogFull();
    const send = new Send(target, records, bytes, this.#timeoutMs);
    const queue = this.#queue(target);
    queue.push(send);
    if (!queue.busy) this.#dispatch(queue);
    this.#backlogBytes += bytes;
    try {
      return await send.acknowledged;
    } finally {
      this.#backlogBytes -= bytes;
    }
  }

  get closed(): boolean {
    return this.#closed !== undefined;
  }

  async close(): Promise<void> {
    this.#closed ??= new LogError('LOG_UNAVAILABLE', 'the producer is closed: make another');
    for (const queue of this.#queues.values()) queue.rejectAll(this.#closed);
    for (const { broker } of this.#lines.values()) broker.close();
  }

  #queue(target: TopicPartition): SendQueue {
    const key = keyOf(target);
    let queue = this.#queues.get(key);
    if (queue === undefined) {
      queue = new SendQueue(target);
      this.#queues.set(key, queue);
    }
    return queue;
  }

  #dispatch(queue: SendQueue): void {
    queue.busy = true;
    const leader = this.#cluster.knownLeader(queue.target);
    if (leader === undefined) void this.#findLeader(queue);
    else this.#enqueue(queue, leader);
  }

  async #findLeader(queue: SendQueue): Promise<void> {
    for (let attempt = 1; ; attempt++) {
      try {
        this.#enqueue(queue, await this.#cluster.leader(queue.target));
        return;
      } catch (error) {
        if (!isPassingAt(attempt, error)) queue.rejectAll(toLogError(error, `sending to ${queue.target.topic}`));
      }
      if (queue.isEmpty) break;
      await queue.backoff.wait();
    }
    queue.busy = false;
  }

  #enqueue(queue: SendQueue, leader: number): void {
    let line = this.#lines.get(leader);
    if (line === undefined) {
      line = { broker: this.#cluster.dial(leader), waiting: [], sending: false };
      this.#lines.set(leader, line);
    }
    line.waiting.push(queue);
    if (!line.sending) {
      // What else is sent in this turn of the event loop shares the request.
      line.sending = true;
      const starting = line;
      queueMicrotask(() => void this.#work(starting));
    }
  }

  async #work(line: Line): Promise<void> {
    while (line.waiting.length > 0) {
      const batches = this.#gather(line);
      if (batches.length === 0) continue;
      const outcomes = await this.#request(line.broker, batches);
      for (const batch of batches) {
        this.#settle(batch, outcomes.get(keyOf(batch.queue.target)) ?? { failure: new Error('no answer for it') });
      }
    }
    line.sending = false;
  }

  #gather(line: Line): Batch[] {
    const batches: Batch[] = [];
    let bytes = 0;
    while (bytes < MAX_PRODUCE_REQUEST_BYTES) {
      const queue = line.waiting.shift();
      if (queue === undefined) break;
      const sends = queue.take();
      if (sends.length === 0) queue.busy = false;
      else batches.push({ queue, sends });
      for (const send of sends) bytes += send.bytes;
    }
    return batches;
  }

  async #request(broker: BrokerConnection, batches: readonly Batch[]): Promise<Map<string, Outcome>> {
    const now = Date.now();
    const messages: MessageRecord[] = [];
    for (const { queue, sends } of batches) {
      for (const send of sends) for (const record of toWire(queue.target, send.records, now)) messages.push(record);
    }
    try {
      return outcomesOf(
        await broker.call(produceV9.api, acksOfAllReplicas, replicationTimeoutMs, messages, noProducer),
      );
    } catch (error) {
      const response = responseOf<produceV9.ProduceResponse>(error);
      if (response !== undefined) return outcomesOf(response);
      return new Map(batches.map(({ queue }) => [keyOf(queue.target), { failure: error }]));
    }
  }

  #settle(batch: Batch, outcome: Outcome): void {
    const { queue, sends } = batch;
    if ('offset' in outcome) {
      let offset = outcome.offset;
      for (const send of sends) {
        if (!send.settled) send.resolve(offset);
        offset += send.records.length;
      }
      queue.backoff.reset();
      this.#goOn(queue);
    } else if ('failure' in outcome ? isPassing(outcome.failure) : isPassingCode(outcome.code)) {
      queue.putBack(sends);
      void this.#tryAgain(queue, 'failure' in outcome ? messageOf(outcome.failure) : outcome.code);
    } else {
      this.#refuse(batch, outcome);
      this.#goOn(queue);
    }
  }

  #refuse({ queue, sends }: Batch, outcome: { readonly code: string } | { readonly failure: unknown }): void {
    const { target } = queue;
    const tooLarge = 'code' in outcome && ['MESSAGE_TOO_LARGE', 'RECORD_LIST_TOO_LARGE'].includes(outcome.code);
    if (tooLarge && sends.length > 1) {
      for (const send of sends) send.alone = true;
      queue.putBack(sends);
      return;
    }
    for (const send of sends) {
      if (send.settled) continue;
      if (tooLarge) send.reject(batchTooLarge(target, send.bytes));
      else send.reject(refused(target, outcome));
    }
  }

  async #tryAgain(queue: SendQueue, reason: string): Promise<void> {
    this.#logger.debug('sending records again', { ...queue.target, reason });
    this.#cluster.forgetLeaders(queue.target.topic);
    await queue.backoff.wait();
    if (this.#closed !== undefined) queue.rejectAll(this.#closed);
    this.#goOn(queue);
  }

  #goOn(queue: SendQueue): void {
    if (queue.isEmpty) queue.busy = false;
    else this.#dispatch(queue);
  }
}

function outcomesOf(response: boolean | produceV9.ProduceResponse): Map<string, Outcome> {
  const outcomes = new Map<string, Outcome>();
  if (typeof response === 'boolean') return outcomes;
  for (const { name, partitionResponses } of response.responses) {
    for (const { index, errorCode, baseOffset } of partitionResponses) {
      const outcome = errorCode === 0 ? { offset: Number(baseOffset) } : { code: codeName(errorCode) };
      outcomes.set(keyOf({ topic: name, partition: index }), outcome);
    }
  }
  return outcomes;
}

function refused(
  { topic, partition }: TopicPartition,
  outcome: { readonly code: string } | { readonly failure: unknown },
): LogError {
  if ('failure' in outcome) return toLogError(outcome.failure, `sending to ${topic}[${partition}]`);
  if (outcome.code.endsWith('AUTHORIZATION_FAILED')) {
    return new LogError('UNAUTHORIZED', `the broker doesn't allow writing to ${topic}: grant it to this user`);
  }
  return new LogError('LOG_UNAVAILABLE', `${topic}[${partition}] refused records (${outcome.code}): try again`);
}

function backlogFull(): LogError {
  return new LogError('LOG_UNAVAILABLE', `${MAX_PRODUCER_BACKLOG_BYTES} bytes wait for Kafka already: try again later`);
}

function keyOf({ topic, partition }: TopicPartition): string {
  return `${topic}:${partition}`;
}
