import type { MessageRecord, RecordsBatch } from '@platformatic/kafka';
import type { LogRecord, NewRecord, RecordHeaders, TopicPartition } from '../log.js';

const noHeaders: RecordHeaders = Object.freeze({});

const controlBatch = 1 << 5;

/**
 * As the wire layer wants records to append. The time is part of what is sent: a batch that is sent again must be
 * the same, byte for byte.
 */
export function toWire(target: TopicPartition, records: readonly NewRecord[], nowMs: number): MessageRecord[] {
  const timestamp = BigInt(nowMs);
  return records.map((record) => {
    const message = { topic: target.topic, partition: target.partition, timestamp, headers: wireHeaders(record) };
    // The wire layer writes null as null; its types don't say so.
    return Object.assign(message, { key: record.key, value: record.value }) as unknown as MessageRecord;
  });
}

function wireHeaders({ headers }: NewRecord): Map<Buffer, Buffer> | undefined {
  if (headers === undefined) return undefined;
  return new Map(Object.entries(headers).map(([name, value]) => [Buffer.from(name), value]));
}

/** The records of a fetched batch from an offset on: a batch may begin before the offset asked for. */
export function fromWire(batch: RecordsBatch, fromOffset: number, into: LogRecord[]): void {
  if ((batch.attributes & controlBatch) !== 0) return;
  const firstOffset = Number(batch.firstOffset);
  const firstTimestamp = Number(batch.firstTimestamp);
  for (const { offsetDelta, timestampDelta, key, value, headers } of batch.records) {
    const offset = firstOffset + offsetDelta;
    if (offset < fromOffset) continue;
    const timestamp = firstTimestamp + Number(timestampDelta);
    into.push({ offset, timestamp, key, value, headers: readHeaders(headers) });
  }
}

/** The offset after a batch. Compaction may have taken its last records, so that they can't be counted. */
export function endOf(batch: RecordsBatch): number {
  return Number(batch.firstOffset) + batch.lastOffsetDelta + 1;
}

function readHeaders(headers: ReadonlyArray<readonly [Buffer | null, Buffer | null]>): RecordHeaders {
  if (headers.length === 0) return noHeaders;
  const byName: Record<string, Buffer> = {};
  for (const [name, value] of headers) {
    if (name !== null && value !== null) byName[name.toString('utf8')] = value;
  }
  return byName;
}
