import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Cluster } from '../../services/platform/log/kafka/cluster.js';
import { openFencedAppender } from '../../services/platform/log/kafka/fenced-appender.js';
import { connectKafkaLog } from '../../services/platform/log/kafka/kafka-log.js';
import type { Log } from '../../services/platform/log/log.js';
import { silentLogger as logger } from '../../services/platform/logger.js';
import { brokers } from './brokers.js';
import { newTopic, readAll, record } from './contract-kit.js';

describe('epoch of a fenced appender on Kafka', () => {
  let cluster: Cluster;
  let log: Log;

  beforeAll(async () => {
    cluster = new Cluster({ brokers: brokers(), clientId: 'contract', security: {}, logger });
    log = await connectKafkaLog({ brokers: brokers(), clientId: 'contract', logger });
  });

  afterAll(async () => {
    await log.close();
    cluster.close();
  });

  /** Opens an appender that renews its epoch before each append. */
  const open = (topic: string) => {
    const target = { topic, partition: 0 };
    return openFencedAppender({ cluster, logger, target, transactionalId: topic, renewAfterMs: -1 });
  };

  it('F4: is renewed without a gap', async () => {
    const topic = await newTopic(log);
    const appender = await open(topic);
    for (let i = 0; i < 5; i++) expect(await appender.append([record(`${i}`)])).toBe(i);
    expect(await readAll(log, { topic, partition: 0 })).toEqual(['0', '1', '2', '3', '4']);
  });

  it('F4: can not be renewed over a newer owner, even before that one has written', async () => {
    const topic = await newTopic(log);
    const before = await open(topic);
    await before.append([record('old')]);
    const after = await open(topic);
    await expect(before.append([record('late')])).rejects.toMatchObject({ code: 'LOG_FENCED' });
    await after.append([record('new')]);
    expect(await readAll(log, { topic, partition: 0 })).toEqual(['old', 'new']);
  });
});
