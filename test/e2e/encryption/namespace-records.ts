import { Kafka, logLevel } from 'kafkajs';
import { inject } from 'vitest';
import { connectTestLog } from '../../kit/kit.js';

export interface RawRecord {
  readonly topic: string;
  /** Key, value and headers, one after the other. */
  readonly bytes: Buffer;
}

/** Every record on every topic of a namespace, undecoded. */
export async function recordsOf(namespace: string): Promise<RawRecord[]> {
  const admin = new Kafka({ brokers: inject('brokers'), logLevel: logLevel.NOTHING }).admin();
  await admin.connect();
  const topics = (await admin.listTopics()).filter((topic) => topic.startsWith(`${namespace}.`));
  await admin.disconnect();
  const log = await connectTestLog();
  const records: RawRecord[] = [];
  const read = new Map<string, number>();
  let arrived = () => {};
  const reader = log.reader((source, batch) => {
    for (const { key, value, headers, offset } of batch) {
      const parts = [key, value, ...Object.values(headers ?? {})].filter((part) => part !== null && part !== undefined);
      records.push({ topic: source.topic, bytes: Buffer.concat(parts.map((part) => Buffer.from(part))) });
      read.set(`${source.topic}/${source.partition}`, offset + 1);
    }
    arrived();
  });
  const ends = new Map<string, number>();
  for (const topic of topics) {
    const partitions = await log.partitionCount(topic);
    for (let partition = 0; partition < (partitions ?? 0); partition++) {
      const { earliest, next } = await log.offsets({ topic, partition });
      if (earliest === next) continue;
      ends.set(`${topic}/${partition}`, next);
      await reader.assign({ topic, partition }, 'earliest');
    }
  }
  const isRead = () => [...ends].every(([source, end]) => (read.get(source) ?? 0) >= end);
  while (!isRead()) {
    await new Promise<void>((resolve) => {
      arrived = resolve;
    });
  }
  return records;
}
