// The oracle itself: in all the seeds it has nothing to say, and so it could as well be blind.
import { describe, expect, it } from 'vitest';
import type { Command } from '../../schemas/generated/messages.js';
import { createLocalCodec } from '../../services/platform/codec/local-codec.js';
import { createMemoryBroker } from '../../services/platform/log/memory/memory-log.js';
import { checkAcceptances } from './acceptance-oracle.js';
import { DeletedRecords } from './retention.js';
import { taskQueue, topics } from './world.js';

const topic = topics.activityTasks(taskQueue);
const header = { requestId: 'r', workflowId: 'w', runId: 'run', identity: 'worker', sentAt: 0, replyTo: null };
const answer: Command = { type: 'CompleteActivityTask', header, scheduledEventId: 5, attempt: 1, result: null };

/** A task that was committed when `commands` had so many records, and whose answer is there in the end. */
async function committedWhen(commandsEnd: number) {
  const broker = createMemoryBroker();
  const codec = createLocalCodec();
  const log = broker.connect();
  const others = [topics.deadLetters, topics.workflowTasks(taskQueue), topics.commands];
  await log.createTopics([topic, ...others].map((name) => ({ topic: name, partitions: 1 })));
  const producer = log.producer();
  const task = { key: null, value: null, headers: { 'mr-id': Buffer.from('run/5/1') } };
  await producer.send({ topic, partition: 0 }, [task]);
  await producer.send({ topic: topics.commands, partition: 0 }, [{ key: null, value: codec.encode(answer) }]);
  const commit = { atMs: Date.now(), offsets: [{ topic, partition: 0, offset: 1 }], commandsEnds: [commandsEnd] };
  return { broker, codec, deleted: new DeletedRecords(), shape: { partitions: 1 }, commits: [commit] };
}

describe('the oracle of acceptances', () => {
  it('notices a task that a worker took for done before its answer was on the log', async () => {
    await expect(checkAcceptances(await committedWhen(0), new Map())).rejects.toThrow('committed before its answer');
  });

  it('has nothing against one that was answered first', async () => {
    await checkAcceptances(await committedWhen(1), new Map());
  });
});
