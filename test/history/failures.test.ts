import { describe, expect, it } from 'vitest';
import { defaultsOf } from '../../schemas/generated/defaults.js';
import { writeBatchHeaders } from '../../services/history/batch-headers.js';
import { LogError } from '../../services/platform/log/errors.js';
import { activity, failure, startBody } from '../core/scenario.js';
import type { Faults } from './faulty-log.js';
import { eventually, World } from './world.js';

const ids = ['a', 'b', 'c', 'd', 'e', 'f'];

/** Fails the append that has records of this workflow, once, before or after it is written. */
function failAppendOf(workflowId: string, isWritten: boolean): Faults {
  let failed = false;
  return {
    onAppend: async (records, next) => {
      const isMeant = records.some(({ key }) => key?.toString() === workflowId);
      if (failed || !isMeant) return next();
      failed = true;
      if (isWritten) await next();
      throw new LogError('LOG_UNAVAILABLE', 'the test takes the broker away');
    },
  };
}

/** Moves the clock, which the owner's back-off waits for, until the condition holds. */
async function withTime(world: World, condition: () => Promise<boolean>): Promise<void> {
  await eventually(async () => {
    world.clock.advance(100);
    return condition();
  });
}

describe('a failed append', () => {
  for (const isWritten of [true, false]) {
    it(`loses nothing and doubles nothing when the batch was ${isWritten ? 'written' : 'not written'}`, async () => {
      const world = new World();
      const faults = failAppendOf('d', isWritten);
      await world.startService({ faults });
      for (const id of ids) await world.start(id);
      await withTime(world, async () => {
        const accepted = await world.messagesOf('CommandAccepted', world.topics.replies);
        return new Set(accepted.map(({ workflowId }) => workflowId)).size === ids.length;
      });
      const started = await world.messagesOf('WorkflowExecutionStarted', world.topics.history);
      expect(started.map(({ header }) => header.workflowId)).toEqual(ids);
      const claims = await world.messagesOf('PartitionOwnerClaimed', world.topics.history);
      expect(claims.map(({ ownerEpoch }) => ownerEpoch)).toEqual([1, 2]);
      const tasks = await world.messagesOf('WorkflowTask', 'test.tasks.q.workflow');
      expect(new Set(tasks.map(({ workflowId }) => workflowId)).size).toBe(ids.length);
    });
  }

  it('sends nothing of what was not acknowledged (H5)', async () => {
    const world = new World();
    await world.startService({ faults: failAppendOf('a', false) });
    await world.start('a');
    await eventually(() => true);
    expect(await world.messages('test.tasks.q.workflow')).toEqual([]);
    expect(await world.messagesOf('CommandAccepted', world.topics.replies)).toEqual([]);
  });
});

describe('a zombie', () => {
  it('is refused by the broker, and takes over anew only while the partition is its own', async () => {
    const world = new World();
    let holdBack: Promise<void> | undefined;
    const faults: Faults = {
      onAppend: async (_records, next) => {
        await holdBack;
        return next();
      },
    };
    const zombie = await world.startService({ faults });
    let wake = () => {};
    holdBack = new Promise((resolve) => {
      wake = resolve;
    });
    await world.start('a');
    const log = world.connect();
    const history = { topic: world.topics.history, partition: 0 };
    const appender = await log.fencedAppender({ ...history, transactionalId: 'test.history-0' });
    const claim = {
      type: 'PartitionOwnerClaimed',
      partition: 0,
      ownerEpoch: 2,
      identity: 'new',
      claimedAt: 1,
    } as const;
    const headers = writeBatchHeaders({ ownerEpoch: 2, account: undefined });
    await appender.append([{ key: null, value: world.codec.encode(claim), headers }]);
    holdBack = undefined;
    wake();
    await zombie.stop();
    expect(await world.messagesOf('WorkflowExecutionStarted', world.topics.history)).toEqual([]);
    expect(await world.messages('test.tasks.q.workflow')).toEqual([]);
  });

  it('is not counted where a broker let its batch in (H3)', async () => {
    const world = new World();
    const service = await world.startService();
    await world.start('a');
    await world.awaitMessages('WorkflowTask', 'test.tasks.q.workflow');
    await service.stop();
    const history = { topic: world.topics.history, partition: 0 };
    const records = await world.records(world.topics.history);
    // A new owner claims; then the old one's last batch comes once more, under its own epoch.
    const next = await world.startService();
    const last = records.at(-1);
    await world.put(history, last?.value ?? null, { ...last?.headers });
    await next.stop();
    await world.startService();
    await world.send('SignalWorkflow', { signalName: 's', input: [], headers: {} }, { workflowId: 'a' });
    const [signal] = await world.awaitMessages('WorkflowExecutionSignaled', world.topics.history);
    expect(signal?.header).toMatchObject({ eventId: 3, sequence: 3 });
  });
});

