import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { HistoryFold } from '../../services/history/history-fold.js';
import { readRange } from '../../services/history/read-range.js';
import { Standbys } from '../../services/history/standbys.js';
import { type FoldOptions, openFold, takeOver } from '../../services/history/takeover.js';
import { silentLogger } from '../../services/platform/logger.js';
import { provisionNamespace } from '../../services/platform/namespace.js';
import { activity, complete } from '../core/scenario.js';
import { faultyLog } from './faulty-log.js';
import { eventually, World } from './world.js';

const signal = new AbortController().signal;

let world: World;
let standbys: Standbys;
let options: FoldOptions;
let readFrom: unknown[];

beforeEach(async () => {
  world = new World();
  const log = world.connect();
  const { codec, topics, clock } = world;
  const counts = { partitions: 1, replyPartitions: 2, taskPartitions: 2 };
  const configuration = await provisionNamespace({ log, codec, namespace: 'test', ...counts, clock });
  readFrom = [];
  const watched = faultyLog(log, { onAssign: (_source, from) => readFrom.push(from) });
  const environment = { log: watched, codec, topics, configuration, clock, logger: silentLogger };
  options = { ...environment, partition: 0 };
  standbys = new Standbys(environment);
});

afterEach(() => standbys.close());

/** Follows the partition from now on. */
async function standBy(): Promise<void> {
  standbys.keep([0]);
  world.clock.advance(5_000);
  await eventually(() => standbys.warm.includes(0));
}

/** Runs so many workflows: one in three is over, one waits for an activity, one for its first task. */
async function work(name: string, workflows: number): Promise<void> {
  const ids = Array.from({ length: workflows }, (_, i) => `${name}${i}`);
  for (const id of ids) await world.start(id);
  const mine = async () => {
    const tasks = await world.messagesOf('WorkflowTask', 'test.tasks.q.workflow');
    return tasks.filter(({ workflowId }) => workflowId.startsWith(name));
  };
  await eventually(async () => (await mine()).length >= workflows);
  for (const [index, task] of (await mine()).entries()) {
    if (index % 3 === 0) await world.complete(task, complete);
    if (index % 3 === 1) await world.complete(task, activity('a'));
  }
  const last = await world.start(`${name}-last`);
  await eventually(async () =>
    (await world.messagesOf('CommandAccepted', world.topics.replies)).some(({ requestId }) => requestId === last),
  );
}

/** What a fold says of its partition. */
function contentOf({ projection, batch, commandsOffset, undelivered, claim, position }: HistoryFold) {
  const { state, runLog } = projection;
  const records = [...state.runs.keys()].map((runId) => runLog.get(runId));
  return { state, records, batch, commandsOffset, undelivered, claim, position };
}

async function foldCold(): Promise<HistoryFold> {
  const fold = await openFold(options);
  const source = { topic: world.topics.history, partition: 0 };
  const { next } = await options.log.offsets(source);
  const onRecords = (records: Parameters<HistoryFold['add']>[0]) => fold.add(records);
  await readRange({ log: options.log, source, from: fold.position, to: next, onRecords, signal });
  return fold;
}

describe('a standby', () => {
  it('H3 has folded what its owner wrote just as one who reads it all at once', async () => {
    await world.startService({ standby: false });
    await work('before', 12);
    await standBy();
    await work('after', 12);
    const cold = await foldCold();
    await eventually(() => standbys.warm.includes(0));
    const warm = await standbys.take(0);
    expect(warm?.position).toBe(cold.position);
    expect(warm && contentOf(warm)).toEqual(contentOf(cold));
    expect(warm?.projection.state.runs.size).toBe(26);
  });

  it('H4 spares the takeover all but the tail', async () => {
    const service = await world.startService({ standby: false });
    await work('w', 12);
    await standBy();
    await service.stop();
    const warm = await standbys.take(0);
    readFrom = [];
    const takeover = await takeOver({ ...options, identity: 'heir', clock: world.clock, signal, warm });
    expect(readFrom.length).toBeGreaterThan(0);
    for (const from of readFrom) expect(from).toBeGreaterThan(12);
    expect(takeover.ownerEpoch).toBe(2);
    expect(takeover.fold.projection.state.runs.size).toBe(13);
    await takeover.appender.close();
  });

  it('is none for a partition that it does not follow, or no longer', async () => {
    await world.startService({ standby: false });
    expect(await standbys.take(0)).toBeUndefined();
    await standBy();
    standbys.keep([]);
    expect(standbys.warm).toEqual([]);
    expect(await standbys.take(0)).toBeUndefined();
  });

  it('that meets what it cannot read leaves that to the owner, and begins anew later', async () => {
    const service = await world.startService({ standby: false });
    await work('w', 3);
    await service.stop();
    await standBy();
    await world.put({ topic: world.topics.history, partition: 0 }, null, { 'mr-owner-epoch': Buffer.from('9') });
    await eventually(() => standbys.warm.length === 0);
    expect(await standbys.take(0)).toBeUndefined();
  });

  it('is kept by each service for the partitions of the others', async () => {
    const world = new World({ partitions: 4 });
    const services = [await world.startService({ serviceId: 'a' }), await world.startService({ serviceId: 'b' })];
    await eventually(() => services.every(({ serving }) => serving.length === 2));
    for (let second = 0; second < 4; second++) {
      world.clock.advance(1_000);
      for (let turn = 0; turn < 50; turn++) await new Promise((resolve) => setImmediate(resolve));
    }
    const [a, b] = services;
    expect(a?.standingBy.sort()).toEqual(b?.serving.sort());
    expect(b?.standingBy.sort()).toEqual(a?.serving.sort());
  });
});
