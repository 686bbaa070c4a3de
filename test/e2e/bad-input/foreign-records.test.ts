// Records that strangers put on the topics of the platform.
import { SchemaRegistry, SchemaType } from '@kafkajs/confluent-schema-registry';
import { CompressionCodecs, CompressionTypes, Kafka, logLevel } from 'kafkajs';
import { afterAll, beforeAll, expect, inject, test } from 'vitest';
import type { LogRecord } from '../../../services/platform/log/log.js';
import { partitionOf } from '../../../services/platform/partitioner.js';
import { eventually } from '../../kit/kit.js';
import { openStack, type Stack } from './stack.js';

const taskQueue = 'foreign';

/** As kafkajs brings no zstd: a frame of one block that is not compressed, of up to 64 KiB. */
const storedInZstd = {
  async compress({ buffer }: { readonly buffer: Buffer }): Promise<Buffer> {
    const head = Buffer.from([0x28, 0xb5, 0x2f, 0xfd, 0xa0, 0, 0, 0, 0, 0, 0, 0]);
    head.writeUInt32LE(buffer.length, 5);
    head.writeUIntLE((buffer.length << 3) | 1, 9, 3);
    return Buffer.concat([head, buffer]);
  },
  decompress: () => Promise.reject(new Error('nobody reads with this')),
};
CompressionCodecs[CompressionTypes.ZSTD] = () => storedInZstd;

const kafka = new Kafka({ brokers: inject('brokers'), clientId: 'stranger', logLevel: logLevel.NOTHING });
const producer = kafka.producer({ allowAutoTopicCreation: false });
const transactional = kafka.producer({ transactionalId: `stranger-${process.pid}`, allowAutoTopicCreation: false });

let stack: Stack;
let order: Buffer;
let namesake: Buffer;
const setAside: LogRecord[] = [];

beforeAll(async () => {
  stack = await openStack();
  await stack.startWorker({ taskQueue, activities: { echo: async (value: unknown) => value } });
  order = await recordOf('shop.Order', { id: '1' });
  namesake = await recordOf('millrace.command.StartWorkflow', { id: '1' });
  await Promise.all([producer.connect(), transactional.connect()]);
  const reader = stack.log.reader((_source, records) => void setAside.push(...records));
  await reader.assign({ topic: stack.topics.deadLetters, partition: 0 }, 'earliest');
});

afterAll(() => Promise.all([producer.disconnect(), transactional.disconnect()]));

/** A record of a schema that somebody else has registered in the same registry, under a subject of his own. */
async function recordOf(fullName: string, value: object): Promise<Buffer> {
  const registry = new SchemaRegistry({ host: inject('registryUrl') });
  const [name, ...reversed] = fullName.split('.').toReversed();
  const fields = [{ name: 'id', type: 'string' }];
  const schema = JSON.stringify({ type: 'record', name, namespace: reversed.toReversed().join('.'), fields });
  const { id } = await registry.register({ type: SchemaType.AVRO, schema }, { subject: `stranger-${name}` });
  return registry.encode(id, value);
}

function execute(workflowId: string): Promise<unknown> {
  const args = ['echo', workflowId];
  return stack.client.workflow.execute('callActivity', { workflowId, taskQueue, args });
}

/** Ids of workflows, one in each partition. */
function idInEachPartition(prefix: string): string[] {
  const ids = new Map<number, string>();
  for (let i = 0; ids.size < 2; i++) ids.set(partitionOf(`${prefix}-${i}`, 2), `${prefix}-${i}`);
  return [...ids.values()];
}

interface Foreign {
  readonly what: string;
  readonly value: Buffer | null;
  readonly reason: RegExp;
}

