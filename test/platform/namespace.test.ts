import { describe, expect, it } from 'vitest';
import { createLocalCodec } from '../../services/platform/codec/local-codec.js';
import { MAX_BATCH_BYTES } from '../../services/platform/limits.js';
import type { Log, TopicSpec } from '../../services/platform/log/log.js';
import { createMemoryBroker } from '../../services/platform/log/memory/memory-log.js';
import { ensureTaskQueue, loadNamespace, provisionNamespace } from '../../services/platform/namespace.js';
import { topicsOf } from '../../services/platform/topics.js';
import { ManualClock } from '../history/manual-clock.js';

const codec = createLocalCodec();
const topics = topicsOf('shop');

function shop(log: Log = createMemoryBroker().connect()) {
  return { log, codec, namespace: 'shop' };
}

/** The log with some of its methods replaced. */
function override(log: Log, methods: Partial<Log>): Log {
  return new Proxy(log, {
    get: (target, key) => Reflect.get(methods, key) ?? Reflect.get(target, key).bind(target),
  });
}

/** The log, with another number of partitions for the topic. */
function withCount(log: Log, topic: string, count: number | undefined): Log {
  return override(log, { partitionCount: async (asked) => (asked === topic ? count : log.partitionCount(asked)) });
}

/** The log, with every topic asked for noted down. */
function recording(log: Log): { log: Log; specs: Map<string, TopicSpec> } {
  const specs = new Map<string, TopicSpec>();
  const createTopics: Log['createTopics'] = async (asked) => {
    for (const spec of asked) specs.set(spec.topic, spec);
    await log.createTopics(asked);
  };
  return { log: override(log, { createTopics }), specs };
}

describe('provisioning a namespace', () => {
  it('makes its topics and records its configuration', async () => {
    const { log, specs } = recording(createMemoryBroker().connect());
    const configuration = await provisionNamespace({
      ...shop(log),
      partitions: 3,
      replyPartitions: 2,
      clock: new ManualClock(1_000),
    });
    expect(configuration).toStrictEqual({
      type: 'NamespaceConfigured',
      namespace: 'shop',
      shards: 4096,
      partitions: 3,
      replyPartitions: 2,
      taskPartitions: 8,
      closedRetentionMs: 86_400_000,
      configuredAt: 1_000,
    });
    const counts = [...specs.values()].map(({ topic, partitions }) => [topic, partitions]);
    expect(counts).toStrictEqual([
      ['shop.namespace', 1],
      ['shop.commands', 3],
      ['shop.history', 3],
      ['shop.replies', 2],
      ['shop.snapshots', 3],
      ['shop.services', 1],
      ['shop.dead-letters', 1],
    ]);
    for (const spec of specs.values()) expect(spec.config?.['max.message.bytes']).toBe(String(MAX_BATCH_BYTES));
    expect(specs.get('shop.history')?.config).toMatchObject({ 'retention.ms': '-1', 'cleanup.policy': 'delete' });
    expect(specs.get('shop.namespace')?.config).toMatchObject({ 'cleanup.policy': 'compact' });
  });

  it('leaves what is there as it is', async () => {
    const log = createMemoryBroker().connect();
    const first = await provisionNamespace({ ...shop(log), partitions: 2, clock: new ManualClock(1) });
    expect(await provisionNamespace({ ...shop(log), clock: new ManualClock(2) })).toStrictEqual(first);
    expect(await loadNamespace(shop(log))).toStrictEqual(first);
  });

  it('may be done by several services at once, which then agree', async () => {
    const broker = createMemoryBroker();
    const services = [1, 2, 3].map((now) =>
      provisionNamespace({ ...shop(broker.connect()), clock: new ManualClock(now) }),
    );
    const counts = (await Promise.all(services)).map(({ partitions, replyPartitions }) => [
      partitions,
      replyPartitions,
    ]);
    expect(counts).toStrictEqual([
      [8, 4],
      [8, 4],
      [8, 4],
    ]);
  });

  it('goes on where a service died between making the topics and recording their counts', async () => {
    const log = createMemoryBroker().connect();
    await log.createTopics([
      { topic: topics.configuration, partitions: 1 },
      { topic: topics.commands, partitions: 5 },
      { topic: topics.history, partitions: 5 },
    ]);
    expect(await provisionNamespace(shop(log))).toMatchObject({ partitions: 5, replyPartitions: 4 });
  });

  it('refuses another number of partitions than the one in force', async () => {
    const log = createMemoryBroker().connect();
    await provisionNamespace({ ...shop(log), partitions: 2 });
    await expect(provisionNamespace({ ...shop(log), partitions: 4 })).rejects.toMatchObject({
      code: 'PARTITION_COUNT_MISMATCH',
      message: "namespace 'shop' can't be used: it has 2 partitions and 4 were asked for, which can't be changed",
    });
  });

  it('asks for the copies it is told to', async () => {
    const { log, specs } = recording(createMemoryBroker().connect());
    await provisionNamespace({ ...shop(log), replicationFactor: 3, minInsyncReplicas: 2 });
    for (const spec of specs.values()) {
      expect(spec).toMatchObject({ replicationFactor: 3, config: { 'min.insync.replicas': '2' } });
    }
  });
});

describe('loading a namespace', () => {
  it('that was never set up says what to do', async () => {
    await expect(loadNamespace(shop())).rejects.toMatchObject({
      code: 'NAMESPACE_NOT_FOUND',
      retryable: true,
      message: "namespace 'shop' is not set up: start a history service for it",
    });
  });

  it('whose topics lack a partition names both counts', async () => {
    const log = createMemoryBroker().connect();
    await provisionNamespace({ ...shop(log), partitions: 2 });
    const grown = withCount(log, topics.history, 3);
    await expect(loadNamespace(shop(grown))).rejects.toMatchObject({
      code: 'PARTITION_COUNT_MISMATCH',
      message: "namespace 'shop' can't be used: topic 'shop.history' has 3 partitions where its configuration says 2",
    });
  });

  it('whose history is gone neither loads nor is made anew', async () => {
    const log = createMemoryBroker().connect();
    await provisionNamespace(shop(log));
    const lossy = withCount(log, topics.history, undefined);
    const missing = { code: 'TOPIC_MISSING', message: expect.stringContaining("topic 'shop.history'") };
    await expect(loadNamespace(shop(lossy))).rejects.toMatchObject(missing);
    await expect(provisionNamespace(shop(lossy))).rejects.toMatchObject(missing);
  });
});

it('a task queue gets its topic once, with the partitions of the configuration', async () => {
  const { log, specs } = recording(createMemoryBroker().connect());
  const configuration = await provisionNamespace({ ...shop(log), taskPartitions: 6 });
  const queue = { log, topics, configuration, taskQueue: 'orders' };
  await Promise.all([ensureTaskQueue({ ...queue, kind: 'workflow' }), ensureTaskQueue({ ...queue, kind: 'activity' })]);
  expect(await log.partitionCount('shop.tasks.orders.workflow')).toBe(6);
  expect(await log.partitionCount('shop.tasks.orders.activity')).toBe(6);
  specs.clear();
  await ensureTaskQueue({ ...queue, kind: 'workflow' });
  expect(specs.size).toBe(0);
});
