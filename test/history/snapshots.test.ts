import { describe, expect, it } from 'vitest';
import { defaultsOf } from '../../schemas/generated/defaults.js';
import type { Command } from '../../schemas/generated/messages.js';
import { isOutstanding } from '../../services/history/core/effects.js';
import type { Effect } from '../../services/history/core/input.js';
import { HistoryFold } from '../../services/history/history-fold.js';
import { readKept } from '../../services/history/kept-run.js';
import { sweep } from '../../services/history/projection.js';
import { readRange } from '../../services/history/read-range.js';
import { createMemoryStore } from '../../services/history/run-store.js';
import { type Chunk, chunksOf } from '../../services/history/snapshot-chunks.js';
import { writeSnapshots } from '../../services/history/snapshot-writer.js';
import { type FoldOptions, openFold } from '../../services/history/takeover.js';
import type { Codec } from '../../services/platform/codec/codec.js';
import type { LogRecord, NewRecord } from '../../services/platform/log/log.js';
import { silentLogger } from '../../services/platform/logger.js';
import { startBody } from '../core/scenario.js';
import type { Faults } from './faulty-log.js';
import { openLoop } from './lone-loop.js';
import { randomFrom } from './random.js';
import { makeCommand } from './random-commands.js';
import { eventually } from './world.js';

const source = { topic: 'test.snapshots', partition: 0 };

/** So little memory that nearly every run is in the store. */
const tiny = (codec: Codec) => ({ codec, open: createMemoryStore, hotBytes: 20_000 });

type Loop = Awaited<ReturnType<typeof openLoop>>;

function chunksIn({ projection, codec }: Loop, historyOffset: number, chunkBytes: number): Chunk[] {
  return [...chunksOf(projection, codec, historyOffset, chunkBytes)].filter((chunk) => chunk !== undefined);
}

/** Feeds random commands to a loop that writes a snapshot as soon as it has written the last one. */
async function play(loop: Loop, seed: number, commands: number, onCommand = async () => {}): Promise<void> {
  const random = randomFrom(seed);
  const pick = (n: number) => Math.floor(random() * n);
  const over = new AbortController();
  const written = writeSnapshots({ ...loop, bytesBehind: 0, snapshotAfterBytes: 1, signal: over.signal });
  for (let offset = 0; offset < commands; offset++) {
    const runIds = [...loop.projection.state.runs.keys()];
    const run = loop.projection.state.runs.get(runIds[pick(runIds.length)] ?? '');
    await loop.loop.take([{ offset, command: makeCommand(offset, run, pick) }]);
    if (pick(3) === 0) await new Promise((resolve) => setImmediate(resolve));
    if (pick(3) === 0) loop.clock.advance(pick(3_000));
    await onCommand();
  }
  over.abort();
  await written;
  await loop.loop.stop();
  await loop.ended;
}

/** Reads history to its end, from the newest snapshot or from its beginning. */
async function read(loop: Loop, options: Partial<FoldOptions> & { readonly fromHistory?: boolean } = {}) {
  const topics = { ...loop.topics, ...(options.fromHistory && { snapshots: 'test.history' }) };
  const ignored: unknown[] = [];
  const logger = { ...silentLogger, error: (_: string, facts?: Record<string, unknown>) => ignored.push(facts?.error) };
  const fold = await openFold({ ...loop, ...options, topics, logger });
  const history = { topic: loop.topics.history, partition: 0 };
  const { next } = await loop.log.offsets(history);
  const begunAt = fold.position;
  const onRecords = (records: Parameters<HistoryFold['add']>[0]) => fold.add(records);
  await readRange({ log: loop.log, source: history, from: begunAt, to: next, onRecords, signal: loop.signal });
  // What is past its retention goes sooner or later: for the comparison, now.
  sweep(fold.projection, loop.clock.now(), loop.configuration.closedRetentionMs);
  return { fold, begunAt, ignored };
}

/** All that a fold says of its partition, whatever its tables are. */
function contentOf({ projection, batch, commandsOffset, claim, position, undelivered }: HistoryFold) {
  const { state, runLog, timers } = projection;
  const runIds = [...new Set(state.runs.keys())].sort();
  const runs = runIds.map((runId) => ({ run: state.runs.get(runId), records: runLog.get(runId) }));
  const outstanding = undelivered.flatMap(({ effects }) => effects).filter((effect) => isOutstanding(state, effect));
  return {
    runs,
    size: state.runs.size,
    current: runs.map(({ run }) => state.currentRuns.get(run?.workflowId ?? '')),
    closed: [...state.closedRuns],
    due: runIds.map((runId) => timers.dueAt(runId)),
    effects: new Set(outstanding.map(nameOf)),
    ...{ ownerEpoch: state.ownerEpoch, lastEventTime: state.lastEventTime, batch, commandsOffset, position },
    claimed: claim.epoch,
  };
}

