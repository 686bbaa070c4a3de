import { MAX_BATCH_BYTES } from '../../limits.js';
import { LogError } from '../errors.js';
import type { NewRecord, TopicPartition } from '../log.js';
import { Backoff } from './backoff.js';

/** Records on their way to a partition, and who waits for them. */
export class Send {
  readonly records: readonly NewRecord[];
  readonly bytes: number;
  readonly acknowledged: Promise<number>;
  /** Set when gathering it with others made a batch too large for the topic: it then goes by itself. */
  alone = false;
  #settled = false;
  readonly #timer: NodeJS.Timeout;
  #resolve: (offset: number) => void = () => {};
  #reject: (error: Error) => void = () => {};

  constructor(target: TopicPartition, records: readonly NewRecord[], bytes: number, timeoutMs: number) {
    this.records = records;
    this.bytes = bytes;
    this.acknowledged = new Promise((resolve, reject) => {
      this.#resolve = resolve;
      this.#reject = reject;
    });
    this.#timer = setTimeout(() => this.reject(unacknowledged(target, timeoutMs)), timeoutMs);
  }

  /** Whether its caller has been answered, so that sending it (again) is of no use. */
  get settled(): boolean {
    return this.#settled;
  }

  resolve(offset: number): void {
    this.#settled = true;
    clearTimeout(this.#timer);
    this.#resolve(offset);
  }

  reject(error: Error): void {
    this.#settled = true;
    clearTimeout(this.#timer);
    this.#reject(error);
  }
}

/** What waits for one partition, in order. One batch of it is under way at a time, which keeps the order over retries. */
export class SendQueue {
  readonly target: TopicPartition;
  readonly backoff = new Backoff();
  /** Whether somebody is at work on it: it waits for its broker's next request, for an answer, or for a leader. */
  busy = false;
  #sends: Send[] = [];

  constructor(target: TopicPartition) {
    this.target = target;
  }

  push(send: Send): void {
    this.#sends.push(send);
  }

  /** Takes sends from the head that fit into one batch. */
  take(): Send[] {
    const taken: Send[] = [];
    let bytes = 0;
    let seen = 0;
    for (const send of this.#sends) {
      const together = taken.length > 0 && (send.alone || taken[0]?.alone || bytes + send.bytes > MAX_BATCH_BYTES);
      if (together && !send.settled) break;
      seen++;
      if (send.settled) continue;
      taken.push(send);
      bytes += send.bytes;
    }
    this.#sends.splice(0, seen);
    return taken;
  }

  putBack(sends: readonly Send[]): void {
    this.#sends.unshift(...sends);
  }

  get isEmpty(): boolean {
    return this.#sends.every((send) => send.settled);
  }

  rejectAll(error: Error): void {
    for (const send of this.#sends) if (!send.settled) send.reject(error);
    this.#sends = [];
  }
}

function unacknowledged({ topic, partition }: TopicPartition, timeoutMs: number): LogError {
  return new LogError(
    'LOG_UNAVAILABLE',
    `${topic}[${partition}] didn't confirm records within ${timeoutMs} ms; they may have been written: send them again`,
  );
}
