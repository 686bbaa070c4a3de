import type { NamespaceConfigured } from '../../schemas/generated/messages.js';
import type { Clock } from '../platform/clock.js';
import type { Codec } from '../platform/codec/codec.js';
import type { DeadLetters } from '../platform/dead-letters.js';
import type { Log, LogRecord, Producer } from '../platform/log/log.js';
import type { Logger } from '../platform/logger.js';
import type { Topics } from '../platform/topics.js';
import { type CommandIntakeOptions, readCommands } from './command-intake.js';
import type { CommandSource } from './command-source.js';
import { isOutstanding } from './core/effects.js';
import { Decider } from './decider.js';
import { Delivery } from './delivery.js';
import type { HistoryFold } from './history-fold.js';
import { PartitionLoop } from './loop.js';
import { isPacked, type Outbound, type PackingOptions, pack } from './outbound.js';
import type { Storage } from './projection.js';
import { writeSnapshots } from './snapshot-writer.js';
import { StateCheck } from './state-check.js';
import { takeOver } from './takeover.js';
import type { TaskTopics } from './task-topics.js';

/** What the partitions of a service share. */
export interface OwnerEnvironment {
  readonly log: Log;
  readonly codec: Codec;
  readonly topics: Topics;
  readonly configuration: NamespaceConfigured;
  readonly identity: string;
  readonly clock: Clock;
  /** The time that workflows live in (H7). */
  readonly workflowClock: Clock;
  readonly logger: Logger;
  readonly producer: Producer;
  readonly commandSource: CommandSource;
  readonly taskTopics: TaskTopics;
  readonly deadLetters: DeadLetters;
  /** Events of a partition between two checks of its state against its history; none unless set. */
  readonly checkStateEvery?: number | undefined;
  /** Where runs go that memory has no room for. Default: they stay in memory. */
  readonly storage?: Storage | undefined;
  /** Growth of a partition's history, in bytes, after which a snapshot is written. Default: `SNAPSHOT_AFTER_BYTES`. */
  readonly snapshotAfterBytes?: number | undefined;
}

export interface TenureOptions extends OwnerEnvironment {
  readonly partition: number;
  /** Aborted when the partition is to be given back. A loop that serves is not ended by it: stop that. */
  readonly signal: AbortSignal;
  readonly warm?: HistoryFold | undefined;
  readonly onClaimed?: ((ownerEpoch: number) => void) | undefined;
  /** Called when commands are being read. */
  readonly onServing: (loop: PartitionLoop) => void;
}

/**
 * One owner epoch of a partition: takes it over, sends again what may not have been delivered, and runs its loop.
 * Resolves when the loop has been stopped, and rejects with what ended it otherwise.
 */
export async function serve(options: TenureOptions): Promise<void> {
  const { topics, configuration, clock, workflowClock, logger, partition, signal } = options;
  const { appender, ownerEpoch, fold } = await takeOver(options);
  const over = new AbortController();
  const delivery = new Delivery(
    {
      ...options,
      replies: { topic: topics.replies, partitions: configuration.replyPartitions },
      commands: topics.commands,
      onRoom: () => loop?.wake(),
    },
    fold.batch,
  );
  let loop: PartitionLoop | undefined;
  try {
    const firstCommand = await findFirstCommand(options, fold);
    signal.throwIfAborted();
    const { projection, batch } = fold;
    const packing = { ...options, runLog: projection.runLog };
    resend(fold, packing, delivery);
    announce(options, ownerEpoch, delivery);
    const decider = new Decider({ ...packing, projection, commandsOffset: firstCommand - 1 });
    const retentionMs = configuration.closedRetentionMs;
    const loopOptions = {
      ownerEpoch,
      appender,
      projection,
      decider,
      delivery,
      batch,
      firstCommand,
      retentionMs,
      clock,
      workflowClock,
      stateCheck: createStateCheck(options, over.signal),
    };
    loop = new PartitionLoop(loopOptions);
    const ended = loop.run();
    const serving = feed(loop, firstCommand, { ...options, signal: over.signal }).then(() => {
      logger.info('partition served', { ownerEpoch, firstCommand, runs: projection.state.runs.size });
      if (loop !== undefined) options.onServing(loop);
    });
    void writeSnapshots({
      ...options,
      ...loopOptions,
      loop,
      bytesBehind: fold.bytes,
      signal: over.signal,
    }).catch((error) => loop?.fail(error));
    await Promise.all([serving, ended]);
  } catch (error) {
    loop?.fail(error);
    throw error;
  } finally {
    over.abort();
    options.commandSource.unassign(partition);
    delivery.close();
    await appender.close();
    await fold.close();
  }
}

function createStateCheck(options: TenureOptions, signal: AbortSignal): StateCheck | undefined {
  const { checkStateEvery: everyEvents, configuration } = options;
  if (everyEvents === undefined) return undefined;
  return new StateCheck({ ...options, everyEvents, retentionMs: configuration.closedRetentionMs, signal });
}

/** The first command that no batch accounts for. */
async function findFirstCommand({ log, topics, partition, logger }: TenureOptions, fold: HistoryFold): Promise<number> {
  const { earliest, next } = await log.offsets({ topic: topics.commands, partition });
  const accounted = fold.commandsOffset;
  if (accounted === undefined || accounted < 0) return earliest;
  const first = accounted + 1;
  if (first < earliest) {
    const problem = 'commands were deleted before they were decided: keep them for longer than the longest outage';
    logger.error(problem, { accounted, earliest, next });
    return earliest;
  }
  if (first > next) {
    // The answer may be that of a leader that slept through an election. To begin anew would decide everything again.
    const problem = 'commands end before what history accounts for: a replica fell behind, or the topic was made anew';
    logger.warn(`${problem}; waiting for what is missing`, { accounted, earliest, next });
  }
  return first;
}

/** Sends what the last owner may not have delivered (H5), where that still has a use. */
function resend(fold: HistoryFold, packing: PackingOptions, delivery: Delivery): void {
  for (const { batch, effects } of fold.undelivered) {
    const outbound: Outbound[] = [];
    for (const effect of effects) {
      if (isPacked(effect) && isOutstanding(fold.projection.state, effect)) pack(effect, packing, outbound);
    }
    delivery.release(outbound, batch);
  }
}

/** Tells every asker of the new owner, which knows nothing of the waits that the last one had in memory. */
function announce({ codec, configuration, partition }: TenureOptions, ownerEpoch: number, delivery: Delivery): void {
  const value = codec.encode({ type: 'PartitionOwnerChanged', partition, ownerEpoch });
  const partitions = Array.from({ length: configuration.replyPartitions }, (_, replyPartition) => replyPartition);
  delivery.release(partitions.map((spread) => ({ topic: 'replies' as const, spread, record: { key: null, value } })));
}

/** Reads commands into the loop until the signal is aborted. */
async function feed(loop: PartitionLoop, from: number, options: TenureOptions): Promise<void> {
  const { topics, configuration, partition } = options;
  const source = { topic: topics.commands, partition };
  const intake: CommandIntakeOptions = { ...options, source, partitions: configuration.partitions };
  await options.commandSource.assign(partition, from, (records: readonly LogRecord[]) => {
    try {
      const commands = readCommands(records, intake);
      if (!(commands instanceof Promise)) return loop.take(commands);
      return commands.then(
        (read) => loop.take(read),
        (error) => loop.fail(error),
      );
    } catch (error) {
      loop.fail(error);
      return undefined;
    }
  });
}
