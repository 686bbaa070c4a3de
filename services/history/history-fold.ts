// Reads a partition's history back into state (H3, H4): the same fold that the loop runs live.
import type { HistoryEvent, SnapshotCompleted } from '../../schemas/generated/messages.js';
import type { Codec } from '../platform/codec/codec.js';
import { CodecError } from '../platform/codec/errors.js';
import type { LogRecord } from '../platform/log/log.js';
import { type BatchHeaders, readBatchHeaders } from './batch-headers.js';
import { passOver, type RunEvent } from './core/apply.js';
import { effectsOf } from './core/effects.js';
import type { Effect } from './core/input.js';
import { invariant } from './core/invariant.js';
import { createProjection, loadRun, type Projection, project, type Storage, setTimers, sweep } from './projection.js';
import { noteOffset, placeRecord } from './run-log.js';

/** Batches between two sweeps of expired runs: bounds what a long history costs in memory. */
const SWEEP_BATCHES = 20;

/** The effects of one batch that may not have been delivered. */
export interface BatchEffects {
  readonly batch: number;
  readonly effects: Effect[];
}

export interface HistoryFoldOptions {
  readonly partition: number;
  readonly codec: Codec;
  readonly retentionMs: number;
  /** Default: all runs stay in memory. */
  readonly storage?: Storage | undefined;
}

export class HistoryFold {
  readonly projection: Projection;
  readonly #codec: Codec;
  readonly #retentionMs: number;
  /** Last valid batch; 0 before the first. */
  batch = 0;
  /** Last offset of `commands` accounted for; undefined when no batch accounts for any. */
  commandsOffset: number | undefined;
  /** Effects past the outbox watermark, by batch. */
  undelivered: BatchEffects[] = [];
  /** The highest owner epoch claimed, and where its claim stands. */
  claim = { epoch: 0, offset: -1 };
  /** Offset of the next record wanted. */
  position = 0;
  /** Bytes of history folded in, since the snapshot if it began from one. */
  bytes = 0;
  /** Runs taken from a snapshot may be ahead of history up to here. */
  aheadUntil = 0;
  /** Records of the batch being read. Its last one has the headers that say whether it counts. */
  #unfinished: LogRecord[] = [];

  constructor(options: HistoryFoldOptions) {
    this.projection = createProjection(options.partition, options.storage);
    this.#codec = options.codec;
    this.#retentionMs = options.retentionMs;
  }

  /** Begins with a snapshot, of which `load` gives the runs, and not with the first event. */
  beginWith(head: SnapshotCompleted): void {
    const { state } = this.projection;
    state.ownerEpoch = head.ownerEpoch;
    state.lastEventTime = head.lastEventTime;
    this.batch = head.batch;
    this.commandsOffset = head.commandsOffset ?? undefined;
    this.claim = { epoch: head.ownerEpoch, offset: -1 };
    this.position = head.historyOffset;
    this.aheadUntil = head.historyEndOffset;
  }

  load(bytes: Buffer, isClosedInOrder: boolean): void {
    loadRun(this.projection, this.#codec, bytes, isClosedInOrder);
  }

  /** Lets the local store go, if there is one. */
  async close(): Promise<void> {
    await this.projection.stored?.store.close();
  }

  /** Folds records in. Rejects where they break an invariant or can't be read: the partition can't be owned then (H9). */
  async add(records: readonly LogRecord[]): Promise<void> {
    for (const record of records) {
      this.position = record.offset + 1;
      this.#unfinished.push(record);
      const headers = readBatchHeaders(record.headers);
      if (headers === undefined) continue;
      const batch = this.#unfinished;
      this.#unfinished = [];
      // An owner that had been replaced wrote this on a broker that doesn't check epochs: nobody counts it (H3).
      if (headers.ownerEpoch < this.claim.epoch) continue;
      this.#fold(batch, await this.#read(batch), headers);
    }
  }

  #fold(records: readonly LogRecord[], events: readonly HistoryEvent[], headers: BatchHeaders): void {
    const { state } = this.projection;
    if (headers.account !== undefined) this.#checkNumber(headers.account.batch);
    const effects: Effect[] = [];
    records.forEach((record, index) => {
      const event = events[index];
      if (event === undefined || record.value === null) return;
      if (event.type === 'PartitionOwnerClaimed') {
        // Two that claimed at once may have written the same epoch; the first of them got it, and the other claims again.
        if (event.ownerEpoch <= this.claim.epoch) return;
        this.claim = { epoch: event.ownerEpoch, offset: record.offset };
      }
      this.bytes += record.value.length;
      if (this.#isAhead(event, record.offset)) {
        if (state.runs.has(event.header.runId)) effects.push(...effectsOf(state, event));
        return;
      }
      // A copy, since the record's bytes pin all that was fetched with it.
      const run = project(this.projection, event, Buffer.from(record.value));
      if (run !== undefined) placeRecord(run, record.offset);
      effects.push(...effectsOf(state, event));
    });
    setTimers(this.projection, events);
    this.projection.stored?.runs.trim();
    if (headers.account !== undefined) this.#account(headers.account, effects);
  }

  /**
   * Whether a run taken from the snapshot has the event in it already, or had been forgotten before the snapshot came to
   * it. The effects of such an event are those of the run as it is by now: of tasks that are over there is none, and the
   * others are told apart by their ids.
   */
  #isAhead(event: HistoryEvent, offset: number): event is RunEvent {
    if (offset >= this.aheadUntil || event.type === 'PartitionOwnerClaimed') return false;
    const { state, runLog } = this.projection;
    const { runId, sequence } = event.header;
    const run = state.runs.get(runId);
    if (run === undefined) return sequence > 1;
    if (sequence >= run.nextSequence) return false;
    passOver(state, event);
    const records = runLog.get(runId);
    if (records !== undefined) noteOffset(records, offset);
    return true;
  }

  /** Nothing may be missing, whatever became of the topic or of the snapshot: it might be somebody's workflow. */
  #checkNumber(batch: number): void {
    invariant(
      batch === this.batch + 1,
      this.batch === 0
        ? `history begins with batch ${batch}: what was before is deleted, and no snapshot that can be read stands for it`
        : `history has batch ${batch} after ${this.batch}`,
    );
  }

  #account({ batch, commandsOffset, outbox }: NonNullable<BatchHeaders['account']>, effects: Effect[]): void {
    this.batch = batch;
    this.commandsOffset = commandsOffset;
    let delivered = 0;
    while ((this.undelivered[delivered]?.batch ?? Infinity) <= outbox) delivered += 1;
    if (delivered > 0) this.undelivered.splice(0, delivered);
    if (effects.length > 0) this.undelivered.push({ batch, effects });
    if (batch % SWEEP_BATCHES === 0) sweep(this.projection, this.projection.state.lastEventTime, this.#retentionMs);
  }

  /** An owner can't pass over an event, not even one that readers may skip: the numbers after it would be wrong. */
  async #read(records: readonly LogRecord[]): Promise<HistoryEvent[]> {
    const events: HistoryEvent[] = [];
    for (const { value } of records) {
      invariant(value !== null, 'a record on history has no value');
      try {
        events.push(this.#codec.decode(value) as HistoryEvent);
      } catch (error) {
        if (!(error instanceof CodecError && error.code === 'UNKNOWN_SCHEMA')) throw error;
        events.push((await this.#codec.decodeLearning(value)) as HistoryEvent);
      }
    }
    return events;
  }
}
