import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { connectKafkaLog } from '../../services/platform/log/kafka/kafka-log.js';
import type { Log } from '../../services/platform/log/log.js';
import { silentLogger } from '../../services/platform/logger.js';
import { BrokerProxy, type Fault, requests } from '../kit/broker-proxy.js';
import { brokers } from './brokers.js';
import { Collector } from './collector.js';
import { newTopic, readAll, record, records } from './contract-kit.js';

const connect = (addresses: readonly string[], requestTimeoutMs?: number) =>
  connectKafkaLog({
    brokers: addresses,
    clientId: 'contract',
    logger: silentLogger,
    ...(requestTimeoutMs === undefined ? {} : { requestTimeoutMs }),
  });

describe('log on Kafka, when answers are lost', () => {
  let proxy: BrokerProxy;
  let log: Log;
  let direct: Log;

  beforeAll(async () => {
    const [broker = ''] = brokers();
    proxy = await BrokerProxy.start(broker);
    // Short, so that a lost answer is soon given up. A slow one is given up too, which only adds to the trouble.
    log = await connect([proxy.address], 500);
    direct = await connect(brokers());
  });

  afterAll(async () => {
    await Promise.all([log.close(), direct.close()]);
    await proxy.close();
  });

  it.each<Fault>(['swallow', 'cut'])('F2: an append whose answer was lost (%s) is written once', async (fault) => {
    const topic = await newTopic(direct);
    const appender = await log.fencedAppender({ topic, partition: 0, transactionalId: topic });
    const expected: string[] = [];
    for (let i = 0; i < 8; i++) {
      const batch = records(3, `batch-${i}`);
      expected.push(...batch.map(({ value }) => String(value)));
      if (i % 2 === 1) proxy.lose(requests.produce, fault);
      expect(await appender.append(batch)).toBe(3 * i);
    }
    expect(proxy.pending).toBe(0);
    expect(await readAll(direct, { topic, partition: 0 })).toEqual(expected);
  });

  it('F2: an append is written once however often its answer is lost', async () => {
    const topic = await newTopic(direct);
    const appender = await log.fencedAppender({ topic, partition: 0, transactionalId: topic });
    await appender.append([record('first')]);
    for (const fault of ['cut', 'swallow', 'cut'] as const) proxy.lose(requests.produce, fault);
    expect(await appender.append([record('second')])).toBe(1);
    expect(proxy.pending).toBe(0);
    expect(await readAll(direct, { topic, partition: 0 })).toEqual(['first', 'second']);
  });

  it('F1, F2: an append whose answer was lost to a takeover reports the fence', async () => {
    const topic = await newTopic(direct);
    const before = await log.fencedAppender({ topic, partition: 0, transactionalId: topic });
    await before.append([record('old')]);
    const after = await direct.fencedAppender({ topic, partition: 0, transactionalId: topic });
    proxy.lose(requests.produce, 'swallow');
    const outcome = expect(before.append([record('perhaps')])).rejects.toMatchObject({ code: 'LOG_FENCED' });
    await new Promise<void>((resolve) => {
      const look = () => (proxy.pending === 0 ? resolve() : setImmediate(look));
      look();
    });
    await after.append([record('new')]);
    await outcome;
    expect(await readAll(direct, { topic, partition: 0 })).toEqual(['old', 'perhaps', 'new']);
  });

  it.each<Fault>(['swallow', 'cut'])(
    'P1: a send whose answer was lost (%s) keeps its place in the order',
    async (fault) => {
      const topic = await newTopic(direct, 2);
      const producer = log.producer();
      proxy.lose(requests.produce, fault);
      const sends = Array.from({ length: 20 }, (_, i) => producer.send({ topic, partition: i % 2 }, [record(`${i}`)]));
      await Promise.all(sends);
      for (const partition of [0, 1]) {
        const written = [...new Set((await readAll(direct, { topic, partition })).map(Number))];
        expect(written).toEqual([...Array(10).keys()].map((i) => 2 * i + partition));
      }
    },
  );

  it('R3: a reader whose answers are lost gets each record once and in order', async () => {
    const topic = await newTopic(direct, 2);
    const producer = direct.producer();
    const collector = new Collector();
    const reader = log.reader(collector.handler);
    for (const partition of [0, 1]) await reader.assign({ topic, partition }, 0);
    for (let i = 0; i < 20; i++) {
      if (i % 4 === 0) proxy.lose(requests.fetch, i % 8 === 0 ? 'cut' : 'swallow');
      await producer.send({ topic, partition: i % 2 }, [record(`${i}`)]);
      await collector.count(i + 1);
    }
    expect(collector.values).toEqual([...Array(20).keys()].map(String));
    await reader.close();
  });

  it('names the brokers that could not be reached', async () => {
    const nobody = connectKafkaLog({
      brokers: ['127.0.0.1:1'],
      clientId: 'contract',
      logger: silentLogger,
      connectTimeoutMs: 50,
    });
    await expect(nobody).rejects.toMatchObject({
      code: 'LOG_UNAVAILABLE',
      message: expect.stringContaining('127.0.0.1:1 '),
    });
  });

  it('joins a group that was joined from a log that is gone', async () => {
    const topic = await newTopic(direct, 2);
    const groupId = randomUUID();
    const options = { groupId, topics: [topic], sessionTimeoutMs: 6_000, onFailed: () => {} };
    const before = await connect(brokers());
    await before.joinGroup({ ...options, onAssigned: () => {} });
    await before.close();
    const sizes: number[] = [];
    const membership = await direct.joinGroup({ ...options, onAssigned: (all) => sizes.push(all.length) });
    expect(sizes).toEqual([2]);
    await membership.leave();
  });
});
