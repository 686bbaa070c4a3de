import type { Log } from '../services/platform/log/log.js';
import { oneByOne, type Samples } from './measurement.js';

/**
 * The unit that the rest is compared with: a fenced append of one small record until a group-less reader of the same
 * process has it. Makes and uses the topic `<namespace>.roundtrip`.
 */
export async function kafkaRoundtrip(log: Log, namespace: string, count: number): Promise<Samples> {
  const source = { topic: `${namespace}.roundtrip`, partition: 0 };
  await log.createTopics([{ topic: source.topic, partitions: 1 }]);
  let arrived = () => {};
  const reader = log.reader((_source, records) => {
    if (records.length > 0) arrived();
  });
  await reader.assign(source, 'latest');
  const appender = await log.fencedAppender({ ...source, transactionalId: source.topic });
  const value = Buffer.alloc(200, 1);
  const samples = await oneByOne(count, 100, async () => {
    const fetched = new Promise<void>((resolve) => {
      arrived = resolve;
    });
    await appender.append([{ key: null, value }]);
    await fetched;
  });
  await Promise.all([reader.close(), appender.close()]);
  return samples;
}
