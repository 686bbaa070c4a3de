import { describe, expect, it } from 'vitest';
import { readHistoryRange } from '../../sdk/client/history-range.js';
import { systemClock } from '../../services/platform/clock.js';
import type { Codec } from '../../services/platform/codec/codec.js';
import { CodecError } from '../../services/platform/codec/errors.js';
import { createLocalCodec } from '../../services/platform/codec/local-codec.js';
import type { Log } from '../../services/platform/log/log.js';
import { createMemoryBroker } from '../../services/platform/log/memory/memory-log.js';
import { signaled } from './answers.js';

const codec = createLocalCodec();
const run = { requestId: 'r', workflowId: 'w', runId: 'x', partition: 0, lastEventId: 2 };

/** A log whose topic `history` holds two events of the run, and one record between them. */
async function logWith(between: Buffer): Promise<Log> {
  const log = createMemoryBroker().connect();
  await log.createTopics([{ topic: 'history', partitions: 1 }]);
  const values = [codec.encode(signaled('w', 'x', 1)), between, codec.encode(signaled('w', 'x', 2))];
  const records = values.map((value) => ({ key: Buffer.from('w'), value }));
  await log.producer().send({ topic: 'history', partition: 0 }, records);
  return log;
}

/** Reads any record but `newer`, which is of a type that this build doesn't have. */
function codecThatLacks(newer: Buffer, skippable: boolean): Codec {
  return {
    ...codec,
    decodeLearning: (bytes) =>
      newer.equals(bytes)
        ? Promise.reject(new CodecError('UNKNOWN_TYPE', 'of a newer Millrace', { skippable }))
        : codec.decodeLearning(bytes),
  };
}

describe('reading a range of history', () => {
  const newer = Buffer.from('newer');
  const range = { ...run, firstOffset: 0, lastOffset: 2 };
  const options = { topic: 'history', range, firstEventId: 1, timeoutMs: 20_000, clock: systemClock };

  it('leaves out an event of a newer type that may be skipped, and stops at any other', async () => {
    const log = await logWith(newer);
    const events = await readHistoryRange({ ...options, log, codec: codecThatLacks(newer, true) });
    expect(events).toHaveLength(2);
    const stopped = readHistoryRange({ ...options, log, codec: codecThatLacks(newer, false) });
    await expect(stopped).rejects.toMatchObject({ code: 'UNKNOWN_TYPE' });
  });

  it('says that the history is no longer kept', async () => {
    const log = await logWith(newer);
    const shortened: Log = Object.create(log, { offsets: { value: async () => ({ earliest: 1, next: 3 }) } });
    const expired = readHistoryRange({ ...options, log: shortened, codec });
    await expect(expired).rejects.toMatchObject({ code: 'HISTORY_EXPIRED', retryable: false });
  });

  it('gives up when the records do not come', async () => {
    const log = await logWith(codec.encode(signaled('w', 'y', 1)));
    const beyond = { ...range, lastOffset: 9 };
    const late = readHistoryRange({ ...options, log, codec, range: beyond, timeoutMs: 1 });
    await expect(late).rejects.toMatchObject({ code: 'NO_ANSWER' });
  });
});
