import { Kafka, logLevel } from 'kafkajs';
import { expect, inject, it } from 'vitest';
import { createLocalCodec } from '../../services/platform/codec/local-codec.js';
import { loadNamespace, provisionNamespace } from '../../services/platform/namespace.js';
import { connectTestLog, newNamespace } from '../kit/kit.js';

const codec = createLocalCodec();

it('services that start at once set a namespace up once', async () => {
  const namespace = newNamespace();
  const logs = await Promise.all([connectTestLog(), connectTestLog(), connectTestLog()]);
  const configurations = await Promise.all(
    logs.map((log) => provisionNamespace({ log, codec, namespace, partitions: 3, replyPartitions: 2 })),
  );
  for (const log of logs) {
    expect(await loadNamespace({ log, codec, namespace })).toMatchObject({
      namespace,
      partitions: 3,
      replyPartitions: 2,
    });
  }
  expect(configurations.map(({ partitions }) => partitions)).toStrictEqual([3, 3, 3]);
});

it('topics are kept as long as their records matter', async () => {
  const namespace = newNamespace();
  await provisionNamespace({
    log: await connectTestLog(),
    codec,
    namespace,
    replicationFactor: 1,
    minInsyncReplicas: 1,
  });
  expect(await topicConfig(`${namespace}.history`)).toMatchObject({
    'retention.ms': '-1',
    'max.message.bytes': '8388608',
  });
  expect(await topicConfig(`${namespace}.commands`)).toMatchObject({ 'retention.ms': '604800000' });
  expect(await topicConfig(`${namespace}.replies`)).toMatchObject({ 'retention.ms': '600000' });
  expect(await topicConfig(`${namespace}.namespace`)).toMatchObject({ 'cleanup.policy': 'compact' });
  expect(await topicConfig(`${namespace}.dead-letters`)).toMatchObject({ 'retention.ms': '2592000000' });
});

async function topicConfig(topic: string): Promise<Record<string, string>> {
  const admin = new Kafka({ brokers: inject('brokers'), logLevel: logLevel.NOTHING }).admin();
  await admin.connect();
  // 2 is the number of the resource type TOPIC, which kafkajs exports as a const enum.
  const { resources } = await admin.describeConfigs({ includeSynonyms: false, resources: [{ type: 2, name: topic }] });
  await admin.disconnect();
  const entries = resources[0]?.configEntries ?? [];
  return Object.fromEntries(entries.map(({ configName, configValue }) => [configName, configValue]));
}