describe('a partition that can not be served (H9)', () => {
  it('says so, is tried again ever more slowly, and leaves the others alone', async () => {
    const world = new World({ partitions: 2 });
    const setUp = await world.startService();
    await setUp.stop();
    const garbage = writeBatchHeaders({ ownerEpoch: 9, account: undefined });
    await world.put({ topic: world.topics.history, partition: 0 }, Buffer.from('garbage'), { ...garbage });

    const failures: Array<{ partition: number; at: number }> = [];
    const startedAt = world.clock.now();
    const onPartitionFailed = (partition: number) => failures.push({ partition, at: world.clock.now() - startedAt });
    const service = await world.startService({ onPartitionFailed });
    expect(service.serving).toEqual([1]);
    await withTime(world, async () => failures.length >= 4);
    expect(failures.map(({ partition }) => partition)).toEqual([0, 0, 0, 0]);
    const waits = failures.slice(1).map(({ at }, index) => at - (failures[index]?.at ?? 0));
    expect(waits[1]).toBeGreaterThanOrEqual((waits[0] ?? 0) * 2 - 100);
    expect(waits[2]).toBeGreaterThanOrEqual((waits[1] ?? 0) * 2 - 100);
    for (const id of ids) await world.start(id);
    await world.awaitMessages('WorkflowExecutionStarted', world.topics.history);
  });
});

describe('a command that would write too much (H2)', () => {
  it('is refused by name, and the partition goes on', async () => {
    const world = new World();
    await world.startService();
    // The command just fits a record; with what the event adds it fits no batch.
    const input = [{ metadata: {}, data: Buffer.alloc(8 * 1024 * 1024 - 1000) }];
    const requestId = await world.send('StartWorkflow', { ...startBody, input }, { workflowId: 'large' });
    await world.start('small');
    const [rejected] = await world.awaitMessages('CommandRejected', world.topics.replies);
    expect(rejected).toMatchObject({ requestId, code: 'TOO_LARGE' });
    expect(rejected?.message).toContain('StartWorkflow would write');
    const started = await world.awaitMessages('WorkflowExecutionStarted', world.topics.history);
    expect(started.map(({ header }) => header.workflowId)).toEqual(['small']);
  });
});

describe('a time too far off for a record', () => {
  it('does not stop the partition', async () => {
    const world = new World();
    const failures: unknown[] = [];
    await world.startService({ onPartitionFailed: (_partition, error) => failures.push(error) });
    await world.start('w');
    const [task] = await world.awaitMessages('WorkflowTask', 'test.tasks.q.workflow');
    const nextRetryDelayMs = 2 ** 52 - 1;
    if (task !== undefined) await world.complete(task, activity('1'));
    await world.awaitMessages('ActivityTask', 'test.tasks.q.activity');
    const applicationInfo = {
      ...defaultsOf.ApplicationFailureInfo,
      failureType: 'Error',
      nonRetryable: false,
      nextRetryDelayMs,
    };
    const far = { ...failure('later'), applicationInfo };
    await world.send('FailActivityTask', { scheduledEventId: 5, attempt: 1, failure: far });
    await world.awaitMessages('ActivityTaskAttemptFailed', world.topics.history);
    expect(failures).toEqual([]);
  });
});
