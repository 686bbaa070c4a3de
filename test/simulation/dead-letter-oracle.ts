// What was set aside: every stranger among the commands, and none of ours.
import { messageSchemas } from '../../schemas/generated/messages.js';
import { partitionOf } from '../../services/platform/partitioner.js';
import { type FoundRecord, recordsOf } from './recorded-runs.js';
import { topics, type World } from './world.js';

export async function checkDeadLetters(world: World): Promise<void> {
  const setAside = new Set<string>();
  for (const { headers } of await recordsOf(world, topics.deadLetters)) {
    const [topic, partition, offset, reason] = ['topic', 'partition', 'offset'].map(
      (name) => headers[`mr-source-${name}`],
    );
    if (offset?.toString() === '-1') throw new Error(`a record could not be delivered: ${reason}`);
    setAside.add(`${topic}/${partition}@${offset}`);
  }
  for (const record of await recordsOf(world, topics.commands)) {
    const place = `${topics.commands}/${record.partition}@${record.offset}`;
    const isOurs = isCommandOf(world, record);
    if (isOurs && setAside.has(place)) throw new Error(`the command at ${place} was set aside`);
    if (!isOurs && !setAside.has(place)) throw new Error(`the stranger at ${place} was not set aside`);
  }
}

function isCommandOf({ codec, shape }: World, { value, partition }: FoundRecord): boolean {
  if (value === null) return false;
  try {
    const message = codec.decode(value);
    if (!(`millrace.command.${message.type}` in messageSchemas) || !('header' in message)) return false;
    return partitionOf(message.header.workflowId, shape.partitions ?? 1) === partition;
  } catch {
    return false;
  }
}
