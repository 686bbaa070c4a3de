import { describe, expect, it } from 'vitest';
import { Collector } from './collector.js';
import { type Logs, newTopic, readAll, record, records } from './contract-kit.js';

export function describeReader(logs: Logs): void {
  describe('reader', () => {
    it('started inside a batch, hands over no earlier record', async () => {
      const { log } = logs();
      const topic = await newTopic(log);
      await log.producer().send({ topic, partition: 0 }, records(10));
      const collector = new Collector();
      const reader = log.reader(collector.handler);
      await reader.assign({ topic, partition: 0 }, 4);
      await collector.count(6);
      expect(collector.records.map(({ offset }) => offset)).toEqual([4, 5, 6, 7, 8, 9]);
      await reader.close();
    });

    it('started beyond the end, waits there: a leader that fell behind may end before what was read', async () => {
      const { log } = logs();
      const topic = await newTopic(log, 2);
      const producer = log.producer();
      await producer.send({ topic, partition: 0 }, records(3));
      const collector = new Collector();
      const reader = log.reader(collector.handler);
      await reader.assign({ topic, partition: 0 }, 5);
      await reader.assign({ topic, partition: 1 }, 0);
      await producer.send({ topic, partition: 1 }, [record('beside')]);
      await collector.count(1);
      for (let i = 3; i < 8; i++) await producer.send({ topic, partition: 0 }, [record(`${i}`)]);
      await collector.count(4);
      expect(collector.values).toEqual(['beside', '5', '6', '7']);
      await reader.close();
    });

    it('from the earliest, hands over everything', async () => {
      const { log } = logs();
      const topic = await newTopic(log);
      await log.producer().send({ topic, partition: 0 }, records(3));
      expect(await readAll(log, { topic, partition: 0 })).toEqual(['record-0', 'record-1', 'record-2']);
    });

    it('from the latest, hands over what is written once it is assigned', async () => {
      const { log, other } = logs();
      const topic = await newTopic(log);
      const producer = other.producer();
      await producer.send({ topic, partition: 0 }, [record('before')]);
      const collector = new Collector();
      const reader = log.reader(collector.handler);
      await reader.assign({ topic, partition: 0 }, 'latest');
      await producer.send({ topic, partition: 0 }, [record('after')]);
      await collector.count(1);
      expect(collector.values).toEqual(['after']);
      await reader.close();
    });

    it('takes up partitions one after the other while the others are quiet', async () => {
      const { log } = logs();
      const partitions = 12;
      const topic = await newTopic(log, partitions);
      const producer = log.producer();
      const collector = new Collector();
      const reader = log.reader(collector.handler);
      for (let partition = 0; partition < partitions; partition++) {
        await reader.assign({ topic, partition }, 'latest');
        await producer.send({ topic, partition }, [record(`to ${partition}`)]);
        await collector.count(partition + 1);
      }
      expect(collector.records.map(({ partition }) => partition)).toEqual([...Array(partitions).keys()]);
      await reader.close();
    });

    it('hands over the next records of a partition once the handler has settled, in order', async () => {
      const { log } = logs();
      const topic = await newTopic(log);
      const producer = log.producer();
      const collector = new Collector();
      let running = 0;
      let most = 0;
      const reader = log.reader(async (source, found) => {
        running++;
        most = Math.max(most, running);
        await Promise.resolve();
        collector.add(source, found);
        running--;
      });
      await reader.assign({ topic, partition: 0 }, 0);
      for (let i = 0; i < 50; i++) await producer.send({ topic, partition: 0 }, [record(`${i}`)]);
      await collector.count(50);
      expect(most).toBe(1);
      expect(collector.values).toEqual([...Array(50).keys()].map(String));
      await reader.close();
    });

    it('does not let a partition whose handler is at work hold up the others', async () => {
      const { log } = logs();
      const topic = await newTopic(log, 2);
      const producer = log.producer();
      const collector = new Collector();
      let release = () => {};
      const held = new Promise<void>((resolve) => {
        release = resolve;
      });
      const reader = log.reader(async (source, found) => {
        if (source.partition === 0) await held;
        collector.add(source, found);
      });
      for (const partition of [0, 1]) await reader.assign({ topic, partition }, 0);
      await producer.send({ topic, partition: 0 }, [record('held')]);
      await producer.send({ topic, partition: 1 }, [record('free')]);
      await collector.count(1);
      expect(collector.values).toEqual(['free']);
      release();
      await collector.count(2);
      await reader.close();
    });

    it('holds a paused partition back, and loses nothing when it goes on', async () => {
      const { log } = logs();
      const topic = await newTopic(log, 2);
      const producer = log.producer();
      const collector = new Collector();
      const reader = log.reader(collector.handler);
      for (const partition of [0, 1]) await reader.assign({ topic, partition }, 0);
      await producer.send({ topic, partition: 0 }, [record('first')]);
      await collector.count(1);
      reader.pause({ topic, partition: 0 });
      await producer.send({ topic, partition: 0 }, [record('second')]);
      await producer.send({ topic, partition: 1 }, [record('beside')]);
      await collector.count(2);
      expect(collector.values).toEqual(['first', 'beside']);
      reader.resume({ topic, partition: 0 });
      await collector.count(3);
      expect(collector.values).toEqual(['first', 'beside', 'second']);
      await reader.close();
    });

    it('hands over nothing of a partition once it is unassigned, and may be assigned to it anew', async () => {
      const { log } = logs();
      const topic = await newTopic(log, 2);
      const producer = log.producer();
      const collector = new Collector();
      const reader = log.reader(collector.handler);
      for (const partition of [0, 1]) await reader.assign({ topic, partition }, 0);
      await producer.send({ topic, partition: 0 }, [record('seen')]);
      await collector.count(1);
      reader.unassign({ topic, partition: 0 });
      await producer.send({ topic, partition: 0 }, [record('unseen')]);
      await producer.send({ topic, partition: 1 }, [record('beside')]);
      await collector.count(2);
      expect(collector.values).toEqual(['seen', 'beside']);
      await reader.assign({ topic, partition: 0 }, 1);
      await collector.count(3);
      expect(collector.values).toEqual(['seen', 'beside', 'unseen']);
      await reader.close();
    });
  });
}