function nameOf(effect: Effect): string {
  switch (effect.kind) {
    case 'dispatch-activity-task':
      return `activity ${effect.task.runId}/${effect.task.scheduledEventId}/${effect.task.attempt}`;
    case 'dispatch-workflow-task':
      return `workflow ${effect.runId}/${effect.scheduledEventId}/${effect.attempt}`;
    default:
      return JSON.stringify(effect);
  }
}

async function recordsOfSnapshots({ log, signal }: Loop): Promise<LogRecord[]> {
  const records: LogRecord[] = [];
  const onRecords = async (read: readonly LogRecord[]) => void records.push(...read);
  await readRange({ log, source, from: 0, to: (await log.offsets(source)).next, onRecords, signal });
  return records;
}

/** Puts a record behind the snapshots, as if a writer of ours had. */
async function append({ log }: Loop, record: NewRecord): Promise<void> {
  const appender = await log.fencedAppender({ ...source, transactionalId: 'test' });
  await appender.append([record]);
  await appender.close();
}

describe('H4: a takeover from a snapshot', () => {
  for (const seed of [1, 2, 3, 4, 5, 6, 7, 8]) {
    it(`says what all of history says, at any time (seed ${seed})`, async () => {
      const storage = seed % 2 === 0 ? tiny : undefined;
      const loop = await openLoop({ retentionMs: seed % 3 === 0 ? 5_000 : 600_000, ...(storage && { storage }) });
      let commands = 0;
      let fromSnapshot = 0;
      await play(loop, seed, 300, async () => {
        if (commands++ % 20 !== 0) return;
        const { fold, begunAt, ignored } = await read(loop, { storage: commands % 2 ? tiny(loop.codec) : undefined });
        const { fold: whole } = await read(loop, { fromHistory: true });
        expect(ignored).toEqual([]);
        expect(contentOf(fold)).toEqual(contentOf(whole));
        if (begunAt > 0) fromSnapshot += 1;
      });
      expect(fromSnapshot).toBeGreaterThan(5);
    });
  }
});

describe('a snapshot that is written while the partition is being opened', () => {
  it('is taken: history is looked at behind it, not before', async () => {
    const faults: Faults = {};
    const loop = await openLoop({ retentionMs: 600_000, faults });
    await play(loop, 1, 100);
    // Until somebody has looked at the snapshots, history is as it was before the snapshot.
    let hasLooked = false;
    faults.onOffsets = async ({ topic }, next) => {
      if (topic === loop.topics.snapshots) hasLooked = true;
      const offsets = await next();
      return topic === loop.topics.history && !hasLooked ? { ...offsets, next: 1 } : offsets;
    };
    const { ignored, begunAt } = await read(loop);
    expect(ignored).toEqual([]);
    expect(begunAt).toBeGreaterThan(1);
  });
});

/** A command that makes a workflow of its own begin, or end. */
function startOf(workflowId: string): Command {
  return { type: 'StartWorkflow', ...startBody, header: headerOf(workflowId) };
}

function endOf(workflowId: string): Command {
  return {
    ...defaultsOf.TerminateWorkflow,
    type: 'TerminateWorkflow',
    reason: '',
    details: [],
    header: headerOf(workflowId),
  };
}

function headerOf(workflowId: string) {
  return { requestId: workflowId, workflowId, runId: null, identity: 'test', sentAt: 0, replyTo: null };
}

