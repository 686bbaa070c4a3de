import { randomUUID } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { type Logs, newTopic, readAll, record, records } from './contract-kit.js';

export function describeTopics(logs: Logs): void {
  describe('topics', () => {
    it('knows the partitions of a topic, and that there is no other', async () => {
      const { log } = logs();
      expect(await log.partitionCount(await newTopic(log, 3))).toBe(3);
      expect(await log.partitionCount(`none-${randomUUID()}`)).toBeUndefined();
    });

    it('leaves a topic that exists as it is', async () => {
      const { log, other } = logs();
      const topic = await newTopic(log, 3);
      await log.producer().send({ topic, partition: 0 }, [record('kept')]);
      await other.createTopics([{ topic, partitions: 5 }]);
      expect(await other.partitionCount(topic)).toBe(3);
      expect(await readAll(other, { topic, partition: 0 })).toEqual(['kept']);
    });

    it('names the first offset and the next', async () => {
      const { log } = logs();
      const topic = await newTopic(log);
      expect(await log.offsets({ topic, partition: 0 })).toEqual({ earliest: 0, next: 0 });
      await log.producer().send({ topic, partition: 0 }, records(3));
      expect(await log.offsets({ topic, partition: 0 })).toEqual({ earliest: 0, next: 3 });
    });

    it('refuses what is not there as UNKNOWN_TOPIC', async () => {
      const { log } = logs();
      const nowhere = { topic: `none-${randomUUID()}`, partition: 0 };
      const beyond = { topic: await newTopic(log, 2), partition: 2 };
      for (const target of [nowhere, beyond]) {
        const unknown = { code: 'UNKNOWN_TOPIC' };
        await expect(log.producer().send(target, [record('x')])).rejects.toMatchObject(unknown);
        await expect(log.fencedAppender({ ...target, transactionalId: target.topic })).rejects.toMatchObject(unknown);
        await expect(log.reader(() => {}).assign(target, 'latest')).rejects.toMatchObject(unknown);
        await expect(log.offsets(target)).rejects.toMatchObject(unknown);
      }
    });
  });
}
