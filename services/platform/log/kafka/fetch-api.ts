// Fetch, with a reading of its answer that one batch can't spoil. The wire layer's own gives the whole answer up at a
// batch whose compression it doesn't know, such as zstd where Node.js lacks it: a single one, which anybody can put on a
// topic, would then hold back every partition of its broker for ever.
import {
  createAPI,
  fetchV12,
  IS_COMPRESSED,
  type KafkaRecord,
  Reader,
  type RecordsBatch,
  ResponseError,
  readRecordsBatch,
} from '@platformatic/kafka';

/** Names why a batch couldn't be decompressed, on the one record that stands for it. */
export const UNREADABLE_HEADER = 'mr-unreadable';

/** First offset and length: what stands before a batch's length begins to count. */
const BATCH_HEAD_BYTES = 12;
const ATTRIBUTES_AT = 21;
const LAST_OFFSET_DELTA_AT = 23;
const MAX_TIMESTAMP_AT = 35;
const RECORDS_AT = 61;

/** As `fetchV12.api`. */
export const fetchApi: typeof fetchV12.api = createAPI(1, 12, fetchV12.createRequest, parseResponse);

function parseResponse(_id: number, apiKey: number, apiVersion: number, reader: Reader): fetchV12.FetchResponse {
  const errors: Record<string, [number, null]> = {};
  const throttleTimeMs = reader.readInt32();
  const errorCode = reader.readInt16();
  if (errorCode !== 0) errors['/'] = [errorCode, null];
  const sessionId = reader.readInt32();
  const responses = reader.readArray((topic, i) => ({
    topicId: topic.readString(),
    partitions: topic.readArray((partition, j) => {
      const read = readPartition(partition);
      if (read.errorCode !== 0) errors[`/responses/${i}/partitions/${j}`] = [read.errorCode, null];
      return read;
    }),
  }));
  const response = { throttleTimeMs, errorCode, sessionId, responses };
  if (Object.keys(errors).length > 0) throw new ResponseError(apiKey, apiVersion, errors, response);
  return response;
}

function readPartition(reader: Reader): fetchV12.FetchResponsePartition {
  const partition = {
    partitionIndex: reader.readInt32(),
    errorCode: reader.readInt16(),
    highWatermark: reader.readInt64(),
    lastStableOffset: reader.readInt64(),
    logStartOffset: reader.readInt64(),
    abortedTransactions: reader.readArray((aborted) => ({
      producerId: aborted.readInt64(),
      firstOffset: aborted.readInt64(),
    })),
    preferredReadReplica: reader.readInt32(),
  };
  // A compact length is one more than it says; zero is null.
  const recordsBytes = reader.readUnsignedVarInt() - 1;
  if (recordsBytes <= 0) return partition;
  const records = readBatches(Reader.from(reader.buffer.subarray(reader.position, reader.position + recordsBytes)));
  reader.skip(recordsBytes);
  return { ...partition, records };
}

/** The last batch may have been cut off by the size of the answer: it comes again, whole, with the next. */
function readBatches(reader: Reader): RecordsBatch[] {
  const batches: RecordsBatch[] = [];
  while (reader.remaining >= BATCH_HEAD_BYTES) {
    const start = reader.position;
    const end = start + BATCH_HEAD_BYTES + reader.peekInt32(start + 8);
    if (end > reader.length) break;
    batches.push(readBatch(reader, start, end));
    reader.position = end;
  }
  return batches;
}

function readBatch(reader: Reader, start: number, end: number): RecordsBatch {
  const isCompressed = (reader.peekInt16(start + ATTRIBUTES_AT) & IS_COMPRESSED) !== 0;
  if (!isCompressed) return readRecordsBatch(reader);
  try {
    return readRecordsBatch(reader);
  } catch (error) {
    return unreadable(reader, start, end, error instanceof Error ? error.message : String(error));
  }
}

/** In place of the batch one record with its bytes, still compressed: its reader decides what becomes of that. */
function unreadable(reader: Reader, start: number, end: number, reason: string): RecordsBatch {
  const record: KafkaRecord = {
    length: 0,
    attributes: 0,
    timestampDelta: 0n,
    offsetDelta: 0,
    key: null,
    value: reader.buffer.slice(start + RECORDS_AT, end),
    headers: [[Buffer.from(UNREADABLE_HEADER), Buffer.from(reason)]],
  };
  return {
    firstOffset: reader.peekInt64(start),
    length: end - start - BATCH_HEAD_BYTES,
    partitionLeaderEpoch: -1,
    magic: 2,
    crc: 0,
    attributes: 0,
    lastOffsetDelta: reader.peekInt32(start + LAST_OFFSET_DELTA_AT),
    firstTimestamp: reader.peekInt64(start + MAX_TIMESTAMP_AT),
    maxTimestamp: reader.peekInt64(start + MAX_TIMESTAMP_AT),
    producerId: -1n,
    producerEpoch: -1,
    firstSequence: -1,
    records: [record],
  };
}