describe('a snapshot under way', () => {
  it('passes over a run that ends and is forgotten before the snapshot comes to it', async () => {
    const loop = await openLoop({ retentionMs: 5_000 });
    await loop.loop.take([startOf('stays'), startOf('goes')].map((command, offset) => ({ offset, command })));
    await eventually(() => loop.loop.acknowledged?.batch === loop.loop.decided);
    const begin = loop.loop.acknowledged;
    if (begin === undefined) throw new Error('nothing is acknowledged');
    await loop.loop.take([{ offset: 2, command: endOf('goes') }]);
    await eventually(() => loop.loop.acknowledged?.batch === loop.loop.decided);
    loop.clock.advance(30_000);
    expect([...loop.projection.state.runs.keys()]).toEqual(['stays']);

    const fold = new HistoryFold({ partition: 0, codec: loop.codec, retentionMs: 5_000 });
    fold.beginWith({
      ...{ format: 1, slot: 0, partition: 0, ownerEpoch: loop.ownerEpoch, runBytes: 0, firstChunkOffset: 0, chunks: 1 },
      ...{ batch: begin.batch, commandsOffset: begin.commandsOffset, historyOffset: begin.historyOffset },
      ...{ lastEventTime: 0, historyEndOffset: loop.loop.acknowledged?.historyOffset ?? 0 },
    });
    for (const { runs } of chunksIn(loop, begin.historyOffset, 1_000)) {
      for (const run of runs) fold.load(run, false);
    }
    const history = { topic: loop.topics.history, partition: 0 };
    const { next: to } = await loop.log.offsets(history);
    const onRecords = (records: readonly LogRecord[]) => fold.add(records);
    await readRange({ log: loop.log, source: history, from: fold.position, to, onRecords, signal: loop.signal });
    expect(contentOf(fold).runs).toEqual(contentOf((await read(loop, { fromHistory: true })).fold).runs);
    await loop.loop.stop();
  });

  for (const storage of [undefined, tiny]) {
    it(`leaves out what begins meanwhile (${storage ? 'with' : 'without'} a store)`, async () => {
      const loop = await openLoop({ retentionMs: 600_000, ...(storage && { storage }) });
      const take = async (first: number, ids: readonly string[]) => {
        await loop.loop.take(ids.map((id, index) => ({ offset: first + index, command: startOf(id) })));
        await eventually(() => loop.loop.acknowledged?.batch === loop.loop.decided);
      };
      const before = Array.from({ length: 20 }, (_, index) => `before-${index}`);
      await take(0, before);
      const begunAt = loop.loop.acknowledged?.historyOffset ?? 0;
      const meanwhile = Array.from({ length: 20 }, (_, index) => `meanwhile-${index}`);
      await take(20, meanwhile);
      const chunks = chunksIn(loop, begunAt, 100_000);
      const ids = chunks.flatMap(({ runs }) => runs.map((run) => readKept(loop.codec, run).workflowId));
      expect([...new Set(ids)].sort()).toEqual([...before].sort());
      await loop.loop.stop();
    });
  }

  it('gives others their turn where many runs are left out in a row', async () => {
    const loop = await openLoop({ retentionMs: 600_000 });
    const commands = Array.from({ length: 2_000 }, (_, offset) => ({ offset, command: startOf(`w-${offset}`) }));
    await loop.loop.take(commands);
    await eventually(() => loop.loop.acknowledged?.batch === loop.loop.decided);
    // All have begun since.
    const steps = [...chunksOf(loop.projection, loop.codec, 1, 100_000)];
    expect(steps).toEqual(Array.from({ length: steps.length }, () => undefined));
    expect(steps.length).toBeGreaterThan(5);
    await loop.loop.stop();
  });

  it('is not gone on with once its partition was given up, with which its runs are gone', async () => {
    let answer = () => {};
    const answered = new Promise<void>((resolve) => {
      answer = resolve;
    });
    let asked = 0;
    const faults: Faults = {};
    const storage = (codec: Codec) => ({ codec, open: createMemoryStore, hotBytes: 1 });
    const loop = await openLoop({ retentionMs: 600_000, storage, faults });
    const ids = Array.from({ length: 20 }, (_, index) => `w-${index}`);
    await loop.loop.take(ids.map((id, offset) => ({ offset, command: startOf(id) })));
    await eventually(() => loop.loop.acknowledged?.batch === loop.loop.decided);
    // Runs leave memory with the next decision, whatever it is.
    await loop.loop.take([{ offset: 20, command: endOf('nobody') }]);
    expect(loop.projection.stored?.runs.hotSize).toBe(0);
    // The log is slow to say where the last snapshot is.
    faults.onOffsets = async ({ topic }, next) => {
      if (topic === source.topic && asked++ === 0) await answered;
      return next();
    };
    const over = new AbortController();
    const written = writeSnapshots({ ...loop, bytesBehind: 0, snapshotAfterBytes: 1, signal: over.signal });
    await eventually(() => {
      loop.clock.advance(100);
      return asked > 0;
    });
    // As a tenure ends.
    await loop.loop.stop();
    over.abort();
    await loop.projection.stored?.store.close();
    answer();
    await written;
    expect(await recordsOfSnapshots(loop)).toEqual([]);
  });

  it('is not begun while effects of what it stands on are not delivered', async () => {
    let deliver = () => {};
    const delivered = new Promise<void>((resolve) => {
      deliver = resolve;
    });
    const isTask = (topic: string) => topic.includes('.tasks.');
    const faults: Faults = {
      onSend: async (target, _records, next) => {
        if (isTask(target.topic)) await delivered;
        return next();
      },
    };
    const loop = await openLoop({ retentionMs: 600_000, faults });
    const over = new AbortController();
    const written = writeSnapshots({ ...loop, bytesBehind: 0, snapshotAfterBytes: 1, signal: over.signal });
    await loop.loop.take([{ offset: 0, command: startOf('w') }]);
    const turns = async () => {
      for (let turn = 0; turn < 200; turn++) {
        loop.clock.advance(100);
        await new Promise((resolve) => setImmediate(resolve));
      }
    };
    await turns();
    expect(loop.loop.acknowledged?.batch).toBe(1);
    expect(await recordsOfSnapshots(loop)).toEqual([]);
    deliver();
    await turns();
    expect(await recordsOfSnapshots(loop)).toHaveLength(2);
    over.abort();
    await written;
    await loop.loop.stop();
  });
});

