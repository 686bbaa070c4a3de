import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Cluster, startCluster } from '../../services/dev/cluster.js';
import { connectKafkaLog } from '../../services/platform/log/kafka/kafka-log.js';
import type { Log } from '../../services/platform/log/log.js';
import { silentLogger } from '../../services/platform/logger.js';
import { Collector } from './collector.js';
import { newTopic, record } from './contract-kit.js';

/** Longer than any machine takes to bring a broker back. */
const patienceMs = 240_000;

describe('log on Kafka, when the broker is killed and comes back', { timeout: patienceMs }, () => {
  let cluster: Cluster;
  let log: Log;

  beforeAll(async () => {
    // A broker of this test's own, as the others want theirs to stay up. It needs no registry.
    const env = { ...process.env, KAFKA_BROKERS: '', SCHEMA_REGISTRY_URL: 'http://127.0.0.1:1' };
    cluster = await startCluster({ logger: silentLogger, usualPorts: false, env });
    const { brokers } = cluster;
    log = await connectKafkaLog({ brokers, clientId: 'contract', logger: silentLogger, appendTimeoutMs: patienceMs });
  }, patienceMs);

  afterAll(async () => {
    await log.close();
    await cluster.stop();
  }, patienceMs);

  it('appends once, sends in order, reads everything once and keeps its place in the group', async () => {
    const topic = await newTopic(log, 2);
    const collector = new Collector();
    const reader = log.reader(collector.handler);
    for (const partition of [0, 1]) await reader.assign({ topic, partition }, 0);
    const assignments: number[] = [];
    const membership = await log.joinGroup({
      groupId: randomUUID(),
      topics: [topic],
      sessionTimeoutMs: 6_000,
      onAssigned: (assignment) => assignments.push(assignment.length),
      onFailed: (error) => expect.unreachable(error.message),
    });
    const appender = await log.fencedAppender({ topic, partition: 0, transactionalId: topic });
    const producer = log.producer({ timeoutMs: patienceMs });
    const load = { stopped: false, appended: 0, sent: 0 };
    const appending = (async () => {
      while (!load.stopped) expect(await appender.append([record(`${load.appended}`)])).toBe(load.appended++);
    })();
    const sending = (async () => {
      while (!load.stopped) await producer.send({ topic, partition: 1 }, [record(`${load.sent++}`)]);
    })();

    for (let kills = 0; kills < 2; kills++) {
      await collector.count(collector.records.length + 100);
      await cluster.broker?.kill('SIGKILL');
      await cluster.broker?.restart();
    }
    await collector.count(collector.records.length + 100);
    load.stopped = true;
    await Promise.all([appending, sending]);
    const { next } = await log.offsets({ topic, partition: 1 });
    await collector.count(load.appended + next);
    await reader.close();
    await membership.leave();

    const read = (partition: number) => collector.records.filter((found) => found.partition === partition);
    for (const partition of [0, 1]) {
      expect(read(partition).map(({ offset }) => offset)).toEqual([...read(partition).keys()]);
    }
    expect(read(0).map(({ value }) => Number(value))).toEqual([...Array(load.appended).keys()]);
    // At least once: what was under way may be there twice, next to itself.
    expect([...new Set(read(1).map(({ value }) => Number(value)))]).toEqual([...Array(load.sent).keys()]);
    expect(new Set(assignments)).toEqual(new Set([2]));
  });
});
