import { describe, expect, it } from 'vitest';
import { historyGroup } from '../../services/platform/topics.js';
import { complete } from '../core/scenario.js';
import { eventually, World } from './world.js';

describe('history services', () => {
  it('share the partitions, and those kept go on as they are when another joins', async () => {
    const world = new World({ partitions: 4 });
    const first = await world.startService();
    expect(first.serving).toEqual([0, 1, 2, 3]);
    const second = await world.startService();
    await eventually(() => first.serving.length === 2 && second.serving.length === 2);
    expect([...first.serving, ...second.serving].sort()).toEqual([0, 1, 2, 3]);
    const claims = await world.messagesOf('PartitionOwnerClaimed', world.topics.history);
    expect(claims).toHaveLength(6);
  });

  it('hand over what they have when they stop, and nothing is lost or doubled', async () => {
    const world = new World({ partitions: 4 });
    const services = [await world.startService(), await world.startService()];
    const ids = Array.from({ length: 60 }, (_, i) => `w${i}`);
    for (const [index, id] of ids.entries()) {
      await world.start(id);
      if (index % 20 === 10) {
        const [oldest] = services.splice(0, 1);
        services.push(await world.startService());
        await oldest?.stop();
      }
    }
    const started = await world.awaitMessages('WorkflowExecutionStarted', world.topics.history, ids.length);
    expect(started.map(({ header }) => header.workflowId).sort()).toEqual([...ids].sort());
    const tasks = await world.awaitMessages('WorkflowTask', 'test.tasks.q.workflow', ids.length);
    for (const task of new Map(tasks.map((task) => [task.workflowId, task])).values())
      await world.complete(task, complete);
    const completed = await world.awaitMessages('WorkflowExecutionCompleted', world.topics.history, ids.length);
    expect(completed).toHaveLength(ids.length);
  });

  it('keep what was accepted while no service ran', async () => {
    const world = new World();
    const setUp = await world.startService();
    await setUp.stop();
    await world.start('w');
    expect(await world.messagesOf('WorkflowExecutionStarted', world.topics.history)).toEqual([]);
    await world.startService();
    await world.awaitMessages('WorkflowTask', 'test.tasks.q.workflow');
  });

  it('tell their group how far they have come, for those who watch its lag', async () => {
    const world = new World();
    const service = await world.startService();
    for (const id of ['a', 'b', 'c']) await world.start(id);
    await world.awaitMessages('WorkflowExecutionStarted', world.topics.history, 3);
    await service.stop();
    const commands = { topic: world.topics.commands, partition: 0 };
    const member = { groupId: historyGroup('test'), topics: [commands.topic], sessionTimeoutMs: 6_000 };
    const membership = await world.connect().joinGroup({ ...member, onAssigned: () => {}, onFailed: () => {} });
    expect(await membership.committed([commands])).toEqual([{ ...commands, offset: 3 }]);
  });

  it('forget closed runs once their retention has passed, so that their ids count as unused', async () => {
    const world = new World();
    await world.startService({ closedRetentionMs: 60_000 });
    await world.start('w');
    const [task] = await world.awaitMessages('WorkflowTask', 'test.tasks.q.workflow');
    if (task !== undefined) await world.complete(task, complete);
    await world.awaitMessages('WorkflowExecutionCompleted', world.topics.history);
    world.clock.advance(80_000);
    await world.send('DescribeWorkflow', {}, { requestId: 'gone' });
    const [rejected] = await world.awaitMessages('CommandRejected', world.topics.replies);
    expect(rejected).toMatchObject({ requestId: 'gone', code: 'WORKFLOW_NOT_FOUND' });
  });
});
