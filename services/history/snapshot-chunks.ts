// The runs of a partition in chunks. Each chunk is made when it is asked for: runs are as they are then.
import type { Codec } from '../platform/codec/codec.js';
import { keepRun, readKept, type WalkedRun } from './kept-run.js';
import type { Projection } from './projection.js';

/** Runs that are written together. */
export interface Chunk {
  readonly runs: readonly Buffer[];
  /** Whether the runs had closed before the snapshot was begun, and are in that order. */
  readonly closedInOrder: boolean;
  /** Whether the last of `runs` goes on in the next chunk. */
  readonly unfinished: boolean;
}

/** Runs looked at, at the most, between two chunks or breathers: those that are left out cost time as well. */
const LOOKS_AT_ONCE = 250;

/** A run's bytes, or undefined where it is left out. */
type Looked = Buffer | undefined;

/**
 * All runs: first those that had closed when history stood at `historyOffset`, in the order in which they closed, then
 * the others. Runs begun since are left out: all their events are behind the offset, and where more of them begin in a
 * second than are written, there would be no end. A run longer than a chunk is cut in pieces. Where many runs are left
 * out in a row, undefined comes between chunks: whoever asks can let others work meanwhile.
 */
export function* chunksOf(
  projection: Projection,
  codec: Codec,
  historyOffset: number,
  chunkBytes: number,
): Generator<Chunk | undefined, void, undefined> {
  yield* inChunks(closedRuns(projection, codec, historyOffset), true, chunkBytes);
  yield* inChunks(otherRuns(projection, codec, historyOffset), false, chunkBytes);
}

function* inChunks(
  runs: Iterable<Looked>,
  closedInOrder: boolean,
  chunkBytes: number,
): Generator<Chunk | undefined, void, undefined> {
  let gathered: Buffer[] = [];
  let bytes = 0;
  let looks = 0;
  for (const run of runs) {
    if (++looks > LOOKS_AT_ONCE) {
      yield undefined;
      looks = 1;
    }
    if (run === undefined) continue;
    let rest = run;
    while (bytes + rest.length > chunkBytes) {
      const room = gathered.length === 0 ? chunkBytes : 0;
      const isCut = rest.length > chunkBytes && room > 0;
      if (isCut) {
        gathered.push(rest.subarray(0, room));
        rest = rest.subarray(room);
      }
      yield { runs: gathered, closedInOrder, unfinished: isCut };
      gathered = [];
      bytes = 0;
      looks = 1;
    }
    gathered.push(rest);
    bytes += rest.length;
  }
  if (gathered.length > 0) yield { runs: gathered, closedInOrder, unfinished: false };
}

function* closedRuns(projection: Projection, codec: Codec, historyOffset: number): Iterable<Buffer> {
  for (const runId of projection.state.closedRuns) {
    const walked = keep(projection, codec, runId);
    // Those behind it closed later still.
    if (walked === undefined || !hadClosed(projection, walked, historyOffset)) return;
    yield walked.bytes;
  }
}

function* otherRuns(projection: Projection, codec: Codec, historyOffset: number): Iterable<Looked> {
  const walk = projection.stored?.runs.walk() ?? walkInMemory(projection, codec);
  for (const walked of walk) {
    const { firstOffset } = walked.kept;
    const hadBegun = firstOffset >= 0 && firstOffset < historyOffset;
    yield hadBegun && !hadClosed(projection, walked, historyOffset) ? walked.bytes : undefined;
  }
}

function* walkInMemory(projection: Projection, codec: Codec): Iterable<WalkedRun> {
  for (const runId of projection.state.runs.keys()) {
    const walked = keep(projection, codec, runId);
    if (walked !== undefined) yield walked;
  }
}

function keep({ state, runLog, stored }: Projection, codec: Codec, runId: string): WalkedRun | undefined {
  if (stored !== undefined) return stored.runs.keep(runId);
  const run = state.runs.get(runId);
  const records = runLog.get(runId);
  if (run === undefined || records === undefined) return undefined;
  const bytes = keepRun(codec, { run, records });
  return { kept: readKept(codec, bytes), bytes };
}

/** Whether the run's last event stands before the offset and closed it. */
function hadClosed({ runLog }: Projection, { kept }: WalkedRun, historyOffset: number): boolean {
  const unplaced = runLog.get(kept.runId)?.unplaced ?? 0;
  return kept.isClosed && unplaced === 0 && kept.lastOffset < historyOffset;
}
