import { Decider } from '../../services/history/decider.js';
import { Delivery } from '../../services/history/delivery.js';
import { PartitionLoop } from '../../services/history/loop.js';
import type { Storage } from '../../services/history/projection.js';
import { takeOver } from '../../services/history/takeover.js';
import { TaskTopics } from '../../services/history/task-topics.js';
import type { Codec } from '../../services/platform/codec/codec.js';
import { createLocalCodec } from '../../services/platform/codec/local-codec.js';
import { createDeadLetters } from '../../services/platform/dead-letters.js';
import { createMemoryBroker } from '../../services/platform/log/memory/memory-log.js';
import { silentLogger } from '../../services/platform/logger.js';
import { provisionNamespace } from '../../services/platform/namespace.js';
import { topicsOf } from '../../services/platform/topics.js';
import { type Faults, faultyLog } from './faulty-log.js';
import { ManualClock } from './manual-clock.js';

export interface LoneLoopOptions {
  readonly retentionMs: number;
  readonly storage?: (codec: Codec) => Storage;
  readonly faults?: Faults;
}

/** One partition's loop, with its state in the test's hands. */
export async function openLoop({ retentionMs, storage, faults = {} }: LoneLoopOptions) {
  const clock = new ManualClock();
  const broker = createMemoryBroker({ now: () => clock.now() });
  const log = faultyLog(broker.connect(), faults);
  const codec = createLocalCodec();
  const topics = topicsOf('test');
  const given = { log, codec, namespace: 'test', partitions: 1, closedRetentionMs: retentionMs };
  const configuration = await provisionNamespace(given);
  const { signal }: { readonly signal: AbortSignal } = new AbortController();
  const logger = silentLogger;
  const shared = { log, codec, topics, configuration, partition: 0, identity: 'history', clock, logger, signal };
  const { appender, ownerEpoch, fold } = await takeOver({ ...shared, storage: storage?.(codec) });
  const { projection } = fold;
  const taskTopics = new TaskTopics(shared);
  const producer = log.producer();
  const deadLetters = createDeadLetters({ producer, topics, logger });
  const replies = { topic: topics.replies, partitions: configuration.replyPartitions };
  const onRoom = () => {};
  const commands = topics.commands;
  const delivery = new Delivery({ producer, taskTopics, deadLetters, replies, commands, clock, logger, onRoom }, 0);
  const decider = new Decider({ ...shared, taskTopics, projection, runLog: projection.runLog, commandsOffset: -1 });
  const begin = { ownerEpoch, batch: 0, firstCommand: 0, retentionMs };
  const loop = new PartitionLoop({ ...begin, appender, projection, decider, delivery, clock, workflowClock: clock });
  return { ...shared, broker, ownerEpoch, projection, delivery, loop, ended: loop.run() };
}
