import type { Log, TopicPartition } from '../services/platform/log/log.js';

/** Records and bytes (keys, values and headers) on a namespace's topics, for each workflow. */
export interface Traffic {
  readonly recordsByTopic: Readonly<Record<string, number>>;
  readonly records: number;
  readonly bytes: number;
}

type Ends = ReadonlyMap<string, TopicPartition & { readonly next: number }>;

/** Where the topics end now. */
export async function endsOf(log: Log, topics: readonly string[]): Promise<Ends> {
  const ends = new Map<string, TopicPartition & { next: number }>();
  for (const topic of topics) {
    const partitions = (await log.partitionCount(topic)) ?? 0;
    for (let partition = 0; partition < partitions; partition++) {
      const { next } = await log.offsets({ topic, partition });
      ends.set(`${topic}/${partition}`, { topic, partition, next });
    }
  }
  return ends;
}

/** What was written from `before` up to now, for each of `workflows`. Reads it all. */
export async function trafficSince(log: Log, before: Ends, workflows: number): Promise<Traffic> {
  const after = await endsOf(log, [...new Set([...before.values()].map(({ topic }) => topic))]);
  const recordsByTopic: Record<string, number> = {};
  let records = 0;
  let bytes = 0;
  const waiting = new Set<string>();
  let done = () => {};
  const allRead = new Promise<void>((resolve) => {
    done = resolve;
  });
  const reader = log.reader((source, batch) => {
    const key = `${source.topic}/${source.partition}`;
    const end = after.get(key)?.next ?? 0;
    for (const record of batch) {
      if (record.offset >= end) break;
      records += 1;
      recordsByTopic[source.topic] = (recordsByTopic[source.topic] ?? 0) + 1;
      bytes += (record.key?.length ?? 0) + (record.value?.length ?? 0);
      for (const [name, value] of Object.entries(record.headers)) bytes += name.length + value.length;
    }
    const last = batch.at(-1);
    if (last !== undefined && last.offset >= end - 1) waiting.delete(key);
    if (waiting.size === 0) done();
  });
  for (const [key, { topic, partition, next }] of after) {
    const from = before.get(key)?.next ?? 0;
    if (from >= next) continue;
    waiting.add(key);
    await reader.assign({ topic, partition }, from);
  }
  if (waiting.size > 0) await allRead;
  await reader.close();
  const each = Object.entries(recordsByTopic).map(([topic, count]) => [topic, count / workflows] as const);
  return { recordsByTopic: Object.fromEntries(each), records: records / workflows, bytes: bytes / workflows };
}
