import { describe, expect, it } from 'vitest';
import { MAX_DELIVERY_ATTEMPTS } from '../../services/platform/limits.js';
import { LogError } from '../../services/platform/log/errors.js';
import type { Faults } from './faulty-log.js';
import { eventually, World } from './world.js';

const lostTopic = 'test.tasks.lost.workflow';

/** Refuses sends to a topic for as long as `refuse` says. */
function refusing(topic: string, refuse: () => LogError | undefined): Faults & { tries: number } {
  const faults: Faults & { tries: number } = {
    tries: 0,
    onSend: async (target, _records, next) => {
      if (target.topic !== topic) return next();
      faults.tries += 1;
      const error = refuse();
      if (error !== undefined) throw error;
      return next();
    },
  };
  return faults;
}

describe('delivery', () => {
  it('makes the topics of a task queue on first use', async () => {
    const world = new World();
    await world.startService();
    expect(await world.connect().partitionCount(lostTopic)).toBeUndefined();
    await world.start('w', { taskQueue: 'lost' });
    await world.awaitMessages('WorkflowTask', lostTopic);
    expect(await world.connect().partitionCount(lostTopic)).toBe(2);
  });

  for (const code of ['UNKNOWN_TOPIC', 'LOG_UNAVAILABLE'] as const) {
    it(`is tried again after ${code}, while the other targets get theirs`, async () => {
      const world = new World();
      let isAway = true;
      const faults = refusing(lostTopic, () => (isAway ? new LogError(code, 'away') : undefined));
      await world.startService({ faults });
      await world.start('w', { taskQueue: 'lost' });
      await eventually(() => faults.tries > 0);
      await world.start('other');
      await world.awaitMessages('WorkflowTask', 'test.tasks.q.workflow');
      expect(await world.messages(lostTopic)).toEqual([]);
      isAway = false;
      await eventually(async () => {
        world.clock.advance(100);
        return (await world.messages(lostTopic)).length === 1;
      });
    });
  }

  it('to a target that is lost for good ends: the record is set aside, and the watermark moves on', async () => {
    const world = new World();
    let isLost = true;
    const faults = refusing(lostTopic, () => (isLost ? new LogError('UNKNOWN_TOPIC', 'deleted') : undefined));
    await world.startService({ faults });
    await world.start('w', { taskQueue: 'lost' });
    await eventually(async () => {
      world.clock.advance(1_000);
      return (await world.records(world.topics.deadLetters)).length === 1;
    });
    expect(faults.tries).toBeGreaterThanOrEqual(MAX_DELIVERY_ATTEMPTS);
    const [letter] = await world.records(world.topics.deadLetters);
    expect(String(letter?.headers['mr-id'])).toBe('run-of-w/2/1');
    expect(String(letter?.headers['mr-reason'])).toContain('deleted');

    isLost = false;
    await eventually(async () => {
      world.clock.advance(1_000);
      await world.send('SignalWorkflow', { signalName: 's', input: [], headers: {} });
      const watermarks = (await world.records(world.topics.history)).map(({ headers }) => headers['mr-outbox']);
      return Number(watermarks.at(-1) ?? 0) >= 3;
    });
  });

  it('keeps the order of what goes to one asker', async () => {
    const world = new World();
    let isFirst = true;
    const faults = refusing(world.topics.replies, () => {
      if (!isFirst) return undefined;
      isFirst = false;
      return new LogError('LOG_UNAVAILABLE', 'away');
    });
    await world.startService({ faults });
    for (const id of ['a', 'b', 'c', 'd']) await world.start(id);
    await eventually(async () => {
      world.clock.advance(100);
      return (await world.messagesOf('CommandAccepted', world.topics.replies)).length === 4;
    });
    const accepted = await world.messagesOf('CommandAccepted', world.topics.replies);
    expect(accepted.map(({ workflowId }) => workflowId)).toEqual(['a', 'b', 'c', 'd']);
  });

  it('drops a reply to a partition that does not exist', async () => {
    const world = new World();
    await world.startService();
    await world.send('DescribeWorkflow', {}, { replyTo: { partition: 99, asker: 'foreign' } });
    await world.start('w');
    await world.awaitMessages('CommandAccepted', world.topics.replies);
  });
});
