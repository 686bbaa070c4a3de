// What stands on Millrace's topics is public: a plain Kafka client with the registry's address reads it.
import { SchemaRegistry } from '@kafkajs/confluent-schema-registry';
import { Kafka, logLevel } from 'kafkajs';
import { expect, inject, it } from 'vitest';
import type { Message } from '../../schemas/generated/messages.js';
import { connectCodec } from '../../services/platform/codec/registry.js';
import { silentLogger } from '../../services/platform/logger.js';
import { provisionNamespace } from '../../services/platform/namespace.js';
import { topicsOf } from '../../services/platform/topics.js';
import { messageNames, randomFrom, sampleMessage } from '../codec/samples.js';
import { connectTestLog, eventually, newNamespace } from '../kit/kit.js';

it('a kafkajs consumer with only the registry reads every message type, in order', async () => {
  const namespace = newNamespace();
  const log = await connectTestLog();
  const codec = await connectCodec({ registryUrl: inject('registryUrl'), logger: silentLogger });
  await provisionNamespace({ log, codec, namespace, partitions: 1 });
  const sent = messageNames.map((name) => sampleMessage(name, randomFrom(4)));
  const records = sent.map((message) => ({ key: Buffer.from('w'), value: codec.encode(message) }));
  await log.producer().send({ topic: topicsOf(namespace).history, partition: 0 }, records);

  const registry = new SchemaRegistry({ host: inject('registryUrl') });
  const kafka = new Kafka({ brokers: inject('brokers'), logLevel: logLevel.NOTHING });
  const consumer = kafka.consumer({ groupId: `${namespace}.reader` });
  await consumer.connect();
  const read: unknown[] = [];
  await consumer.subscribe({ topic: `${namespace}.history`, fromBeginning: true });
  await consumer.run({
    eachMessage: async ({ message }) => {
      if (message.value) read.push(await registry.decode(message.value));
    },
  });

  await eventually(() => expect(read).toHaveLength(sent.length));
  await consumer.disconnect();
  expect(read).toEqual(sent.map(withoutType));
});

/** The record as Avro has it: its type is its schema's name. */
function withoutType({ type: _, ...fields }: Message): object {
  return fields;
}
