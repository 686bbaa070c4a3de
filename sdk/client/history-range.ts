import type { HistoryEvent, WorkflowHistoryRange } from '../../schemas/generated/messages.js';
import { after, type Clock } from '../../services/platform/clock.js';
import type { Codec } from '../../services/platform/codec/codec.js';
import { CodecError } from '../../services/platform/codec/errors.js';
import type { Log, LogRecord } from '../../services/platform/log/log.js';
import { ServiceError } from './errors.js';

/**
 * Reads the events of a closed run straight from `history`, encoded as they stand there, without records of progress.
 * Errors: ServiceError HISTORY_EXPIRED, NO_ANSWER; CodecError for an event of a newer Millrace that may not be skipped.
 */
export async function readHistoryRange(options: {
  readonly log: Log;
  readonly codec: Codec;
  readonly topic: string;
  readonly range: WorkflowHistoryRange;
  readonly firstEventId: number;
  readonly timeoutMs: number;
  readonly clock: Clock;
}): Promise<Uint8Array[]> {
  const { log, codec, topic, range, firstEventId, timeoutMs, clock } = options;
  const source = { topic, partition: range.partition };
  const { earliest } = await log.offsets(source);
  if (earliest > range.firstOffset) {
    throw new ServiceError(
      'HISTORY_EXPIRED',
      `the history of workflow '${range.workflowId}', run ${range.runId}, is past the retention of topic '${topic}'`,
    );
  }

  const key = Buffer.from(range.workflowId);
  const events: Uint8Array[] = [];
  const collect = async (record: LogRecord): Promise<void> => {
    if (record.value === null || record.key === null || !record.key.equals(key)) return;
    const event = await decodeEvent(codec, record.value);
    if (event === undefined || event.type === 'PartitionOwnerClaimed') return;
    const { runId, eventId } = event.header;
    if (runId === range.runId && eventId >= Math.max(firstEventId, 1)) events.push(record.value);
  };

  return new Promise<Uint8Array[]>((resolve, reject) => {
    const reader = log.reader(async (_source, records) => {
      try {
        for (const record of records) {
          if (record.offset <= range.lastOffset) await collect(record);
          if (record.offset >= range.lastOffset) return end(() => resolve(events));
        }
      } catch (error) {
        end(() => reject(error));
      }
    });
    const callOff = after(clock, timeoutMs, () => {
      const run = `workflow '${range.workflowId}', run ${range.runId}`;
      const message = `the history of ${run} could not be read within ${timeoutMs} ms: is the broker reachable?`;
      end(() => reject(new ServiceError('NO_ANSWER', message)));
    });
    const end = (settle: () => void): void => {
      callOff();
      // The handler calls this too, and a reader may wait for its handler: so the close isn't awaited.
      reader.close().catch(() => undefined);
      settle();
    };
    reader.assign(source, range.firstOffset).catch((error: unknown) => end(() => reject(error)));
  });
}

/** The event, or undefined for one of a newer Millrace whose writer lets readers skip it. */
async function decodeEvent(codec: Codec, value: Buffer): Promise<HistoryEvent | undefined> {
  try {
    return (await codec.decodeLearning(value)) as HistoryEvent;
  } catch (error) {
    if (error instanceof CodecError && error.code === 'UNKNOWN_TYPE' && error.facts.skippable === true)
      return undefined;
    throw error;
  }
}
