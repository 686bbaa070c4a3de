import { MAX_BATCH_BYTES, MAX_BATCH_RECORDS, RECORD_OVERHEAD_BYTES } from '../platform/limits.js';
import type { NewRecord } from '../platform/log/log.js';
import { type BatchHeaders, writeBatchHeaders } from './batch-headers.js';
import { invariant } from './core/invariant.js';
import type { Outbound } from './outbound.js';
import type { RunRecords } from './run-log.js';

/** Kept free for the batch's own head and for the headers of its last record. */
const BATCH_OVERHEAD_BYTES = 1024;

/** The most that the records of a batch, and so of one decision, may take. */
export const BATCH_ROOM_BYTES = MAX_BATCH_BYTES - BATCH_OVERHEAD_BYTES;

/** Decisions that are appended together: all of a decision's events, or none (H2). */
export interface Batch {
  readonly records: NewRecord[];
  /** Whose record stands at the same index of `records`. */
  readonly runs: RunRecords[];
  /** What leaves once the batch is acknowledged (H5), in order. */
  readonly outbound: Outbound[];
  bytes: number;
  /** Last offset of `commands` accounted for by this batch and those before it. */
  commandsOffset: number;
}

export function createBatch(commandsOffset: number): Batch {
  return { records: [], runs: [], outbound: [], bytes: 0, commandsOffset };
}

/** What a record takes in a batch, at most. */
export function sizeOf(record: NewRecord): number {
  return (record.key?.length ?? 0) + (record.value?.length ?? 0) + RECORD_OVERHEAD_BYTES;
}

/** Whether further decisions may share the batch. */
export function isFull(batch: Batch): boolean {
  return batch.records.length >= MAX_BATCH_RECORDS;
}

/** Whether a decision of this size still fits. One alone always does, else it would have been refused. */
export function hasRoomFor(batch: Batch, bytes: number): boolean {
  return batch.records.length === 0 || batch.bytes + bytes <= BATCH_ROOM_BYTES;
}

/** Puts the headers on the batch's last record: it is ready to be appended. */
export function sealBatch({ records }: Batch, headers: BatchHeaders): void {
  const last = records.pop();
  invariant(last !== undefined, 'an empty batch is not appended');
  records.push({ ...last, headers: writeBatchHeaders(headers) });
}