/** What no topic of ours takes; and messages of ours, that this topic doesn't take. */
function foreignTo(own: readonly Foreign[]): Foreign[] {
  const unknownSchema = Buffer.from([0, 0x7f, 0xff, 0xff, 0xff, 1, 2, 3]);
  const highestSchema = Buffer.from([0, 0xff, 0xff, 0xff, 0xff, 1, 2, 3]);
  return [
    { what: 'garbage', value: Buffer.from([0xde, 0xad, 0xbe, 0xef]), reason: /doesn't begin with a zero byte/ },
    { what: 'no value', value: null, reason: /no value/ },
    { what: 'an empty value', value: Buffer.alloc(0), reason: /doesn't begin with a zero byte/ },
    { what: 'JSON', value: Buffer.from('{"type":"StartWorkflow"}'), reason: /doesn't begin with a zero byte/ },
    { what: 'a foreign schema', value: order, reason: /is of shop.Order, which isn't a Millrace message/ },
    { what: 'a namesake', value: namesake, reason: /of millrace.command.StartWorkflow can't be read as this build's/ },
    { what: 'an unknown schema', value: unknownSchema, reason: /the registry has no schema 2147483647/ },
    { what: 'a schema id out of range', value: highestSchema, reason: /the registry has no schema 4294967295/ },
    ...own,
  ];
}

/** Puts the records on each partition, between two workflows of each, and expects them aside and the workflows done. */
async function expectSetAside(topic: string, foreign: readonly Foreign[]): Promise<void> {
  const firstDone = await Promise.all(idInEachPartition(`${topic}-before`).map(execute));
  setAside.length = 0;
  for (const partition of [0, 1]) {
    const messages = foreign.map(({ what, value }) => ({
      key: `stranger-${partition}`,
      value,
      partition,
      headers: { origin: what },
    }));
    await producer.send({ topic, messages });
  }
  const thenDone = await Promise.all(idInEachPartition(`${topic}-after`).map(execute));
  expect([...firstDone, ...thenDone]).toEqual([
    ...idInEachPartition(`${topic}-before`),
    ...idInEachPartition(`${topic}-after`),
  ]);

  await eventually(() => expect(setAside.length).toBeGreaterThanOrEqual(2 * foreign.length));
  expect(setAside).toHaveLength(2 * foreign.length);
  for (const partition of [0, 1]) {
    const ours = setAside.filter(({ key }) => String(key) === `stranger-${partition}`);
    for (const { what, value, reason } of foreign) {
      const letter = ours.find(({ headers }) => String(headers.origin) === what);
      expect(letter?.value, what).toEqual(value);
      const text = (header: string) => String(letter?.headers[header]);
      expect(text('mr-reason'), what).toMatch(reason);
      expect(text('mr-source-topic')).toBe(topic);
      expect(text('mr-source-partition')).toBe(String(partition));
      expect(text('mr-source-offset')).toMatch(/^\d+$/);
    }
  }
}

test('what is no command is set aside with its reason, and the partition goes on', async () => {
  const { codec, topics } = stack;
  const reply = codec.encode({ type: 'PartitionOwnerChanged', partition: 0, ownerEpoch: 1 });
  const cut = codec.encode({ type: 'DescribeWorkflow', header: headerOf('w') }).subarray(0, -3);
  await expectSetAside(
    topics.commands,
    foreignTo([
      { what: 'a reply', value: reply, reason: /a PartitionOwnerChanged is not a command/ },
      { what: 'a command that was cut', value: cut, reason: /millrace.command.DescribeWorkflow/ },
    ]),
  );
});

test('a command on the wrong partition is set aside, naming the right one', async () => {
  const { codec, topics } = stack;
  const [workflowId = ''] = idInEachPartition('lost');
  const home = partitionOf(workflowId, 2);
  const value = codec.encode({ type: 'DescribeWorkflow', header: headerOf(workflowId) });
  setAside.length = 0;
  await producer.send({ topic: topics.commands, messages: [{ key: workflowId, value, partition: 1 - home }] });
  await eventually(() => expect(setAside).toHaveLength(1));
  expect(String(setAside[0]?.headers['mr-reason'])).toBe(`workflow id '${workflowId}' belongs to partition ${home}`);
});

test('what is no workflow task is set aside with its reason, and the queue goes on', async () => {
  await expectSetAside(stack.topics.workflowTasks(taskQueue), foreignTo([kindOfItsOwn('no workflow task')]));
});

test('what is no activity task is set aside with its reason, and the queue goes on', async () => {
  await expectSetAside(stack.topics.activityTasks(taskQueue), foreignTo([kindOfItsOwn('no activity task')]));
});

test('strangers may compress, and write in transactions that they commit or abort', async () => {
  const topic = stack.topics.commands;
  setAside.length = 0;
  const messages = (value: string) => [0, 1].map((partition) => ({ value, partition }));
  await producer.send({ topic, compression: CompressionTypes.GZIP, messages: messages('compressed') });
  await producer.send({ topic, compression: CompressionTypes.ZSTD, messages: messages('zstd') });
  const committed = await transactional.transaction();
  await committed.send({ topic, messages: messages('committed') });
  await committed.commit();
  const aborted = await transactional.transaction();
  await aborted.send({ topic, messages: messages('aborted') });
  await aborted.abort();
  await Promise.all(idInEachPartition('after-strangers').map(execute));
  await Promise.all(idInEachPartition('after-zstd').map(execute));
  await eventually(() => {
    const values = setAside.map(({ value }) => String(value));
    for (const value of ['compressed', 'committed']) expect(values.filter((each) => each === value)).toHaveLength(2);
    // A Node.js without zstd sets the batch aside as it came, and says why.
    expect(values.filter((value) => value.includes('zstd'))).toHaveLength(2);
  });
});

function headerOf(workflowId: string) {
  return { requestId: 'r', workflowId, runId: null, identity: 'stranger', sentAt: 0, replyTo: null };
}

function kindOfItsOwn(refusal: string): Foreign {
  const value = stack.codec.encode({ type: 'DescribeWorkflow', header: headerOf('w') });
  return { what: 'a command', value, reason: new RegExp(`a DescribeWorkflow is ${refusal}`) };
}
