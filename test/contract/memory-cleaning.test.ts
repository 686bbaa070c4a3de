import { expect, it } from 'vitest';
import { createMemoryBroker } from '../../services/platform/log/memory/memory-log.js';

const source = { topic: 't', partition: 0 };

/** A partition with records whose keys are the letters given. */
async function withRecords(keys: string) {
  const broker = createMemoryBroker();
  const log = broker.connect();
  await log.createTopics([{ topic: 't', partitions: 1 }]);
  const records = [...keys].map((key) => ({ key: Buffer.from(key), value: Buffer.of() }));
  await log.producer().send(source, records);
  const read = async (from: number | 'earliest') => {
    const seen: string[] = [];
    const reader = log.reader((_, found) => void seen.push(...found.map(({ key, offset }) => `${key}${offset}`)));
    await reader.assign(source, from);
    await new Promise((resolve) => setImmediate(resolve));
    await reader.close();
    return seen.join(' ');
  };
  return { broker, log, read };
}

it('records before an offset can be removed: the others keep theirs, and readers go on from the first that is left', async () => {
  const { broker, log, read } = await withRecords('abcde');
  broker.deleteBefore(source, 3);
  expect(await log.offsets(source)).toEqual({ earliest: 3, next: 5 });
  expect([await read('earliest'), await read(1), await read(4)]).toEqual(['d3 e4', 'd3 e4', 'e4']);
  await log.producer().send(source, [{ key: Buffer.from('f'), value: null }]);
  expect(await read(4)).toBe('e4 f5');
});

it('of records with the same key the last before an offset can be all that stays', async () => {
  const { broker, log, read } = await withRecords('abaab');
  broker.compactBefore(source, 4);
  expect(await read('earliest')).toBe('b1 a3 b4');
  expect(await log.offsets(source)).toEqual({ earliest: 0, next: 5 });
});