describe('H4: a snapshot that is of no use', () => {
  /** A loop with a complete snapshot, and the record that says so. */
  async function withSnapshot() {
    const loop = await openLoop({ retentionMs: 600_000 });
    await play(loop, 1, 100);
    const ends = (await recordsOfSnapshots(loop)).filter(({ value }) => {
      return value !== null && loop.codec.decode(value).type === 'SnapshotCompleted';
    });
    const value = ends.at(-1)?.value ?? Buffer.of();
    const head = loop.codec.decode(value);
    if (head.type !== 'SnapshotCompleted') throw new Error('no snapshot was written');
    return { loop, head, value };
  }

  async function expectHistory(loop: Loop, problem: string): Promise<void> {
    const { fold, ignored } = await read(loop);
    expect(ignored).toMatchObject([{ message: expect.stringContaining(problem) }]);
    expect(contentOf(fold)).toEqual(contentOf((await read(loop, { fromHistory: true })).fold));
  }

  it('is said so, and history is read: one of another format', async () => {
    const { loop, head } = await withSnapshot();
    await append(loop, { key: null, value: loop.codec.encode({ ...head, format: 0 }) });
    await expectHistory(loop, 'the snapshot is of format 0');
  });

  it('is said so, and history is read: one with a chunk too few', async () => {
    const { loop, head } = await withSnapshot();
    await append(loop, { key: null, value: loop.codec.encode({ ...head, chunks: head.chunks + 1 }) });
    await expectHistory(loop, 'chunk');
  });

  it('is said so, and history is read: one that can not be read', async () => {
    const { loop, value } = await withSnapshot();
    await append(loop, { key: null, value: value.subarray(0, 12) });
    await expectHistory(loop, '');
  });

  it('is said so, and history is read: one that is ahead of a history that was made anew', async () => {
    const { loop, head } = await withSnapshot();
    await append(loop, { key: null, value: loop.codec.encode({ ...head, historyEndOffset: 1_000_000 }) });
    await expectHistory(loop, 'history ends at');
  });

  it('is not replaced by what is left of history, where the rest is deleted: nobody is to lose a workflow by it', async () => {
    const { loop, head } = await withSnapshot();
    loop.broker.deleteBefore({ topic: loop.topics.history, partition: 0 }, head.historyOffset);
    await loop.loop.stop();
    expect((await read(loop)).ignored).toEqual([]);
    await append(loop, { key: null, value: loop.codec.encode({ ...head, format: 0 }) });
    await expect(read(loop)).rejects.toThrow(/history begins with batch \d+/);
  });

  it('is one that is not complete yet: the one before it is read', async () => {
    const { loop, head } = await withSnapshot();
    const { batch, ownerEpoch } = head;
    const chunk = { batch: batch + 1, ownerEpoch, index: 0, closedInOrder: false, runs: [], unfinished: false };
    const end = (await loop.log.offsets(source)).next - 1;
    await append(loop, {
      key: null,
      value: loop.codec.encode({ type: 'SnapshotChunk', ...chunk }),
      headers: { 'mr-last-complete': Buffer.from(String(end)) },
    });
    const { begunAt, ignored } = await read(loop);
    expect(ignored).toEqual([]);
    expect(begunAt).toBe(head.historyOffset);
  });
});

describe('a run longer than a chunk', () => {
  it('is cut in pieces and put together again', async () => {
    const loop = await openLoop({ retentionMs: 600_000 });
    await play(loop, 3, 60);
    const runs = chunksIn(loop, 1_000, 1_000_000).flatMap((chunk) => chunk.runs);
    const chunks = chunksIn(loop, 1_000, 100);
    expect(chunks.length).toBeGreaterThan(runs.length);
    expect(Math.max(...chunks.map((chunk) => Buffer.concat([...chunk.runs]).length))).toBeLessThanOrEqual(100);
    const whole: Buffer[] = [];
    let begun: Buffer[] = [];
    for (const chunk of chunks) {
      for (const [index, part] of chunk.runs.entries()) {
        begun.push(part);
        if (chunk.unfinished && index === chunk.runs.length - 1) continue;
        whole.push(Buffer.concat(begun));
        begun = [];
      }
    }
    expect(whole).toEqual(runs);
  });
});
