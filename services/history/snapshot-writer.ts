// Writes snapshots of a partition's runs now and then, a little at a time, so that the loop never waits for one (H8).
//
// A snapshot has no one point in time: each run in it is as it was when the writer came to it, and says by its own
// sequence how far it is. A reader goes on from where history stood when the snapshot was begun, and passes over the events
// that a run has in it already. What was decided on is written once all of that is acknowledged, so that a snapshot
// never knows more than history. It is begun once all effects up to its beginning are delivered, and so carries none.
import { backoffMs, type Clock, pause } from '../platform/clock.js';
import type { Codec } from '../platform/codec/codec.js';
import { SNAPSHOT_AFTER_BYTES, SNAPSHOT_CHUNK_BYTES } from '../platform/limits.js';
import { LogError } from '../platform/log/errors.js';
import type { FencedAppender, Log, NewRecord } from '../platform/log/log.js';
import type { Logger } from '../platform/logger.js';
import type { Topics } from '../platform/topics.js';
import type { Delivery } from './delivery.js';
import type { Acknowledged, PartitionLoop } from './loop.js';
import type { Projection } from './projection.js';
import { type Chunk, chunksOf } from './snapshot-chunks.js';
import {
  type CompleteSnapshot,
  chunkRecord,
  completedRecord,
  findSnapshot,
  SNAPSHOT_FORMAT,
} from './snapshot-records.js';

/** Between looks at whether a snapshot is due, and after a failure, which doubles it up to the longest. */
const LOOK_MS = 1_000;
const LONGEST_RETRY_MS = 60_000;

/** Between chunks: the loop's time, of which a snapshot takes about a tenth. */
const CHUNK_PAUSE_MS = 20;

/** Chunks appended together: each append waits until what it stands on is acknowledged. */
const CHUNKS_AT_ONCE = 8;

/** Between looks at whether something is acknowledged or delivered. */
const POLL_MS = 10;

/** A snapshot is due when history has grown by this part of the last one: writing them stays in proportion. */
const GROWTH = 0.5;

export interface SnapshotWriterOptions {
  readonly log: Log;
  readonly codec: Codec;
  readonly topics: Topics;
  readonly partition: number;
  readonly ownerEpoch: number;
  readonly projection: Projection;
  readonly loop: PartitionLoop;
  readonly delivery: Delivery;
  /** Bytes of history that the takeover folded in behind its snapshot. */
  readonly bytesBehind: number;
  /** The least growth of history, in bytes, after which a snapshot is written. Default: `SNAPSHOT_AFTER_BYTES`. */
  readonly snapshotAfterBytes?: number | undefined;
  readonly clock: Clock;
  readonly logger: Logger;
  /** Aborted when the loop has ended. */
  readonly signal: AbortSignal;
}

/**
 * Writes snapshots until the signal is aborted. Rejects with what the loop should fail with: that its own runs can't be
 * read. Where only the topic of snapshots fails, it tries again.
 */
export async function writeSnapshots(options: SnapshotWriterOptions): Promise<void> {
  const { loop, clock, logger, signal, snapshotAfterBytes = SNAPSHOT_AFTER_BYTES } = options;
  let writtenAt = -options.bytesBehind;
  let dueAfter = snapshotAfterBytes;
  for (let failures = 0; !signal.aborted; ) {
    await pause(clock, backoffMs(failures + 1, LOOK_MS, LONGEST_RETRY_MS), signal);
    const begin = loop.acknowledged;
    if (signal.aborted || begin === undefined || begin.bytes - writtenAt < dueAfter) continue;
    try {
      const runBytes = await writeSnapshot(options, begin);
      writtenAt = begin.bytes;
      dueAfter = Math.max(snapshotAfterBytes, runBytes * GROWTH);
      failures = 0;
    } catch (error) {
      if (signal.aborted) return;
      if (!(error instanceof LogError)) throw error;
      failures += 1;
      logger.warn('no snapshot could be written, trying again', { error });
    }
  }
}

