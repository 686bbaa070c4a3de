import type { HistoryEvent } from '../../schemas/generated/messages.js';
import { readRange } from '../../services/history/read-range.js';
import type { LogRecord } from '../../services/platform/log/log.js';
import { topics, type World } from './world.js';

export type RunEvent = Exclude<HistoryEvent, { type: 'PartitionOwnerClaimed' }>;

/** A run as history has it. */
export interface Run {
  readonly workflowId: string;
  readonly runId: string;
  readonly events: RunEvent[];
  /** When each of them came to the log, in true time. */
  readonly recordedAtMs: number[];
}

/** The runs of all partitions, by run id, in the order in which they began. */
export async function runsOf(world: World): Promise<Map<string, Run>> {
  const runs = new Map<string, Run>();
  const lastTimes: number[] = [];
  for (const { value, partition, offset, timestamp } of await recordsOf(world, topics.history)) {
    const event = world.codec.decode(value ?? Buffer.alloc(0)) as HistoryEvent;
    if (event.type === 'PartitionOwnerClaimed') continue;
    const { workflowId, runId, eventTime } = event.header;
    if (eventTime < (lastTimes[partition] ?? 0))
      throw new Error(`time runs backwards in partition ${partition} at ${offset}`);
    lastTimes[partition] = eventTime;
    const run = runs.get(runId) ?? { workflowId, runId, events: [], recordedAtMs: [] };
    run.events.push(event);
    run.recordedAtMs.push(timestamp);
    runs.set(runId, run);
  }
  return runs;
}

export type FoundRecord = LogRecord & { readonly partition: number };

/** All records of a topic, also deleted ones, those of a partition in order; none where there is no such topic. */
export async function recordsOf(
  { broker, deleted }: Pick<World, 'broker' | 'deleted'>,
  topic: string,
): Promise<FoundRecord[]> {
  const log = broker.connect();
  const partitions = (await log.partitionCount(topic)) ?? 0;
  const records: FoundRecord[] = [];
  for (let partition = 0; partition < partitions; partition++) {
    const source = { topic, partition };
    for (const record of deleted.of(source)) records.push({ ...record, partition });
    const { earliest, next } = await log.offsets(source);
    const onRecords = async (read: readonly LogRecord[]) => {
      for (const record of read) records.push({ ...record, partition });
    };
    await readRange({ log, source, from: earliest, to: next, onRecords, signal: new AbortController().signal });
  }
  return records;
}

export function wrong(run: Run, what: string): Error {
  return new Error(`run ${run.runId} of ${run.workflowId}: ${what}`);
}
