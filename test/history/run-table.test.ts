// One contract for the forms of the run table: all in memory, and a few in memory over a store.
import { tmpdir } from 'node:os';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { defaultsOf } from '../../schemas/generated/defaults.js';
import type { HistoryEvent } from '../../schemas/generated/messages.js';
import { decide } from '../../services/history/core/decide.js';
import type { Input } from '../../services/history/core/input.js';
import type { RunState } from '../../services/history/core/state.js';
import { lmdbStores } from '../../services/history/lmdb-store.js';
import {
  createProjection,
  type Projection,
  project,
  type Storage,
  setTimers,
  sweep,
} from '../../services/history/projection.js';
import { placeRecord } from '../../services/history/run-log.js';
import { createMemoryStore, type OpenStore } from '../../services/history/run-store.js';
import { createLocalCodec } from '../../services/platform/codec/local-codec.js';
import { HOT_RUN_OVERHEAD_BYTES } from '../../services/platform/limits.js';
import { randomFrom } from './random.js';
import { makeCommand } from './random-commands.js';

const codec = createLocalCodec();
const openLmdb = await lmdbStores(tmpdir());
if (openLmdb === undefined) throw new Error('there is no build of LMDB for this machine');
const storageIn = (open: OpenStore): Storage => ({ codec, open, hotBytes: 30_000 });

/** Decides and folds, as the loop does, with every record acknowledged a few inputs later. */
class Table {
  readonly projection: Projection;
  #offset = 0;
  #unplaced: Array<() => void> = [];

  constructor(storage: Storage | undefined) {
    this.projection = createProjection(0, storage);
  }

  take(input: Input, now: number): void {
    const { events } = decide(this.projection.state, input, now);
    for (const event of events) this.#fold(event);
    setTimers(this.projection, events);
    this.projection.stored?.runs.trim();
  }

  acknowledge(): void {
    for (const place of this.#unplaced) place();
    this.#unplaced = [];
  }

  get(runId: string): RunState | undefined {
    return this.projection.state.runs.get(runId);
  }

  #fold(event: HistoryEvent): void {
    const bytes = codec.encode(event);
    // Folded as read, and so never the very objects that the other table has.
    const records = project(this.projection, codec.decode(bytes) as HistoryEvent, bytes);
    const offset = this.#offset++;
    this.#unplaced.push(() => records && placeRecord(records, offset));
  }
}

describe.each([
  { form: 'over a store in memory', open: createMemoryStore },
  { form: 'over LMDB', open: openLmdb },
])('the run table $form', ({ open }) => {
  let table: Table;
  let plain: Table;

  beforeEach(() => {
    table = new Table(storageIn(open));
    plain = new Table(undefined);
  });
  afterEach(() => table.projection.stored?.store.close());

  function expectEqual(): void {
    const { state, runLog, timers } = plain.projection;
    const other = table.projection;
    expect(other.state.runs.size).toBe(state.runs.size);
    expect([...new Set(other.state.runs.keys())].sort()).toEqual([...state.runs.keys()].sort());
    expect([...other.state.closedRuns]).toEqual([...state.closedRuns]);
    for (const [runId, run] of state.runs as Map<string, RunState>) {
      expect(other.state.runs.has(runId)).toBe(true);
      expect(table.get(runId)).toEqual(run);
      expect(other.runLog.get(runId)).toEqual(runLog.get(runId));
      expect(other.state.currentRuns.get(run.workflowId)).toBe(state.currentRuns.get(run.workflowId));
      expect(other.timers.dueAt(runId)).toBe(timers.dueAt(runId));
    }
  }

  for (const seed of [1, 2, 3]) {
    it(`is as the table in memory, whatever happens to the runs (seed ${seed})`, () => {
      const random = randomFrom(seed);
      const pick = (n: number) => Math.floor(random() * n);
      let now = 1_000_000;
      for (let offset = 0; offset < 1_500; offset++) {
        const runIds = [...plain.projection.state.runs.keys()];
        const command = makeCommand(offset, plain.get(runIds[pick(runIds.length)] ?? ''), pick);
        const due = plain.projection.timers.due(now);
        for (const each of [plain, table]) {
          if (due !== undefined) each.take({ kind: 'timer-due', runId: due }, now);
          each.take({ kind: 'command', command }, now);
          if (offset % 5 === 0) each.acknowledge();
          if (offset % 50 === 0) sweep(each.projection, now, 20_000);
        }
        now += pick(200);
        if (offset % 300 === 0) expectEqual();
      }
      expectEqual();
      expect(plain.projection.state.runs.size).toBeGreaterThan(20);
    });
  }

  it('keeps no more in memory than there is room for', () => {
    for (let offset = 0; offset < 1_000; offset++) {
      const fresh = makeCommand(offset, undefined, () => 0);
      table.take(
        { kind: 'command', command: { ...fresh, header: { ...fresh.header, workflowId: `w${offset}` } } as never },
        1,
      );
      table.acknowledge();
    }
    expect(table.projection.state.runs.size).toBe(1_000);
    expect(table.projection.stored?.runs.hotSize).toBeLessThanOrEqual(30_000 / HOT_RUN_OVERHEAD_BYTES);
  });

  it('knows nothing any more of runs that are forgotten, in memory or not', () => {
    for (let offset = 0; offset < 50; offset++) {
      const fresh = makeCommand(offset, undefined, () => 0);
      const header = { ...fresh.header, workflowId: `w${offset}` };
      table.take({ kind: 'command', command: { ...fresh, header } as never }, 1);
      const terminate = { reason: '', details: [] };
      table.take(
        {
          kind: 'command',
          command: {
            ...defaultsOf.TerminateWorkflow,
            type: 'TerminateWorkflow',
            ...terminate,
            header: { ...header, runId: null },
          },
        },
        2,
      );
      table.acknowledge();
    }
    expect(table.projection.state.closedRuns.size).toBe(50);
    sweep(table.projection, 1_000, 1);
    expect(table.projection.state.closedRuns.size).toBe(0);
    expect(table.projection.state.runs.size).toBe(0);
    expect([...table.projection.state.runs.keys()]).toEqual([]);
    for (let offset = 0; offset < 50; offset++) {
      expect(table.projection.state.runs.has(`run-${offset}`)).toBe(false);
      expect(table.projection.state.currentRuns.get(`w${offset}`)).toBeUndefined();
    }
  });
});
