import { describe, expect, it } from 'vitest';
import type { Log } from '../../services/platform/log/log.js';
import { type Logs, newTopic, readAll, record, records } from './contract-kit.js';

export function describeFencing(logs: Logs): void {
  describe('fenced appender', () => {
    const open = (log: Log, topic: string, partition = 0) =>
      log.fencedAppender({ topic, partition, transactionalId: `${topic}-${partition}` });

    it('H1: refuses the old owner after a takeover, every time', async () => {
      const { log, other } = logs();
      const trials = 200;
      const topic = await newTopic(log, 1);
      for (let trial = 0; trial < trials; trial++) {
        const before = await open(log, topic);
        await before.append([record(`${trial} old`)]);
        const after = await open(other, topic);
        await after.append([record(`${trial} new`)]);
        await expect(before.append([record(`${trial} late`)])).rejects.toMatchObject({ code: 'LOG_FENCED' });
        await after.append([record(`${trial} newer`)]);
        await Promise.all([before.close(), after.close()]);
      }
      const expected = Array.from({ length: trials }, (_, t) => [`${t} old`, `${t} new`, `${t} newer`]).flat();
      expect(await readAll(log, { topic, partition: 0 })).toEqual(expected);
    });

    it('H1: lets the old owner write until the new one has', async () => {
      const { log, other } = logs();
      const topic = await newTopic(log);
      const before = await open(log, topic);
      const after = await open(other, topic);
      await before.append([record('last of the old')]);
      await after.append([record('first of the new')]);
      await expect(before.append([record('late')])).rejects.toMatchObject({ code: 'LOG_FENCED', retryable: false });
      expect(await readAll(log, { topic, partition: 0 })).toEqual(['last of the old', 'first of the new']);
    });

    it('H1: goes on refusing an owner that was refused', async () => {
      const { log } = logs();
      const topic = await newTopic(log);
      const before = await open(log, topic);
      await (await open(log, topic)).append([record('new')]);
      for (let i = 0; i < 3; i++) {
        await expect(before.append([record('late')])).rejects.toMatchObject({ code: 'LOG_FENCED' });
      }
    });

    it('fences by transactional id, not by partition', async () => {
      const { log, other } = logs();
      const topic = await newTopic(log, 2);
      const zero = await open(log, topic, 0);
      const one = await open(other, topic, 1);
      await one.append([record('one')]);
      await zero.append([record('zero')]);
      expect(await readAll(log, { topic, partition: 0 })).toEqual(['zero']);
    });

    it('resolves with the offset of the first record of each batch', async () => {
      const { log } = logs();
      const appender = await open(log, await newTopic(log));
      expect(await appender.append(records(3))).toBe(0);
      expect(await appender.append(records(1))).toBe(3);
      expect(await appender.append(records(5))).toBe(4);
    });

    it('H2: writes all of a batch or nothing, and goes on after one that was too large', async () => {
      const { log } = logs();
      const topic = await newTopic(log, 1, { 'max.message.bytes': '10000' });
      const appender = await open(log, topic);
      const tooLarge = [...records(5, 'small'), record('x'.repeat(10_000))];
      await appender.append([record('before')]);
      await expect(appender.append(tooLarge)).rejects.toMatchObject({ code: 'BATCH_TOO_LARGE' });
      expect(await appender.append([record('after')])).toBe(1);
      expect(await readAll(log, { topic, partition: 0 })).toEqual(['before', 'after']);
    });

    it('refuses a batch that no topic takes as BATCH_TOO_LARGE, without sending it', async () => {
      const { log } = logs();
      const appender = await open(log, await newTopic(log));
      const huge = { key: null, value: Buffer.alloc(9 * 1024 * 1024) };
      await expect(appender.append([huge])).rejects.toMatchObject({ code: 'BATCH_TOO_LARGE' });
      expect(await appender.append([record('after')])).toBe(0);
    });

    it('keeps keys, values, headers and nulls', async () => {
      const { log } = logs();
      const topic = await newTopic(log);
      const appender = await open(log, topic);
      const headers = { 'mr-batch': Buffer.from('7'), empty: Buffer.alloc(0) };
      await appender.append([
        { key: Buffer.from('ключ'), value: Buffer.from([0, 255]), headers },
        { key: null, value: null },
      ]);
      const read = await new Promise((resolve) => {
        const reader = log.reader((_, found) => resolve(found));
        void reader.assign({ topic, partition: 0 }, 0);
      });
      expect(read).toMatchObject([
        { offset: 0, key: Buffer.from('ключ'), value: Buffer.from([0, 255]), headers },
        { offset: 1, key: null, value: null, headers: {} },
      ]);
    });
  });
}
