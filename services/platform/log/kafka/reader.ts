import type { Logger } from '../../logger.js';
import { LogError } from '../errors.js';
import type { Reader, RecordsHandler, TopicPartition } from '../log.js';
import { Backoff } from './backoff.js';
import { codeName, isPassingAt, messageOf, toLogError } from './broker-error.js';
import { BrokerFetcher } from './broker-fetcher.js';
import type { Cluster } from './cluster.js';
import { listOffset } from './offsets.js';
import { PartitionFeed } from './partition-feed.js';

export interface KafkaReaderOptions {
  readonly cluster: Cluster;
  readonly logger: Logger;
  readonly onRecords: RecordsHandler;
}

const offsetOutOfRange = 1;

/** Beyond the time that a broker needs to learn of elections it has slept through. */
const endPatienceMs = 30_000;

/**
 * Reads partitions from their leaders, without a group. A feed is always in one place: being placed (looking for its
 * leader), or with the fetcher of its leader. When a leader is lost, its feeds are placed anew until the reader is closed.
 */
export class KafkaReader implements Reader {
  readonly #cluster: Cluster;
  readonly #logger: Logger;
  readonly #onRecords: RecordsHandler;
  readonly #feeds = new Map<string, PartitionFeed>();
  readonly #fetchers = new Map<number, BrokerFetcher>();
  /** The latest assignment of a partition: an older one that is still looking up its offset gives way. */
  readonly #assignments = new Map<string, symbol>();
  readonly #ending = new AbortController();

  constructor({ cluster, logger, onRecords }: KafkaReaderOptions) {
    this.#cluster = cluster;
    this.#logger = logger;
    this.#onRecords = onRecords;
  }

  async assign(source: TopicPartition, from: number | 'earliest' | 'latest'): Promise<void> {
    this.unassign(source);
    const key = keyOf(source);
    const assignment = Symbol(key);
    this.#assignments.set(key, assignment);
    const isCurrent = () => this.#assignments.get(key) === assignment;
    const position = await this.#locate(source, from, isCurrent);
    if (!isCurrent()) return;
    const feed = new PartitionFeed(source, position, this.#onRecords, () => this.#wake());
    this.#feeds.set(key, feed);
    void this.#place(feed);
  }

  unassign(source: TopicPartition): void {
    const key = keyOf(source);
    this.#assignments.delete(key);
    const feed = this.#feeds.get(key);
    if (feed === undefined) return;
    this.#feeds.delete(key);
    feed.close();
    for (const fetcher of this.#fetchers.values()) fetcher.remove(feed);
  }

  pause(source: TopicPartition): void {
    this.#feeds.get(keyOf(source))?.pause();
  }

  resume(source: TopicPartition): void {
    this.#feeds.get(keyOf(source))?.resume();
  }

  get closed(): boolean {
    return this.#ending.signal.aborted;
  }

  async close(): Promise<void> {
    this.#ending.abort();
    this.#assignments.clear();
    for (const feed of this.#feeds.values()) feed.close();
    for (const fetcher of this.#fetchers.values()) fetcher.close();
    this.#feeds.clear();
    this.#fetchers.clear();
  }

  /** The offset to begin at. Waits for the brokers as long as the assignment holds. */
  async #locate(
    source: TopicPartition,
    from: number | 'earliest' | 'latest',
    isCurrent: () => boolean,
  ): Promise<number> {
    const backoff = new Backoff();
    for (let attempt = 1; isCurrent(); attempt++) {
      try {
        if (typeof from === 'string') return await listOffset(this.#cluster, source, whichOf(from));
        await this.#cluster.leader(source);
        return from;
      } catch (error) {
        if (!isPassingAt(attempt, error)) throw toLogError(error, `reading ${source.topic}`);
        await backoff.wait(this.#ending.signal);
      }
    }
    if (this.#ending.signal.aborted) throw new LogError('LOG_UNAVAILABLE', 'the reader is closed: make another');
    return 0;
  }

  async #place(feed: PartitionFeed): Promise<void> {
    while (!feed.closed) {
      try {
        const leader = await this.#cluster.leader(feed.source);
        if (!feed.closed) this.#fetcher(leader).add(feed);
        return;
      } catch (error) {
        this.#logger.debug('looking for a leader to read from', { ...feed.source, reason: messageOf(error) });
        await feed.backoff.wait(this.#ending.signal);
      }
    }
  }

  #fetcher(nodeId: number): BrokerFetcher {
    let fetcher = this.#fetchers.get(nodeId);
    if (fetcher === undefined) {
      fetcher = new BrokerFetcher({
        dial: (pollMs) => this.#cluster.dial(nodeId, pollMs),
        onRefused: (feed, errorCode) => void this.#recover(feed, errorCode),
        onLost: (feeds, error) => {
          for (const feed of feeds) void this.#placeAgain(feed, messageOf(error));
        },
      });
      this.#fetchers.set(nodeId, fetcher);
    }
    return fetcher;
  }

  async #recover(feed: PartitionFeed, errorCode: number): Promise<void> {
    if (errorCode === offsetOutOfRange) await this.#skipLost(feed);
    await this.#placeAgain(feed, codeName(errorCode));
  }

  async #placeAgain(feed: PartitionFeed, reason: string): Promise<void> {
    if (feed.closed) return;
    this.#logger.debug('reading again', { ...feed.source, offset: feed.position, reason });
    this.#cluster.forgetLeaders(feed.source.topic);
    await feed.backoff.wait(this.#ending.signal);
    await this.#place(feed);
  }

  /**
   * Nothing can be read at the feed's position. Either its records are gone, by retention or with a broker, and going on
   * is all that is left; or the one who said so is a leader that woke up and doesn't know yet that it isn't one any
   * more, and ends before what its successor has. That one is given time to learn it.
   */
  async #skipLost(feed: PartitionFeed): Promise<void> {
    const { topic, partition } = feed.source;
    while (!feed.closed) {
      try {
        const earliest = await listOffset(this.#cluster, feed.source, 'earliest');
        if (feed.position >= earliest && feed.waitsForEnd(endPatienceMs)) return;
        const facts = { topic, partition, asked: feed.position, earliest };
        this.#logger.error('records to read are no longer there: going on from the earliest kept', facts);
        feed.position = earliest;
        return;
      } catch {
        await feed.backoff.wait(this.#ending.signal);
      }
    }
  }

  #wake(): void {
    for (const fetcher of this.#fetchers.values()) fetcher.wake();
  }
}

function whichOf(from: 'earliest' | 'latest'): 'earliest' | 'next' {
  return from === 'latest' ? 'next' : 'earliest';
}

function keyOf({ topic, partition }: TopicPartition): string {
  return `${topic}/${partition}`;
}
