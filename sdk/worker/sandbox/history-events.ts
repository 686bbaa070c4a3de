import type { HistoryEvent } from '../../../schemas/generated/messages.js';
import type { Codec } from '../../../services/platform/codec/codec.js';
import { CodecError } from '../../../services/platform/codec/errors.js';
import { WorkflowExecutorError } from './errors.js';

/** An event of a run. */
export type RunEvent = Exclude<HistoryEvent, { readonly type: 'PartitionOwnerClaimed' }>;

/** An event with the size of its record. */
export interface SizedEvent {
  readonly event: RunEvent;
  readonly bytes: number;
}

/**
 * Decodes a run's numbered events; records of progress are left out. Throws when a number is missing: code run on half
 * a history would do wrong things silently.
 */
export function decodeEvents(codec: Codec, records: readonly Uint8Array[]): SizedEvent[] {
  const events: SizedEvent[] = [];
  for (const bytes of records) {
    const event = decodeEvent(codec, bytes);
    if (event === undefined || event.header.eventId === 0) continue;
    const previous = events.at(-1)?.event.header.eventId;
    if (previous !== undefined && event.header.eventId !== previous + 1) {
      throw new Error(`event ${previous} of run ${event.header.runId} is followed by event ${event.header.eventId}`);
    }
    events.push({ event, bytes: bytes.length });
  }
  return events;
}

function decodeEvent(codec: Codec, bytes: Uint8Array): RunEvent | undefined {
  try {
    const message = codec.decode(asBuffer(bytes));
    return 'header' in message && 'eventId' in message.header ? (message as RunEvent) : undefined;
  } catch (error) {
    // A newer service may write events that an older worker does without.
    if (error instanceof CodecError && error.facts.skippable === true) return undefined;
    // Written in a schema that was not there when the sandbox began: the worker's thread can learn it.
    if (error instanceof CodecError && error.code === 'UNKNOWN_SCHEMA') {
      throw new WorkflowExecutorError('TASK_UNREADABLE', error.message, { cause: error });
    }
    throw error;
  }
}

export function asBuffer(bytes: Uint8Array): Buffer {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}
