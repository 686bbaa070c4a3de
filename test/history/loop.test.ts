import { describe, expect, it } from 'vitest';
import { emptyFailure } from '../../sdk/common/failure/empty-failure.js';
import type { LogRecord } from '../../services/platform/log/log.js';
import { activity, complete } from '../core/scenario.js';
import { eventually, World } from './world.js';

const workflowTasks = 'test.tasks.q.workflow';
const activityTasks = 'test.tasks.q.activity';

/** Cuts history at the records with a batch's headers, which are the last of their batches. */
function batchesOf(records: readonly LogRecord[]): LogRecord[][] {
  const batches: LogRecord[][] = [[]];
  for (const record of records) {
    batches.at(-1)?.push(record);
    if (record.headers['mr-owner-epoch'] !== undefined) batches.push([]);
  }
  expect(batches.pop()).toEqual([]);
  return batches;
}

/** A service whose appends wait until they are let through. */
async function withSlowLog(world: World) {
  let isSlow = false;
  const waiting: Array<() => void> = [];
  const service = await world.startService({
    faults: {
      onAppend: async (_records, next) => {
        if (isSlow) await new Promise<void>((resolve) => waiting.push(resolve));
        return next();
      },
    },
  });
  isSlow = true;
  return {
    service,
    waiting,
    async letOneThrough() {
      await eventually(() => waiting.length > 0);
      waiting.shift()?.();
    },
  };
}

describe('group commit (H2)', () => {
  it('gathers what comes while an append is under way, and keeps each decision whole', async () => {
    const world = new World();
    const { letOneThrough, waiting } = await withSlowLog(world);
    for (let i = 0; i < 50; i++) await world.start(`w${i}`);
    await letOneThrough();
    await letOneThrough();
    const started = await world.awaitMessages('WorkflowExecutionStarted', world.topics.history, 50);
    expect(started).toHaveLength(50);
    expect(waiting).toHaveLength(0);

    const batches = batchesOf(await world.records(world.topics.history)).slice(1);
    expect(batches).toHaveLength(2);
    for (const batch of batches) {
      const events = batch.map(({ value }) => world.codec.decode(value ?? Buffer.alloc(0)));
      const starts = events.filter(({ type }) => type === 'WorkflowExecutionStarted').length;
      const tasks = events.filter(({ type }) => type === 'WorkflowTaskScheduled').length;
      expect(tasks).toBe(starts);
      expect(batch.filter(({ headers }) => Object.keys(headers).length > 0)).toHaveLength(1);
    }
    const accounted = batches.map((batch) => Number(batch.at(-1)?.headers['mr-commands-offset']));
    expect(accounted[1]).toBe(49);
  });

  it('splits what would not fit one batch between two decisions, never within one', async () => {
    const world = new World();
    const { letOneThrough } = await withSlowLog(world);
    const input = [{ metadata: {}, data: Buffer.alloc(3 * 1024 * 1024) }];
    for (const id of ['first', 'a', 'b', 'c']) await world.start(id, { input });
    for (let i = 0; i < 3; i++) await letOneThrough();
    await world.awaitMessages('WorkflowExecutionStarted', world.topics.history, 4);
    const sizes = batchesOf(await world.records(world.topics.history)).map((batch) => batch.length);
    expect(sizes).toEqual([1, 2, 4, 2]);
  });
});

describe('effects (H5)', () => {
  it('leave once their batch is acknowledged, not before', async () => {
    const world = new World();
    const { letOneThrough, waiting } = await withSlowLog(world);
    await world.start('w');
    await eventually(() => waiting.length === 1);
    expect(await world.messages(workflowTasks)).toEqual([]);
    await letOneThrough();
    await world.awaitMessages('WorkflowTask', workflowTasks);
  });

  it('that stand on no event wait for all that was decided before them', async () => {
    const world = new World();
    const { letOneThrough, waiting } = await withSlowLog(world);
    await world.start('w');
    await world.send('DescribeWorkflow', {}, { requestId: 'describe' });
    await eventually(() => waiting.length === 1);
    expect(await world.messagesOf('WorkflowDescribed', world.topics.replies)).toEqual([]);
    await letOneThrough();
    const [described] = await world.awaitMessages('WorkflowDescribed', world.topics.replies);
    expect(described).toMatchObject({ requestId: 'describe', historyLength: 2 });
  });
});

describe('time (H7)', () => {
  it('fires timers by the clock', async () => {
    const world = new World();
    await world.startService();
    await world.start('w');
    const [task] = await world.awaitMessages('WorkflowTask', workflowTasks);
    if (task !== undefined) await world.complete(task, { startTimer: { timerId: 't', startToFireTimeoutMs: 60_000 } });
    await world.awaitMessages('TimerStarted', world.topics.history);
    world.clock.advance(59_999);
    await eventually(() => true);
    expect(await world.messagesOf('TimerFired', world.topics.history)).toEqual([]);
    world.clock.advance(1);
    await world.awaitMessages('TimerFired', world.topics.history);
    const [, second] = await world.awaitMessages('WorkflowTask', workflowTasks, 2);
    expect(second).toMatchObject({ firstEventId: 3, attempt: 1 });
  });

  it('fires on takeover what fell due while nobody owned the partition', async () => {
    const world = new World();
    const first = await world.startService();
    await world.start('w');
    const [task] = await world.awaitMessages('WorkflowTask', workflowTasks);
    if (task !== undefined) await world.complete(task, { startTimer: { timerId: 't', startToFireTimeoutMs: 60_000 } });
    await world.awaitMessages('TimerStarted', world.topics.history);
    await first.stop();
    world.clock.advance(120_000);
    await world.startService();
    await world.awaitMessages('TimerFired', world.topics.history);
  });

  it('never runs backwards within a partition, whatever the clock does', async () => {
    const world = new World();
    const first = await world.startService();
    await world.start('a');
    await world.awaitMessages('WorkflowExecutionStarted', world.topics.history);
    world.clock.jump(-3_600_000);
    await world.start('b');
    await world.awaitMessages('WorkflowExecutionStarted', world.topics.history, 2);
    await first.stop();
    world.clock.jump(-3_600_000);
    await world.startService();
    await world.start('c');
    const started = await world.awaitMessages('WorkflowExecutionStarted', world.topics.history, 3);
    const times = started.map(({ header }) => header.eventTime);
    expect(times).toEqual([...times].sort((a, b) => a - b));
  });
});

