// Fetches the partitions that one broker leads, over two connections.
//
// R1 The main line asks for every partition that wants records in one long poll, which the broker answers as soon as
//    any of them has some. While it is under way it can't be told of another partition.
// R2 The side line asks for the partitions that came to want records meanwhile (just assigned, resumed, or emptied by
//    their handler), with short polls, until the main line is back. Then the main line polls shortly too, the side
//    line ends, and the main line takes its partitions over: none is left out for longer than `handoverPollMs`.
// R3 A partition is asked for on one line at a time, so that its records come once and in order.

import type { fetchV12 } from '@platformatic/kafka';
import { MAX_FETCH_BYTES, MAX_FETCH_PARTITION_BYTES } from '../../limits.js';
import type { BrokerConnection } from './broker-connection.js';
import { responseOf } from './broker-error.js';
import { fetchApi } from './fetch-api.js';
import type { PartitionFeed } from './partition-feed.js';

type FetchResponse = fetchV12.FetchResponse;
type PartitionResponse = fetchV12.FetchResponsePartition;

const mainPollMs = 500;
const sidePollMs = 20;
const handoverPollMs = 5;
const minBytes = 1;
const readUncommitted = 0;
const noSession = 0;
const noSessionEpoch = -1;
const noEpoch = -1;

export interface BrokerFetcherOptions {
  /** Makes a connection to the broker for polls of up to this length. */
  readonly dial: (pollMs: number) => BrokerConnection;
  /** What the broker refused for a partition, by error code; the feed isn't fetched here any more. */
  readonly onRefused: (feed: PartitionFeed, errorCode: number) => void;
  /** The broker didn't answer; the feeds aren't fetched here any more. */
  readonly onLost: (feeds: readonly PartitionFeed[], error: unknown) => void;
}

/** One connection with one fetch under way at most. */
interface Line {
  readonly broker: BrokerConnection;
  pollMs: number;
  fetching: boolean;
}

export class BrokerFetcher {
  readonly #options: BrokerFetcherOptions;
  /** In the order of asking: whoever got records goes to the end, as an answer has room for the first ones only. */
  readonly #feeds = new Set<PartitionFeed>();
  readonly #main: Line;
  readonly #side: Line;
  #closed = false;

  constructor(options: BrokerFetcherOptions) {
    this.#options = options;
    this.#main = { broker: options.dial(mainPollMs), pollMs: mainPollMs, fetching: false };
    this.#side = { broker: options.dial(sidePollMs), pollMs: sidePollMs, fetching: false };
  }

  add(feed: PartitionFeed): void {
    this.#feeds.add(feed);
    this.wake();
  }

  remove(feed: PartitionFeed): void {
    this.#feeds.delete(feed);
  }

  /** Looks again for feeds that want records. */
  wake(): void {
    for (const line of [this.#main, this.#side]) {
      if (!line.fetching) void this.#work(line);
    }
  }

  close(): void {
    this.#closed = true;
    this.#main.broker.close();
    this.#side.broker.close();
  }

  async #work(line: Line): Promise<void> {
    let worked = false;
    line.fetching = true;
    while (!this.#closed) {
      const feeds = [...this.#feeds].filter((feed) => feed.wantsRecords && !feed.fetching);
      if (feeds.length === 0 || !this.#isDue(line)) break;
      worked = true;
      for (const feed of feeds) feed.fetching = true;
      try {
        this.#accept(feeds, await fetchFrom(line, feeds));
      } catch (error) {
        this.#lose(feeds, error);
      }
    }
    line.fetching = false;
    if (line === this.#side && worked && !this.#main.fetching) this.wake();
  }

  /** Whether the line should fetch now, and for how long the main line may (R2). */
  #isDue(line: Line): boolean {
    if (line === this.#side) return this.#main.fetching && this.#main.pollMs === mainPollMs;
    line.pollMs = this.#side.fetching ? handoverPollMs : mainPollMs;
    return true;
  }

  #accept(feeds: readonly PartitionFeed[], response: FetchResponse): void {
    const byKey = new Map(feeds.map((feed) => [keyOf(feed.source.topic, feed.source.partition), feed]));
    for (const feed of feeds) feed.fetching = false;
    for (const { topicId: topic, partitions } of response.responses) {
      for (const partition of partitions) {
        const feed = byKey.get(keyOf(topic, partition.partitionIndex));
        if (feed !== undefined && this.#feeds.has(feed)) this.#acceptOne(feed, partition);
      }
    }
  }

  #acceptOne(feed: PartitionFeed, { errorCode, records }: PartitionResponse): void {
    if (errorCode !== 0) {
      this.#feeds.delete(feed);
      this.#options.onRefused(feed, errorCode);
      return;
    }
    feed.answered();
    if (records !== undefined && feed.accept(records)) {
      this.#feeds.delete(feed);
      this.#feeds.add(feed);
    }
  }

  #lose(feeds: readonly PartitionFeed[], error: unknown): void {
    const lost = feeds.filter((feed) => this.#feeds.delete(feed));
    for (const feed of feeds) feed.fetching = false;
    if (!this.#closed) this.#options.onLost(lost, error);
  }
}

async function fetchFrom({ broker, pollMs }: Line, feeds: readonly PartitionFeed[]): Promise<FetchResponse> {
  const topics = topicsOf(feeds);
  try {
    const limits = [pollMs, minBytes, MAX_FETCH_BYTES] as const;
    return await broker.call(fetchApi, ...limits, readUncommitted, noSession, noSessionEpoch, topics, [], '');
  } catch (error) {
    // Some partitions were refused; the answer has the others' records, and who was refused.
    const response = responseOf<FetchResponse>(error);
    if (response === undefined || response.errorCode !== 0) throw error;
    return response;
  }
}

function topicsOf(feeds: readonly PartitionFeed[]): fetchV12.FetchRequestTopic[] {
  const topics = new Map<string, fetchV12.FetchRequestTopic>();
  for (const { source, position } of feeds) {
    let topic = topics.get(source.topic);
    if (topic === undefined) {
      // Version 12 is the last that goes by the topic's name; the wire layer calls it an id all the same.
      topic = { topicId: source.topic, partitions: [] };
      topics.set(source.topic, topic);
    }
    topic.partitions.push({
      partition: source.partition,
      currentLeaderEpoch: noEpoch,
      fetchOffset: BigInt(position),
      lastFetchedEpoch: noEpoch,
      partitionMaxBytes: MAX_FETCH_PARTITION_BYTES,
    });
  }
  return [...topics.values()];
}

function keyOf(topic: string, partition: number): string {
  return `${topic}/${partition}`;
}
