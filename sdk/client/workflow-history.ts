import type { HistoryEvent } from '../../schemas/generated/messages.js';
import { isObject, isUint8Array } from '../common/cross-realm.js';
import { type ClientContext, checkId, type Target } from './client-context.js';

/** The events of a run, in order, numbered from 1 without gaps. Payloads are as the codecs left them. */
export interface History {
  readonly events: readonly HistoryEvent[];
}

/** Errors: WorkflowNotFoundError, ServiceError. */
export async function fetchHistory(context: ClientContext, { workflowId, runId }: Target): Promise<History> {
  checkId('workflowId', workflowId);
  const connection = await context.connect();
  const encoded = await connection.readHistory(workflowId, runId ?? null, 1);
  const events: HistoryEvent[] = [];
  for (const bytes of encoded) {
    events.push((await connection.codec.decodeLearning(bytes)) as HistoryEvent);
  }
  return { events };
}

/** A history as plain JSON values: bytes become base64. */
export function historyToJSON(history: History): unknown {
  return plain(history);
}

function plain(value: unknown): unknown {
  if (isUint8Array(value)) return Buffer.from(value).toString('base64');
  if (Array.isArray(value)) return value.map(plain);
  if (!isObject(value)) return value;
  return Object.fromEntries(Object.entries(value).map(([key, field]) => [key, plain(field)]));
}