describe('tasks', () => {
  it('carry the events that no completed task has seen, as they stand on history', async () => {
    const world = new World();
    await world.startService();
    await world.start('w');
    const [first] = await world.awaitMessages('WorkflowTask', workflowTasks);
    if (first !== undefined) await world.complete(first, activity('a'));
    await world.awaitMessages('ActivityTask', activityTasks);
    await world.send('SignalWorkflow', { signalName: 's', input: [], headers: {} });
    const [, second] = await world.awaitMessages('WorkflowTask', workflowTasks, 2);
    const types = second?.events.map((event) => world.codec.decode(Buffer.from(event)).type);
    expect(types).toEqual([
      'WorkflowTaskStarted',
      'WorkflowTaskCompleted',
      'ActivityTaskScheduled',
      'WorkflowExecutionSignaled',
      'WorkflowTaskScheduled',
    ]);
    const onHistory = (await world.records(world.topics.history)).map(({ value }) => value?.toString('hex'));
    for (const event of second?.events ?? []) expect(onHistory).toContain(Buffer.from(event).toString('hex'));
  });

  it('carry no events where they would not fit, and are told apart by run, event and attempt', async () => {
    const world = new World();
    await world.startService();
    await world.start('w', { input: [{ metadata: {}, data: Buffer.alloc(2 * 1024 * 1024) }] });
    const [task] = await world.awaitMessages('WorkflowTask', workflowTasks);
    expect(task).toMatchObject({ firstEventId: 1, seenEventId: 2, events: [] });
    const [record] = await world.records(workflowTasks);
    expect(String(record?.headers['mr-id'])).toBe('run-of-w/2/1');
  });

  it('go to another partition at each attempt', async () => {
    const world = new World();
    await world.startService();
    await world.start('w');
    const partitions: number[] = [];
    for (let attempt = 1; attempt <= 4; attempt++) {
      const tasks = await world.awaitMessages('WorkflowTask', workflowTasks, attempt);
      const task = tasks.find((other) => other.attempt === attempt);
      const record = (await world.records(workflowTasks)).find(({ headers }) =>
        `${headers['mr-id']}`.endsWith(`/${attempt}`),
      );
      partitions.push(record?.partition ?? -1);
      const { scheduledEventId = 0, seenEventId = 0 } = task ?? {};
      await world.send('FailWorkflowTask', {
        scheduledEventId,
        attempt,
        seenEventId,
        cause: 'WORKFLOW_WORKER_UNHANDLED_FAILURE',
        failure: emptyFailure('x'),
      });
      await eventually(
        async () => (await world.messagesOf('WorkflowTaskFailed', world.topics.history)).length === attempt,
      );
      world.clock.advance(10_000);
    }
    expect(partitions[0]).not.toBe(partitions[1]);
    expect(partitions).toEqual([partitions[0], partitions[1], partitions[0], partitions[1]]);
  });
});

describe('history replies', () => {
  it('of an open run bring its events in chunks', async () => {
    const world = new World();
    await world.startService();
    await world.start('w');
    const large = [{ metadata: {}, data: Buffer.alloc(700 * 1024) }];
    for (let i = 0; i < 3; i++) await world.send('SignalWorkflow', { signalName: 's', input: large, headers: {} });
    await world.send('GetWorkflowHistory', { firstEventId: 2 }, { requestId: 'get' });
    const chunks = await world.awaitMessages('WorkflowHistoryChunk', world.topics.replies, 3);
    expect(chunks.map(({ firstEventId, events, last }) => [firstEventId, events.length, last])).toEqual([
      [2, 2, false],
      [4, 1, false],
      [5, 1, true],
    ]);
  });

  it('of a closed run say where it stands, also after a takeover', async () => {
    const world = new World();
    const first = await world.startService();
    await world.start('other');
    await world.start('w');
    const tasks = await world.awaitMessages('WorkflowTask', workflowTasks, 2);
    const task = tasks.find(({ workflowId }) => workflowId === 'w');
    if (task !== undefined) await world.complete(task, complete);
    await world.send('GetWorkflowHistory', { firstEventId: 1 }, { requestId: 'get' });
    const [range] = await world.awaitMessages('WorkflowHistoryRange', world.topics.replies);
    const records = await world.records(world.topics.history);
    const own = records.filter(({ key }) => key?.toString() === 'w').map(({ offset }) => offset);
    expect(range).toMatchObject({ partition: 0, firstOffset: own[0], lastOffset: own.at(-1), lastEventId: 5 });

    await first.stop();
    await world.startService();
    await world.send('GetWorkflowHistory', { firstEventId: 1 }, { requestId: 'again' });
    // The first answer comes once more: it stands on no event, and so no batch accounted for its command.
    const ranges = await world.awaitMessages('WorkflowHistoryRange', world.topics.replies, 3);
    expect(ranges.at(-1)).toEqual({ ...range, requestId: 'again' });
  });
});
