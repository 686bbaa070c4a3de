import { randomUUID } from 'node:crypto';
import { expect, it } from 'vitest';
import type { Reply } from '../../schemas/generated/messages.js';
import { Replies } from '../../sdk/client/replies.js';
import type { Clock } from '../../services/platform/clock.js';
import { createLocalCodec } from '../../services/platform/codec/local-codec.js';
import { createMemoryBroker } from '../../services/platform/log/memory/memory-log.js';
import { silentLogger } from '../../services/platform/logger.js';
import { eventually } from '../kit/kit.js';

it('reads answers only while somebody waits for one, from the end on each time', async () => {
  let fire: () => void = () => {};
  const clock: Clock = {
    now: () => 0,
    setTimer: (_atMs, then) => {
      fire = then;
      return () => {
        fire = () => {};
      };
    },
  };
  const log = createMemoryBroker().connect();
  const codec = createLocalCodec();
  const topic = 'replies';
  await log.createTopics([{ topic, partitions: 1 }]);
  const heard: string[] = [];
  const onReply = (reply: Reply) => void heard.push('requestId' in reply ? String(reply.requestId) : reply.type);
  const settings = { log, codec, clock, topic, partitions: 1, logger: silentLogger, newId: randomUUID };
  const replies = await Replies.open({ ...settings, onReply });
  const producer = log.producer();
  const answer = (requestId: string) => {
    const value = codec.encode({ type: 'CommandAccepted', requestId, workflowId: 'w', runId: 'r' });
    return producer.send({ topic, partition: 0 }, [{ key: Buffer.from(replies.address.asker), value }]);
  };

  await answer('while it reads');
  await eventually(() => expect(heard).toEqual(['while it reads']));
  replies.rest();
  expect(replies.listen()).toBeUndefined();
  fire();
  await answer('before it rests');
  await eventually(() => expect(heard).toHaveLength(2));

  replies.rest();
  fire();
  await answer('while it rests');
  await replies.listen();
  await answer('when it reads again');
  await eventually(() => expect(heard).toHaveLength(3));
  expect(heard.at(-1)).toBe('when it reads again');
  await replies.close();
});
