import { randomUUID } from 'node:crypto';
import type { Log, NewRecord, TopicPartition } from '../../services/platform/log/log.js';
import { Collector } from './collector.js';

/** Two connections to the same log, as two processes would have. */
export type Logs = () => { readonly log: Log; readonly other: Log };

export const record = (value: string): NewRecord => ({ key: Buffer.from('key'), value: Buffer.from(value) });

export const records = (count: number, prefix = 'record'): NewRecord[] =>
  Array.from({ length: count }, (_, i) => record(`${prefix}-${i}`));

/** Makes a topic of this test's own. */
export async function newTopic(log: Log, partitions = 1, config?: Record<string, string>): Promise<string> {
  const topic = `contract-${randomUUID()}`;
  await log.createTopics([{ topic, partitions, ...(config === undefined ? {} : { config }) }]);
  return topic;
}

/** Everything in a partition, read from its beginning. */
export async function readAll(log: Log, source: TopicPartition): Promise<string[]> {
  const { next } = await log.offsets(source);
  const collector = new Collector();
  const reader = log.reader(collector.handler);
  await reader.assign(source, 'earliest');
  await collector.count(next);
  await reader.close();
  return collector.values;
}
