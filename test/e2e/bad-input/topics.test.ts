// Topics of a namespace that are gone, or have another number of partitions than the namespace's configuration says.
import { type Admin, Kafka, logLevel } from 'kafkajs';
import { afterAll, beforeAll, describe, expect, inject, test } from 'vitest';
import { Client, Connection } from '../../../sdk/client/index.js';
import { Worker } from '../../../sdk/worker/index.js';
import { HistoryService } from '../../../services/history/service.js';
import type { Codec } from '../../../services/platform/codec/codec.js';
import { connectCodec } from '../../../services/platform/codec/registry.js';
import type { Log } from '../../../services/platform/log/log.js';
import { silentLogger } from '../../../services/platform/logger.js';
import { provisionNamespace } from '../../../services/platform/namespace.js';
import { connectTestLog, newNamespace } from '../../kit/kit.js';

let admin: Admin;
let log: Log;
let codec: Codec;
let connection: Connection;

beforeAll(async () => {
  admin = new Kafka({ brokers: inject('brokers'), clientId: 'operator', logLevel: logLevel.NOTHING }).admin();
  await admin.connect();
  log = await connectTestLog();
  codec = await connectCodec({ registryUrl: inject('registryUrl'), logger: silentLogger });
  connection = await Connection.connect({
    brokers: inject('brokers'),
    schemaRegistry: inject('registryUrl'),
    logger: silentLogger,
  });
});

afterAll(async () => {
  await connection?.close();
  await admin?.disconnect();
});

async function provision(): Promise<string> {
  const namespace = newNamespace();
  await provisionNamespace({ log, codec, namespace, partitions: 2, replyPartitions: 2, taskPartitions: 2 });
  return namespace;
}

function start(namespace: string): Promise<unknown> {
  const options = { workflowId: 'w', taskQueue: 'q', startTimeout: 100 };
  return new Client({ connection, namespace }).workflow.start('greet', options);
}

function createWorker(namespace: string): Promise<unknown> {
  return Worker.create({ connection, namespace, taskQueue: 'q', activities: { async a() {} } });
}

function startService(namespace: string, counts: { partitions?: number } = {}): Promise<HistoryService> {
  return HistoryService.start({ ...counts, log, codec, namespace, identity: 'history', logger: silentLogger });
}

async function deleteTopic(topic: string): Promise<void> {
  await admin.deleteTopics({ topics: [topic] });
  // The broker answers before it has forgotten the topic.
  await expect.poll(() => log.partitionCount(topic)).toBeUndefined();
}

describe.each(['commands', 'history', 'replies'])('%s with more partitions than configured', (name) => {
  test('is refused by client, worker and history service, naming both counts', async () => {
    const namespace = await provision();
    const topic = `${namespace}.${name}`;
    await admin.createPartitions({ topicPartitions: [{ topic, count: 3 }] });
    await expect.poll(() => log.partitionCount(topic)).toBe(3);
    const refusal = `namespace '${namespace}' can't be used: topic '${topic}' has 3 partitions where its configuration says 2`;
    await expect(start(namespace)).rejects.toThrow(refusal);
    await expect(createWorker(namespace)).rejects.toThrow(refusal);
    await expect(startService(namespace)).rejects.toThrow(refusal);
  });
});

describe.each(['commands', 'history'])('%s that is gone', (name) => {
  test('is refused by client, worker and history service, saying what may be done', async () => {
    const namespace = await provision();
    const topic = `${namespace}.${name}`;
    await deleteTopic(topic);
    const refusal = `topic '${topic}' of namespace '${namespace}' is missing: restore it, or remove`;
    await expect(start(namespace)).rejects.toThrow(refusal);
    await expect(createWorker(namespace)).rejects.toThrow(refusal);
    await expect(startService(namespace)).rejects.toThrow(refusal);
    expect(await log.partitionCount(topic)).toBeUndefined();
  });
});

describe.each(['replies', 'dead-letters'])('%s that is gone', (name) => {
  test('is refused by client and worker, and made again by a history service', async () => {
    const namespace = await provision();
    const topic = `${namespace}.${name}`;
    await deleteTopic(topic);
    const refusal = `topic '${topic}' of namespace '${namespace}' is missing: start a history service, which makes it again`;
    await expect(start(namespace)).rejects.toThrow(refusal);
    await expect(createWorker(namespace)).rejects.toThrow(refusal);
    const service = await startService(namespace);
    await expect(start(namespace)).resolves.toBeDefined();
    await service.stop();
  });
});

test('a namespace without topics is refused by name, until a history service makes them', async () => {
  const namespace = newNamespace();
  const refusal = `namespace '${namespace}' is not set up: start a history service for it`;
  await expect(start(namespace)).rejects.toThrow(refusal);
  await expect(createWorker(namespace)).rejects.toThrow(refusal);
});

test('a history service that is asked for another number of partitions names both', async () => {
  const namespace = await provision();
  await expect(startService(namespace, { partitions: 4 })).rejects.toThrow(
    `namespace '${namespace}' can't be used: it has 2 partitions and 4 were asked for, which can't be changed`,
  );
});

test("strangers' records on the configuration's topic are passed over, and named where there are none but theirs", async () => {
  const garbage = { key: Buffer.from('stranger'), value: Buffer.from('{"partitions": 3}') };
  const producer = log.producer();
  const namespace = await provision();
  await producer.send({ topic: `${namespace}.namespace`, partition: 0 }, [garbage]);
  await expect(start(namespace)).resolves.toMatchObject({ startStatus: 'ACCEPTED' });

  const theirs = newNamespace();
  await log.createTopics([{ topic: `${theirs}.namespace`, partitions: 1 }]);
  await producer.send({ topic: `${theirs}.namespace`, partition: 0 }, [garbage]);
  await producer.close();
  const refusal = `topic '${theirs}.namespace' holds no configuration that can be read (not a Millrace message`;
  await expect(start(theirs)).rejects.toThrow(refusal);
  await expect(createWorker(theirs)).rejects.toThrow(refusal);
  await expect(startService(theirs)).rejects.toThrow(refusal);
});
