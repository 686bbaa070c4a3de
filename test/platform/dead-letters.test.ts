import { expect, it } from 'vitest';
import { createDeadLetters } from '../../services/platform/dead-letters.js';
import { LogError } from '../../services/platform/log/errors.js';
import type { NewRecord, Producer, TopicPartition } from '../../services/platform/log/log.js';
import { silentLogger } from '../../services/platform/logger.js';
import { topicsOf } from '../../services/platform/topics.js';

const source = { topic: 'shop.commands', partition: 3 };
const record = {
  offset: 42,
  timestamp: 1,
  key: Buffer.from('k'),
  value: Buffer.from('v'),
  headers: { trace: Buffer.from('t') },
};

/** A producer that answers each send as told, and the records it was sent. */
function producerOf(...answers: Array<Error | undefined>) {
  const sent: Array<{ target: TopicPartition; records: readonly NewRecord[] }> = [];
  const producer: Producer = {
    send: async (target, records) => {
      sent.push({ target, records });
      const answer = answers.shift();
      if (answer) throw answer;
      return 0;
    },
    close: async () => {},
  };
  return { sent, deadLetters: createDeadLetters({ producer, topics: topicsOf('shop'), logger: silentLogger }) };
}

it('a record is kept whole, with the reason and where it came from', async () => {
  const { sent, deadLetters } = producerOf();
  await deadLetters.put(source, record, 'not a message');
  const headers = Object.entries(sent[0]?.records[0]?.headers ?? {}).map(([name, value]) => [name, value.toString()]);
  expect(sent[0]?.target).toStrictEqual({ topic: 'shop.dead-letters', partition: 0 });
  expect(sent[0]?.records[0]).toMatchObject({ key: record.key, value: record.value });
  expect(headers).toStrictEqual([
    ['trace', 't'],
    ['mr-reason', 'not a message'],
    ['mr-source-topic', 'shop.commands'],
    ['mr-source-partition', '3'],
    ['mr-source-offset', '42'],
  ]);
});

it('a record too large with its new headers is kept without its value', async () => {
  const { sent, deadLetters } = producerOf(new LogError('BATCH_TOO_LARGE', 'too large'));
  await deadLetters.put(source, record, 'not a message');
  expect(sent[1]?.records[0]).toMatchObject({ key: record.key, value: null });
});

it('what the log answers otherwise is passed on', async () => {
  const { deadLetters } = producerOf(new LogError('LOG_UNAVAILABLE', 'down'));
  await expect(deadLetters.put(source, record, 'x')).rejects.toMatchObject({ code: 'LOG_UNAVAILABLE' });
});
