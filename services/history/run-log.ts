import type { EventHeader } from '../../schemas/generated/messages.js';
import { invariant } from './core/invariant.js';

/** The records of one run on `history`. */
export interface RunRecords {
  readonly workflowId: string;
  readonly runId: string;
  /** Key of the run's records, encoded once. */
  readonly key: Buffer;
  /** The numbered events as encoded on `history`, event n at index n - 1; undefined once the run is closed. */
  events: Buffer[] | undefined;
  lastEventId: number;
  /** Offsets of its first and last acknowledged record on `history`; -1 when none is acknowledged yet. */
  firstOffset: number;
  lastOffset: number;
  /** Records that are decided and whose place is not known yet. */
  unplaced: number;
}

/**
 * The encoded events of the open runs, from which workflow tasks and history replies are cut without encoding anything
 * again. Of a closed run only its place on `history` is kept: whoever wants it reads it there.
 */
export class RunLog {
  readonly #runs = new Map<string, RunRecords>();

  get(runId: string): RunRecords | undefined {
    return this.#runs.get(runId);
  }

  /** Adds a record of a run: an event where it has a number, else progress. Keeps the bytes. */
  add(header: EventHeader, bytes: Buffer): RunRecords {
    let run = this.#runs.get(header.runId);
    if (run === undefined) {
      const { workflowId, runId } = header;
      const key = Buffer.from(workflowId, 'utf8');
      run = { workflowId, runId, key, events: [], lastEventId: 0, firstOffset: -1, lastOffset: -1, unplaced: 0 };
      this.#runs.set(runId, run);
    }
    run.unplaced += 1;
    if (header.eventId > 0) {
      invariant(
        header.eventId === run.lastEventId + 1,
        `run ${run.runId} has event ${header.eventId} after ${run.lastEventId}`,
      );
      run.lastEventId = header.eventId;
      run.events?.push(bytes);
    }
    return run;
  }

  /** Takes a run in again that had been forgotten for want of room. */
  restore(run: RunRecords): void {
    this.#runs.set(run.runId, run);
  }

  /** Lets a closed run's events go. */
  close(runId: string): void {
    const run = this.#runs.get(runId);
    if (run !== undefined) run.events = undefined;
  }

  forget(runId: string): void {
    this.#runs.delete(runId);
  }
}

/** Notes where a record that was added stands. Records are placed in order. */
export function placeRecord(run: RunRecords, offset: number): void {
  run.unplaced -= 1;
  noteOffset(run, offset);
}

/** Notes where a record of the run stands. One before the last that was noted changes nothing. */
export function noteOffset(run: RunRecords, offset: number): void {
  if (run.firstOffset === -1) run.firstOffset = offset;
  run.lastOffset = Math.max(run.lastOffset, offset);
}

/** Events firstEventId to lastEventId, or undefined when they are no longer kept or would take more than `mostBytes`. */
export function sliceEvents(
  run: RunRecords,
  firstEventId: number,
  lastEventId: number,
  mostBytes: number,
): Buffer[] | undefined {
  const events = run.events?.slice(firstEventId - 1, lastEventId);
  let bytes = 0;
  for (const event of events ?? []) bytes += event.length;
  return bytes <= mostBytes ? events : undefined;
}
