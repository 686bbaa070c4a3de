// Reads all of a namespace's history as anyone could, and checks it.
import type { HistoryEvent } from '../../../schemas/generated/messages.js';
import type { Codec } from '../../../services/platform/codec/codec.js';
import type { Log } from '../../../services/platform/log/log.js';
import { topicsOf } from '../../../services/platform/topics.js';

export type RunEvent = Exclude<HistoryEvent, { type: 'PartitionOwnerClaimed' }>;

/** Every event on `history`, by run, in the order of the log. */
export async function readRuns(log: Log, codec: Codec, namespace: string): Promise<Map<string, RunEvent[]>> {
  const topic = topicsOf(namespace).history;
  const partitions = (await log.partitionCount(topic)) ?? 0;
  const runs = new Map<string, RunEvent[]>();
  for (let partition = 0; partition < partitions; partition++) {
    for (const event of await readPartition(log, codec, topic, partition)) {
      if (event.type === 'PartitionOwnerClaimed') continue;
      const events = runs.get(event.header.runId) ?? [];
      events.push(event);
      runs.set(event.header.runId, events);
    }
  }
  return runs;
}

async function readPartition(log: Log, codec: Codec, topic: string, partition: number): Promise<HistoryEvent[]> {
  const { earliest, next } = await log.offsets({ topic, partition });
  const events: HistoryEvent[] = [];
  if (earliest === next) return events;
  await new Promise<void>((resolve, reject) => {
    const reader = log.reader((_source, records) => {
      for (const { offset, value } of records) {
        if (offset >= next || value === null) continue;
        events.push(codec.decode(value) as HistoryEvent);
        if (offset === next - 1) reader.close().then(resolve, reject);
      }
    });
    reader.assign({ topic, partition }, earliest).catch(reject);
  });
  return events;
}

/** What is wrong with a closed run's events: gaps, doubles, outcomes counted twice, things after its end. */
export function flaws(events: readonly RunEvent[]): string[] {
  const found: string[] = [];
  let eventId = 0;
  const settled = new Map<number, string>();
  events.forEach(({ header }, index) => {
    if (header.sequence !== index + 1) found.push(`sequence ${header.sequence} stands at place ${index + 1}`);
    if (header.eventId === 0) return;
    eventId += 1;
    if (header.eventId !== eventId) found.push(`event ${header.eventId} follows ${eventId - 1}`);
  });
  for (const event of events) {
    if (!isActivityEnd(event)) continue;
    const earlier = settled.get(event.scheduledEventId);
    if (earlier !== undefined) found.push(`activity ${event.scheduledEventId} has ${earlier} and ${event.type}`);
    settled.set(event.scheduledEventId, event.type);
  }
  const closes = events.filter(({ type }) =>
    /^WorkflowExecution(Completed|Failed|Canceled|Terminated|TimedOut|ContinuedAsNew)$/.test(type),
  );
  if (closes.length !== 1 || closes[0] !== events.at(-1))
    found.push(`${closes.length} ends, the last event is ${events.at(-1)?.type}`);
  return found;
}

type ActivityEnd = Extract<
  RunEvent,
  { type: 'ActivityTaskCompleted' | 'ActivityTaskFailed' | 'ActivityTaskTimedOut' | 'ActivityTaskCanceled' }
>;

function isActivityEnd(event: RunEvent): event is ActivityEnd {
  return /^ActivityTask(Completed|Failed|TimedOut|Canceled)$/.test(event.type);
}