/** Returns the bytes of the runs in it. */
async function writeSnapshot(options: SnapshotWriterOptions, begin: Acknowledged): Promise<number> {
  const { log, codec, topics, partition, loop, delivery, projection, ownerEpoch, signal, clock, logger } = options;
  const startedAt = clock.now();
  await until(options, () => delivery.watermark >= begin.batch);
  const source = { topic: topics.snapshots, partition };
  const last = await findLast(options);
  const slot = last === undefined ? 0 : 1 - last.head.slot;
  const appender = await log.fencedAppender({
    ...source,
    transactionalId: `${topics.namespace}.snapshots-${partition}`,
  });
  try {
    const made: NewRecord[] = [];
    let firstChunkOffset = -1;
    let chunks = 0;
    let runBytes = 0;
    const append = async () => {
      const offset = await appendOnceDecided(options, appender, made.splice(0));
      if (firstChunkOffset < 0) firstChunkOffset = offset;
    };
    for (const chunk of whileOwned(chunksOf(projection, codec, begin.historyOffset, SNAPSHOT_CHUNK_BYTES), signal)) {
      if (chunk !== undefined) {
        made.push(chunkRecord(codec, { ...chunk, batch: begin.batch, ownerEpoch, index: chunks }, slot, last));
        chunks += 1;
        runBytes += bytesOf(chunk);
      }
      if (made.length === CHUNKS_AT_ONCE) await append();
      await pause(clock, CHUNK_PAUSE_MS, signal);
      signal.throwIfAborted();
    }
    if (made.length > 0) await append();
    const head = {
      format: SNAPSHOT_FORMAT,
      slot,
      partition,
      ownerEpoch,
      batch: begin.batch,
      commandsOffset: begin.commandsOffset < 0 ? null : begin.commandsOffset,
      lastEventTime: projection.state.lastEventTime,
      historyOffset: begin.historyOffset,
      historyEndOffset: loop.acknowledged?.historyOffset ?? begin.historyOffset,
      runBytes,
      firstChunkOffset,
      chunks,
    };
    await appendOnceDecided(options, appender, [completedRecord(codec, head)]);
    logger.info('snapshot written', { batch: begin.batch, chunks, runBytes, tookMs: clock.now() - startedAt });
    return runBytes;
  } finally {
    await appender.close();
  }
}

/** With the loop's end its local store is emptied: what is read of it after that looks as if there were no runs. */
function* whileOwned<T>(chunks: Iterator<T>, signal: AbortSignal): Iterable<T> {
  for (;;) {
    signal.throwIfAborted();
    const { done, value } = chunks.next();
    if (done) return;
    yield value;
  }
}

/** The last complete snapshot. One that can't be read is no reason not to write another. */
async function findLast(options: SnapshotWriterOptions): Promise<CompleteSnapshot | undefined> {
  const source = { topic: options.topics.snapshots, partition: options.partition };
  try {
    return await findSnapshot({ ...options, source });
  } catch (error) {
    if (options.signal.aborted || error instanceof LogError) throw error;
    return undefined;
  }
}

/** Appends records that stand on everything decided by now, once that is acknowledged. */
async function appendOnceDecided(
  options: SnapshotWriterOptions,
  appender: FencedAppender,
  records: readonly NewRecord[],
): Promise<number> {
  const { loop } = options;
  const { decided } = loop;
  await until(options, () => (loop.acknowledged?.batch ?? 0) >= decided);
  return appender.append(records);
}

async function until({ clock, signal }: SnapshotWriterOptions, isTrue: () => boolean): Promise<void> {
  while (!isTrue()) {
    await pause(clock, POLL_MS, signal);
    signal.throwIfAborted();
  }
}

function bytesOf(chunk: Chunk): number {
  return chunk.runs.reduce((sum, run) => sum + run.length, 0);
}
