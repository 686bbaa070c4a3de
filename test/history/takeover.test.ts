import { describe, expect, it } from 'vitest';
import { writeBatchHeaders } from '../../services/history/batch-headers.js';
import type { TopicPartition } from '../../services/platform/log/log.js';
import { complete } from '../core/scenario.js';
import { eventually, World } from './world.js';

const queue = 'test.tasks.q.workflow';

describe('a takeover (H4)', () => {
  it('resumes exactly after the last command accounted for', async () => {
    const world = new World();
    const first = await world.startService();
    for (const id of ['a', 'b', 'c']) await world.start(id);
    await world.awaitMessages('CommandAccepted', world.topics.replies, 3);
    await first.stop();
    for (const id of ['d', 'e']) await world.start(id);

    const reads: Array<TopicPartition & { from: unknown }> = [];
    await world.startService({ faults: { onAssign: (source, from) => void reads.push({ ...source, from }) } });
    const started = await world.awaitMessages('WorkflowExecutionStarted', world.topics.history, 5);
    expect(started.map(({ header }) => header.workflowId)).toEqual(['a', 'b', 'c', 'd', 'e']);
    expect(reads.filter(({ topic }) => topic === world.topics.commands)).toEqual([
      { topic: world.topics.commands, partition: 0, from: 3 },
    ]);
  });

  it('resumes there too when a leader that slept through an election says that the commands end before', async () => {
    const world = new World();
    const first = await world.startService();
    for (const id of ['a', 'b', 'c']) await world.start(id);
    await world.awaitMessages('CommandAccepted', world.topics.replies, 3);
    await first.stop();
    await world.start('d');

    const from: unknown[] = [];
    await world.startService({
      faults: {
        onOffsets: async ({ topic }, next) => (topic === world.topics.commands ? { earliest: 0, next: 1 } : next()),
        onAssign: ({ topic }, offset) => void (topic === world.topics.commands && from.push(offset)),
      },
    });
    await world.awaitMessages('WorkflowExecutionStarted', world.topics.history, 4);
    expect(from).toEqual([3]);
  });

  it('claims an epoch above every one before it, and numbers batches on', async () => {
    const world = new World();
    for (const id of ['a', 'b', 'c']) {
      const service = await world.startService();
      await world.start(id);
      await world.awaitMessages('WorkflowTask', queue, 1);
      await service.stop();
    }
    const claims = await world.messagesOf('PartitionOwnerClaimed', world.topics.history);
    expect(claims.map(({ ownerEpoch }) => ownerEpoch)).toEqual([1, 2, 3]);
    const batches = (await world.records(world.topics.history)).flatMap(({ headers }) =>
      String(headers['mr-batch'] ?? ''),
    );
    expect(batches.filter((batch) => batch !== '')).toEqual(['1', '2', '3']);
  });

  it('claims again where somebody else has claimed as high an epoch meanwhile', async () => {
    const world = new World();
    let raced = false;
    await world.startService({
      faults: {
        onAppend: async (_records, next) => {
          if (!raced) {
            raced = true;
            const claim = {
              type: 'PartitionOwnerClaimed',
              partition: 0,
              ownerEpoch: 1,
              identity: 'x',
              claimedAt: 1,
            } as const;
            const headers = writeBatchHeaders({ ownerEpoch: 1, account: undefined });
            await world.put({ topic: world.topics.history, partition: 0 }, world.codec.encode(claim), { ...headers });
          }
          return next();
        },
      },
    });
    const claims = await world.messagesOf('PartitionOwnerClaimed', world.topics.history);
    expect(claims.map(({ ownerEpoch, identity }) => [ownerEpoch, identity])).toEqual([
      [1, 'x'],
      [1, 'history'],
      [2, 'history'],
    ]);
  });

  it('sends again what is past the outbox watermark, and nothing before it (H5)', async () => {
    const world = new World();
    let isCut = false;
    const never = new Promise<number>(() => {});
    const faults = { onSend: (_t: unknown, _r: unknown, next: () => Promise<number>) => (isCut ? never : next()) };
    const first = await world.startService({ faults });
    await world.start('a');
    await world.awaitMessages('WorkflowTask', queue, 1);
    await world.awaitMessages('CommandAccepted', world.topics.replies, 1);
    isCut = true;
    await world.start('b');
    await world.awaitMessages('WorkflowExecutionStarted', world.topics.history, 2);
    await first.crash();

    await world.startService();
    const tasks = await world.awaitMessages('WorkflowTask', queue, 2);
    expect(tasks.map(({ workflowId }) => workflowId).sort()).toEqual(['a', 'b']);
    const accepted = await world.awaitMessages('CommandAccepted', world.topics.replies, 2);
    expect(accepted.map(({ workflowId }) => workflowId)).toEqual(['a', 'b']);
  });

  it('does not send a task again that has been answered', async () => {
    const world = new World();
    let isCut = false;
    const lost = () => Promise.resolve(0);
    const first = await world.startService({ faults: { onSend: (_t, _r, next) => (isCut ? lost() : next()) } });
    await world.start('a');
    const [task] = await world.awaitMessages('WorkflowTask', queue, 1);
    isCut = true;
    if (task !== undefined) await world.complete(task, complete);
    await world.awaitMessages('WorkflowExecutionCompleted', world.topics.history, 1);
    await first.crash();
    const second = await world.startService();
    await second.stop();
    expect(await world.messagesOf('WorkflowTask', queue)).toHaveLength(1);
  });

  it('tells all askers of the new owner, and answers the waits they ask for again', async () => {
    const world = new World();
    const first = await world.startService();
    await world.start('a');
    const [task] = await world.awaitMessages('WorkflowTask', queue, 1);
    await world.send('AwaitWorkflowResult', {}, { workflowId: 'a', requestId: 'wait' });
    await eventually(async () => (await world.messages(world.topics.replies)).length >= 3);
    await first.stop();

    await world.startService();
    const changes = await world.awaitMessages('PartitionOwnerChanged', world.topics.replies, 4);
    expect(changes.filter(({ ownerEpoch }) => ownerEpoch === 2)).toHaveLength(2);
    await world.send('AwaitWorkflowResult', {}, { workflowId: 'a', requestId: 'wait' });
    if (task !== undefined) await world.complete(task, complete);
    const [closed, ...more] = await world.awaitMessages('WorkflowClosed', world.topics.replies, 1);
    expect(closed).toMatchObject({ requestId: 'wait', status: 'COMPLETED' });
    expect(more).toEqual([]);
  });
});
