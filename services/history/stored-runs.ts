// The runs of a partition, of which those used lately are in memory and the others in the local store (H8).
//
// A run leaves memory in `trim` only, which is called between inputs: whoever got a run from the table may change it
// until then. A run with records whose place on the log is not known yet stays, since its place is noted in memory.
import type { KeptRun } from '../../schemas/generated/messages.js';
import type { Codec } from '../platform/codec/codec.js';
import { HOT_RUN_OVERHEAD_BYTES } from '../platform/limits.js';
import { invariant } from './core/invariant.js';
import type { RunState, RunTable } from './core/state.js';
import { keepRun, readKept, unpackRun, type WalkedRun } from './kept-run.js';
import type { RunLog } from './run-log.js';
import type { BufferedStore } from './run-store.js';
import { type StoredCurrentRuns, storeKey } from './stored-ids.js';

/** Keys read from the store at a time when all runs are walked over. */
const WALK_KEYS = 256;

/** Part of the room for runs in memory that is made free at once: leaving one by one would cost a transaction each. */
const FREED_PART = 0.05;

interface HotRun {
  readonly run: RunState;
  /** Used since `trim` last came by. */
  used: boolean;
  /** What it was last taken to need. */
  bytes: number;
  /** What of it the store has: up to this record, placed up to this offset. -1 when it has none of it. */
  storedSequence: number;
  storedOffset: number;
}

export interface StoredRunsOptions {
  readonly store: BufferedStore;
  readonly codec: Codec;
  readonly runLog: RunLog;
  readonly currentRuns: StoredCurrentRuns;
  /** Bytes that runs in memory may take, about. */
  readonly hotBytes: number;
}

export class StoredRuns implements RunTable {
  readonly #options: StoredRunsOptions;
  readonly #hot = new Map<string, HotRun>();
  #hotBytes = 0;
  #stored = 0;
  #size = 0;

  constructor(options: StoredRunsOptions) {
    this.#options = options;
  }

  get size(): number {
    return this.#size;
  }

  /** How many are in memory. */
  get hotSize(): number {
    return this.#hot.size;
  }

  has(runId: string): boolean {
    return this.#hot.has(runId) || this.#storedBytes(runId) !== undefined;
  }

  get(runId: string): RunState | undefined {
    const hot = this.#hot.get(runId) ?? this.#thaw(runId);
    if (hot === undefined) return undefined;
    hot.used = true;
    const bytes = sizeOf(hot.run);
    this.#hotBytes += bytes - hot.bytes;
    hot.bytes = bytes;
    return hot.run;
  }

  set(_runId: string, run: RunState): void {
    this.#size += 1;
    this.#add({ run, used: true, bytes: 0, storedSequence: -1, storedOffset: -1 });
  }

  delete(runId: string): boolean {
    const hot = this.#hot.get(runId);
    const isStored = hot === undefined ? this.#storedBytes(runId) !== undefined : hot.storedSequence >= 0;
    if (hot !== undefined) this.#remove(hot);
    if (isStored) {
      this.#options.store.remove(storeKey('r', runId));
      this.#stored -= 1;
    }
    if (hot === undefined && !isStored) return false;
    this.#size -= 1;
    return true;
  }

  *keys(): Iterable<string> {
    for (const { kept } of this.walk()) yield kept.runId;
  }

  *values(): Iterable<RunState> {
    for (const runId of this.keys()) {
      const run = this.get(runId);
      if (run !== undefined) yield run;
    }
  }

