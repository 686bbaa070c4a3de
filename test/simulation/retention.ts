// What an operator lets the brokers remove: of history and commands, what a snapshot stands for, and of the snapshots,
// those that were replaced. The oracles still know what there was.
import { findSnapshot } from '../../services/history/snapshot-records.js';
import type { LogRecord, TopicPartition } from '../../services/platform/log/log.js';
import type { Dice } from './dice.js';
import { recordsOf } from './recorded-runs.js';
import { placeOf } from './simulated-log.js';
import { topics, type World } from './world.js';

/** How long records stay once they might be removed: whoever has begun to read them, slow as he is, is done by then. */
const LAG_MS = 30_000;

const EVERY_MS = 5_000;

/** The records that were removed, by partition. */
export class DeletedRecords {
  readonly #byPlace = new Map<string, LogRecord[]>();

  of(source: TopicPartition): readonly LogRecord[] {
    return this.#byPlace.get(placeOf(source)) ?? [];
  }

  add(source: TopicPartition, records: readonly LogRecord[]): void {
    this.#byPlace.set(placeOf(source), [...this.of(source), ...records]);
  }
}

/** Removes what may be removed, now and then, to the end of the simulation. */
export function retainLittle(world: World, dice: Dice): void {
  const { scheduler } = world;
  const next = () => {
    for (let partition = 0; partition < (world.shape.partitions ?? 1); partition++) void retain(world, partition);
    scheduler.after(dice.spread(EVERY_MS), 'retention', next);
  };
  scheduler.after(dice.spread(EVERY_MS), 'retention', next);
}

async function retain(world: World, partition: number): Promise<void> {
  const { broker, codec, scheduler, trace } = world;
  const log = broker.connect();
  const source = { topic: topics.snapshots, partition };
  if ((await log.partitionCount(topics.snapshots)) === undefined) return;
  const snapshot = await findSnapshot({ log, codec, source, signal: new AbortController().signal });
  if (snapshot === undefined) return;
  const { historyOffset, commandsOffset } = snapshot.head;
  const { next } = await log.offsets(source);
  scheduler.after(LAG_MS, `retention of partition ${partition}`, () => {
    trace.add(scheduler.nowMs, '-', `partition ${partition}: history before ${historyOffset} DELETED`);
    void remove(world, { topic: topics.history, partition }, historyOffset);
    void remove(world, { topic: topics.commands, partition }, (commandsOffset ?? -1) + 1);
    broker.compactBefore(source, next);
  });
}

async function remove(world: World, source: TopicPartition, end: number): Promise<void> {
  const { deleted, broker } = world;
  const known = deleted.of(source).at(-1)?.offset ?? -1;
  const all = await recordsOf(world, source.topic);
  const gone = all.filter(({ partition, offset }) => partition === source.partition && offset > known && offset < end);
  deleted.add(source, gone);
  broker.deleteBefore(source, end);
}
