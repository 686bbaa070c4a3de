import { describe, expect, it } from 'vitest';
import { defaultsOf } from '../../schemas/generated/defaults.js';
import { CodecError } from '../../services/platform/codec/errors.js';
import { partitionOf } from '../../services/platform/partitioner.js';
import { eventually, World } from './world.js';

describe('what is no command of the partition', () => {
  const cases = {
    'bytes of no Millrace writer': { value: () => Buffer.from('{"type":"StartWorkflow"}'), reason: 'schema id' },
    'a cut record': { value: (world: World) => encodedSignal(world).subarray(0, 20), reason: 'bytes' },
    'no value': { value: () => null, reason: 'no value' },
    'a schema nobody knows': { value: () => Buffer.from([0, 0, 9, 9, 9, 2, 2]), reason: '592137' },
    'a message that is no command': {
      value: (world: World) => world.codec.encode({ type: 'PartitionOwnerChanged', partition: 0, ownerEpoch: 1 }),
      reason: 'PartitionOwnerChanged is not a command',
    },
  };
  for (const [what, { value, reason }] of Object.entries(cases)) {
    it(`is set aside with its reason, and the partition goes on: ${what}`, async () => {
      const world = new World();
      await world.startService();
      await world.start('before');
      const commands = { topic: world.topics.commands, partition: 0 };
      const offset = await world.put(commands, value(world), { mine: Buffer.from('kept') });
      await world.start('after');
      const started = await world.awaitMessages('WorkflowExecutionStarted', world.topics.history, 2);
      expect(started.map(({ header }) => header.workflowId)).toEqual(['before', 'after']);

      const [letter, ...more] = await world.records(world.topics.deadLetters);
      expect(more).toEqual([]);
      expect(letter?.value).toEqual(value(world));
      expect(String(letter?.headers['mr-reason'])).toContain(reason);
      expect(String(letter?.headers['mr-source-topic'])).toBe(world.topics.commands);
      expect(String(letter?.headers['mr-source-offset'])).toBe(String(offset));
      expect(String(letter?.headers.mine)).toBe('kept');
    });
  }

  it('is set aside when its workflow id belongs to another partition', async () => {
    const world = new World({ partitions: 2 });
    await world.startService();
    const wrong = 1 - partitionOf('w', 2);
    await world.put({ topic: world.topics.commands, partition: wrong }, encodedSignal(world));
    await eventually(async () => (await world.records(world.topics.deadLetters)).length === 1);
    const [letter] = await world.records(world.topics.deadLetters);
    expect(String(letter?.headers['mr-reason'])).toContain(`belongs to partition ${1 - wrong}`);
  });

  it('is not set aside while the registry, which may know its schema, is away', async () => {
    const world = new World();
    let registryIsAway = true;
    const known = world.codec;
    const signal = encodedSignal(world);
    const codec = {
      ...known,
      decode(bytes: Uint8Array) {
        if (registryIsAway && signal.equals(bytes)) throw new CodecError('UNKNOWN_SCHEMA', 'not known yet');
        return known.decode(bytes);
      },
      async decodeLearning(bytes: Uint8Array) {
        if (registryIsAway && signal.equals(bytes)) throw new CodecError('REGISTRY_UNAVAILABLE', 'away');
        return known.decode(bytes);
      },
    };
    await world.startService({ codec });
    await world.start('w');
    await world.awaitMessages('WorkflowExecutionStarted', world.topics.history);
    await world.put({ topic: world.topics.commands, partition: 0 }, signal);
    await eventually(() => true);
    world.clock.advance(1_000);
    registryIsAway = false;
    await eventually(async () => {
      world.clock.advance(1_000);
      return (await world.messagesOf('WorkflowExecutionSignaled', world.topics.history)).length === 1;
    });
    expect(await world.records(world.topics.deadLetters)).toEqual([]);
  });
});

function encodedSignal(world: World): Buffer {
  const header = { requestId: 'signal', workflowId: 'w', runId: null, identity: '', sentAt: 0, replyTo: null };
  return world.codec.encode({
    ...defaultsOf.SignalWorkflow,
    type: 'SignalWorkflow',
    header,
    signalName: 's',
    input: [],
    headers: {},
  });
}