  /**
   * Every run there is when the walk begins and that is not deleted meanwhile, as it is when it is come to: first those
   * in memory, then those in the store in the order of their keys. A run leaves the store only when it is deleted, so
   * that none is missed however runs come and go in between; some come twice.
   */
  *walk(): Generator<WalkedRun, void, undefined> {
    const { codec, store } = this.#options;
    for (const runId of [...this.#hot.keys()]) {
      const walked = this.keep(runId);
      if (walked !== undefined) yield walked;
    }
    for (let keys = store.keysAfter('r', 'r', WALK_KEYS); keys.length > 0; ) {
      for (const key of keys) {
        const stored = store.get(key);
        if (stored === undefined) continue;
        const kept = readKept(codec, stored);
        // In memory it may be further.
        const hot = this.#hot.has(kept.runId) ? this.keep(kept.runId) : undefined;
        yield hot ?? { kept, bytes: stored };
      }
      keys = store.keysAfter(keys.at(-1) ?? '', 'r', WALK_KEYS);
    }
  }

  /** A run as it is now. */
  keep(runId: string): WalkedRun | undefined {
    const { codec, runLog } = this.#options;
    const hot = this.#hot.get(runId);
    const records = hot && runLog.get(runId);
    const isHot = hot !== undefined && records !== undefined;
    const bytes = isHot ? keepRun(codec, { run: hot.run, records }) : this.#storedBytes(runId);
    return bytes && { kept: readKept(codec, bytes), bytes };
  }

  /** Takes a run in as it was kept, without unpacking it. One that is there already is replaced. */
  load({ runId, workflowId }: KeptRun, bytes: Buffer): void {
    const hot = this.#hot.get(runId);
    if (hot !== undefined) this.#remove(hot);
    const isStored = hot === undefined ? this.#storedBytes(runId) !== undefined : hot.storedSequence >= 0;
    if (hot === undefined && !isStored) this.#size += 1;
    if (!isStored) this.#stored += 1;
    this.#options.store.put(storeKey('r', runId), bytes);
    this.#options.currentRuns.set(workflowId, runId);
    this.#options.currentRuns.release(workflowId, runId);
  }

  /** Lets the runs that have not been used for longest leave memory, until there is room. Call it between inputs. */
  trim(): void {
    const { hotBytes, runLog } = this.#options;
    if (this.#hotBytes <= hotBytes) return;
    let looks = this.#hot.size * 2;
    for (const [runId, hot] of this.#hot) {
      if (looks-- === 0 || this.#hotBytes <= hotBytes * (1 - FREED_PART)) break;
      if (!hot.used && runLog.get(runId)?.unplaced === 0) {
        this.#freeze(hot);
        continue;
      }
      hot.used = false;
      this.#hot.delete(runId);
      this.#hot.set(runId, hot);
    }
  }

  #freeze(hot: HotRun): void {
    const { store, codec, runLog, currentRuns } = this.#options;
    const { runId, workflowId, nextSequence } = hot.run;
    const records = runLog.get(runId);
    invariant(records !== undefined, `run ${runId} has no records`);
    if (hot.storedSequence !== nextSequence || hot.storedOffset !== records.lastOffset) {
      store.put(storeKey('r', runId), keepRun(codec, { run: hot.run, records }));
      if (hot.storedSequence < 0) this.#stored += 1;
    }
    currentRuns.release(workflowId, runId);
    this.#remove(hot);
  }

  #thaw(runId: string): HotRun | undefined {
    const bytes = this.#storedBytes(runId);
    if (bytes === undefined) return undefined;
    const { codec, runLog } = this.#options;
    const { run, records } = unpackRun(codec, readKept(codec, bytes));
    runLog.restore(records);
    return this.#add({
      run,
      used: true,
      bytes: 0,
      storedSequence: run.nextSequence,
      storedOffset: records.lastOffset,
    });
  }

  #storedBytes(runId: string): Buffer | undefined {
    return this.#stored === 0 ? undefined : this.#options.store.get(storeKey('r', runId));
  }

  #add(hot: HotRun): HotRun {
    hot.bytes = sizeOf(hot.run);
    this.#hotBytes += hot.bytes;
    this.#hot.set(hot.run.runId, hot);
    return hot;
  }

  #remove(hot: HotRun): void {
    this.#hotBytes -= hot.bytes;
    this.#hot.delete(hot.run.runId);
    this.#options.runLog.forget(hot.run.runId);
  }
}

/** What a run in memory takes, about: its events as encoded, and about as much again in what they fold into. */
function sizeOf(run: RunState): number {
  return HOT_RUN_OVERHEAD_BYTES + 2 * run.historyBytes;
}
