// What a partition's snapshots are on the log: chunks of runs, and behind them a record that says that all are there.
// Two snapshots have room, each with keys of its own (slots), so that compaction leaves the last one until the next is
// complete. Each chunk says in a header where the last complete one ends: whoever reads the newest record finds it.
import type { SnapshotChunk, SnapshotCompleted, SnapshotRecord } from '../../schemas/generated/messages.js';
import type { Codec } from '../platform/codec/codec.js';
import type { Log, LogRecord, NewRecord, TopicPartition } from '../platform/log/log.js';
import { invariant } from './core/invariant.js';
import { readRange } from './read-range.js';

/** What the records mean together. Another number says that a reader of this one can't go by them. */
export const SNAPSHOT_FORMAT = 1;

const LAST_COMPLETE = 'mr-last-complete';

/** A snapshot that is complete, by its last record. */
export interface CompleteSnapshot {
  readonly head: SnapshotCompleted;
  /** Offset of that record. */
  readonly offset: number;
}

interface Place {
  readonly log: Log;
  readonly codec: Codec;
  /** The partition of the topic of snapshots. */
  readonly source: TopicPartition;
  readonly signal: AbortSignal;
}

export function chunkRecord(
  codec: Codec,
  chunk: SnapshotChunk,
  slot: number,
  last: CompleteSnapshot | undefined,
): NewRecord {
  const headers = { [LAST_COMPLETE]: Buffer.from(String(last?.offset ?? -1), 'latin1') };
  return { key: key(slot, chunk.index), value: codec.encode({ type: 'SnapshotChunk', ...chunk }), headers };
}

export function completedRecord(codec: Codec, head: SnapshotCompleted): NewRecord {
  return { key: key(head.slot, 'end'), value: codec.encode({ type: 'SnapshotCompleted', ...head }) };
}

/** The newest complete snapshot, if there is one. Rejects when its last record can't be read. */
export async function findSnapshot({ log, codec, source, signal }: Place): Promise<CompleteSnapshot | undefined> {
  const { earliest, next } = await log.offsets(source);
  if (earliest === next) return undefined;
  const newest = await readOne(log, source, next - 1, signal);
  const isEnd = newest.headers[LAST_COMPLETE] === undefined;
  const offset = isEnd ? newest.offset : Number(newest.headers[LAST_COMPLETE]?.toString('latin1'));
  if (offset < 0) return undefined;
  const record = isEnd ? newest : await readOne(log, source, offset, signal);
  const head = await decode(codec, record);
  invariant(head.type === 'SnapshotCompleted', `a ${head.type} stands at ${offset} where a snapshot should end`);
  invariant(
    head.format === SNAPSHOT_FORMAT,
    `the snapshot is of format ${head.format}, and ${SNAPSHOT_FORMAT} is read`,
  );
  return { head, offset };
}

/** Reads a snapshot's runs, in order. Rejects unless all of them are there. */
export async function readSnapshot(
  { log, codec, source, signal }: Place,
  { head, offset }: CompleteSnapshot,
  onRun: (bytes: Buffer, isClosedInOrder: boolean) => void,
): Promise<void> {
  let chunks = 0;
  let begun: Buffer[] = [];
  const onRecords = async (records: readonly LogRecord[]) => {
    for (const record of records) {
      if (record.offset === offset) continue;
      const chunk = await decode(codec, record);
      const isNext =
        chunk.type === 'SnapshotChunk' && chunk.batch === head.batch && chunk.ownerEpoch === head.ownerEpoch;
      invariant(isNext && chunk.index === chunks, `chunk ${chunks} of ${head.chunks} of the snapshot is not there`);
      chunks += 1;
      chunk.runs.forEach((part, index) => {
        begun.push(part as Buffer);
        if (chunk.unfinished && index === chunk.runs.length - 1) return;
        onRun(begun.length === 1 ? (part as Buffer) : Buffer.concat(begun), chunk.closedInOrder);
        begun = [];
      });
    }
  };
  await readRange({ log, source, from: head.firstChunkOffset, to: offset + 1, onRecords, signal });
  invariant(chunks === head.chunks && begun.length === 0, `the snapshot has ${chunks} chunks of ${head.chunks}`);
}

async function readOne(log: Log, source: TopicPartition, offset: number, signal: AbortSignal): Promise<LogRecord> {
  let found: LogRecord | undefined;
  const onRecords = async (records: readonly LogRecord[]) => {
    found ??= records.find((record) => record.offset === offset);
  };
  await readRange({ log, source, from: offset, to: offset + 1, onRecords, signal });
  invariant(found !== undefined, `record ${offset} of ${source.topic} is gone`);
  return found;
}

async function decode(codec: Codec, { value }: LogRecord): Promise<SnapshotRecord> {
  invariant(value !== null, 'a record of a snapshot has no value');
  return (await codec.decodeLearning(value)) as SnapshotRecord;
}

function key(slot: number, part: number | 'end'): Buffer {
  return Buffer.from(`${slot}/${part}`, 'latin1');
}
