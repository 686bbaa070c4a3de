// Holds the live state of a partition against its history (H3): every so many events the whole history is folded again,
// from nothing or, where its beginning was deleted, from the snapshot that stands for it, and compared. For tests, and for
// an operator in doubt: it reads all of the partition and takes as much memory again. A difference is a broken invariant (H9).
import { LogError } from '../platform/log/errors.js';
import type { LogRecord } from '../platform/log/log.js';
import { invariant } from './core/invariant.js';
import { HistoryFold } from './history-fold.js';
import type { Projection } from './projection.js';
import { readRange } from './read-range.js';
import { type FoldOptions, openFold } from './takeover.js';

export interface StateCheckOptions extends FoldOptions {
  readonly retentionMs: number;
  /** Events between two checks. */
  readonly everyEvents: number;
  /** Aborted when the partition is given up: a check under way ends there. */
  readonly signal: AbortSignal;
}

/** A partition's state in words, as it is right after a batch. */
interface Image {
  readonly atMs: number;
  readonly facts: ReadonlyMap<string, string>;
}

export class StateCheck {
  readonly #options: StateCheckOptions;
  #events = 0;
  #image: Image | undefined;
  #checking = false;

  constructor(options: StateCheckOptions) {
    this.#options = options;
  }

  /**
   * Notes that a batch is on its way to the log. `isAll` says that everything decided is in it or before it: only then
   * does the live state say what history will.
   */
  appending(events: number, isAll: boolean, projection: Projection, nowMs: number): void {
    this.#events += events;
    if (!isAll || this.#checking || this.#events < this.#options.everyEvents) return;
    this.#events = 0;
    this.#image = imageOf(projection, nowMs, this.#options.retentionMs);
  }

  /** The batch is on the log, which goes up to `endOffset` with it. Rejects when history says otherwise than the state. */
  async appended(endOffset: number): Promise<void> {
    const image = this.#image;
    if (image === undefined) return;
    this.#image = undefined;
    this.#checking = true;
    try {
      const projection = await this.#foldAgain(endOffset);
      if (projection !== undefined) compare(image, imageOf(projection, image.atMs, this.#options.retentionMs));
    } catch (error) {
      // No word on the state: it is looked at again later.
      if (!this.#options.signal.aborted && !(error instanceof LogError)) throw error;
    } finally {
      this.#checking = false;
    }
  }

  /** Undefined where the snapshot goes past the end wanted, or history was deleted under the reader's hands. */
  async #foldAgain(to: number): Promise<Projection | undefined> {
    const { log, topics, partition, signal } = this.#options;
    const options = { ...this.#options, storage: undefined };
    const source = { topic: topics.history, partition };
    const { earliest } = await log.offsets(source);
    const fold = earliest === 0 ? new HistoryFold(options) : await openFold(options);
    if (fold.aheadUntil > to) return undefined;
    const onRecords = (records: readonly LogRecord[]) => fold.add(records);
    try {
      await readRange({ log, source, from: fold.position, to, onRecords, signal });
    } catch (error) {
      if ((await log.offsets(source)).earliest === earliest) throw error;
      return undefined;
    }
    return fold.projection;
  }
}

function compare(live: Image, folded: Image): void {
  for (const name of new Set([...live.facts.keys(), ...folded.facts.keys()])) {
    const [expected, actual] = [folded.facts.get(name), live.facts.get(name)];
    invariant(expected === actual, `${name} is ${actual} and its history says ${expected}`);
  }
}

/** Closed runs past their retention are left out: when they are forgotten is up to whoever sweeps. */
function imageOf({ state, runLog }: Projection, atMs: number, retentionMs: number): Image {
  const { partition, ownerEpoch, lastEventTime } = state;
  const facts = new Map([['partition', inWords({ partition, ownerEpoch, lastEventTime })]]);
  for (const run of state.runs.values()) {
    if (run.closed !== null && run.closed.event.header.eventTime + retentionMs <= atMs) continue;
    const records = runLog.get(run.runId);
    const isLatest = state.currentRuns.get(run.workflowId) === run.runId;
    facts.set(`run ${run.runId}`, inWords({ ...run, isLatest, lastEventId: records?.lastEventId }));
  }
  return { atMs, facts };
}

function inWords(facts: object): string {
  return JSON.stringify(facts, function (this: Record<string, unknown>, name, value: unknown) {
    // Asked for itself, since a Buffer has made itself an object of numbers before it comes here.
    const whole = this[name];
    if (whole instanceof Uint8Array) return Buffer.from(whole).toString('base64');
    if (whole instanceof Map || whole instanceof Set) return [...whole];
    // An event has its fields in another order when it was read than when it was decided.
    if (isRecord(value)) return Object.fromEntries(Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1)));
    return value;
  });
}

function isRecord(value: unknown): value is object {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
