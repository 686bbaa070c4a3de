import { MAX_BATCH_BYTES } from '../limits.js';
import { LogError } from './errors.js';
import type { NewRecord, TopicPartition } from './log.js';

/** What a record batch of format 2 costs before its records. */
const batchOverheadBytes = 61;

/** The size of the records as one uncompressed batch, as the broker will measure it against `max.message.bytes`. */
export function batchBytes(records: readonly NewRecord[]): number {
  let total = batchOverheadBytes;
  for (let i = 0; i < records.length; i++) {
    const record = records[i];
    if (record !== undefined) total += recordBytes(record, i);
  }
  return total;
}

/** Refuses what no topic of ours takes, before it is encoded and sent. */
export function checkBatch(target: TopicPartition, records: readonly NewRecord[]): number {
  if (records.length === 0) throw new TypeError('a batch needs at least one record');
  const bytes = batchBytes(records);
  if (bytes > MAX_BATCH_BYTES) throw batchTooLarge(target, bytes, MAX_BATCH_BYTES);
  return bytes;
}

export function batchTooLarge(target: TopicPartition, bytes: number, limitBytes?: number): LogError {
  const limit = limitBytes === undefined ? 'the topic takes' : `the ${limitBytes} it may have`;
  return new LogError(
    'BATCH_TOO_LARGE',
    `a batch of ${bytes} bytes for ${target.topic}[${target.partition}] is more than ${limit}: nothing was written; ` +
      "send less at once, or raise the topic's max.message.bytes",
  );
}

function recordBytes(record: NewRecord, offsetDelta: number): number {
  let body = 1 + 1 + varintBytes(offsetDelta) + bytesWithLength(record.key) + bytesWithLength(record.value);
  let headers = 0;
  for (const name in record.headers) {
    const nameBytes = Buffer.byteLength(name);
    body += varintBytes(nameBytes) + nameBytes + bytesWithLength(record.headers[name] ?? null);
    headers++;
  }
  body += varintBytes(headers);
  return varintBytes(body) + body;
}

function bytesWithLength(bytes: Buffer | null): number {
  return bytes === null ? 1 : varintBytes(bytes.length) + bytes.length;
}

/** Lengths are zigzag varints: seven bits a byte, one of them the sign. */
function varintBytes(length: number): number {
  if (length < 64) return 1;
  if (length < 8_192) return 2;
  if (length < 1_048_576) return 3;
  return length < 134_217_728 ? 4 : 5;
}
