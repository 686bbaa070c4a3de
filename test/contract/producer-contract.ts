import { describe, expect, it } from 'vitest';
import { type Logs, newTopic, readAll, record, records } from './contract-kit.js';

export function describeProducer(logs: Logs): void {
  describe('producer', () => {
    it('keeps the order of its sends in each partition', async () => {
      const { log } = logs();
      const topic = await newTopic(log, 3);
      const producer = log.producer();
      const sends = Array.from({ length: 300 }, (_, i) => ({ partition: i % 3, value: `record-${i}` }));
      await Promise.all(sends.map(({ partition, value }) => producer.send({ topic, partition }, [record(value)])));
      for (const partition of [0, 1, 2]) {
        const sent = sends.filter((send) => send.partition === partition).map(({ value }) => value);
        expect(await readAll(log, { topic, partition })).toEqual(sent);
      }
    });

    it('resolves with the offset of the first record of each send, however they were gathered', async () => {
      const { log } = logs();
      const topic = await newTopic(log);
      const producer = log.producer();
      const sizes = [1, 3, 2, 5, 1];
      const sends = sizes.map((size) => producer.send({ topic, partition: 0 }, records(size)));
      expect(await Promise.all(sends)).toEqual([0, 1, 4, 6, 11]);
    });

    it('refuses a batch that is too large, and sends those around it', async () => {
      const { log } = logs();
      const topic = await newTopic(log, 1, { 'max.message.bytes': '10000' });
      const producer = log.producer();
      const target = { topic, partition: 0 };
      const outcomes = await Promise.allSettled([
        producer.send(target, [record('before')]),
        producer.send(target, [record('x'.repeat(10_000))]),
        producer.send(target, [record('after')]),
      ]);
      expect(outcomes).toMatchObject([{ value: 0 }, { reason: { code: 'BATCH_TOO_LARGE' } }, { value: 1 }]);
    });

    it('sends what only together is too large for one batch', async () => {
      const { log } = logs();
      const topic = await newTopic(log, 1, { 'max.message.bytes': '10000' });
      const producer = log.producer();
      const values = Array.from({ length: 8 }, (_, i) => `${i}`.repeat(4_000));
      await Promise.all(values.map((value) => producer.send({ topic, partition: 0 }, [record(value)])));
      expect(await readAll(log, { topic, partition: 0 })).toEqual(values);
    });
  });
}
