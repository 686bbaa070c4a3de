import type { HistoryEvent } from '../../schemas/generated/messages.js';
import { type ClientContext, checkId, type Target } from './client-context.js';
import { type FetchedEvent, withTemporalView } from './temporal-event.js';

/** The events of a run so far, or of the whole run if it has ended: a `History`, and Temporal's view of each event. */
export interface FetchedHistory {
  readonly events: readonly FetchedEvent[];
}

/** Errors: WorkflowNotFoundError, ServiceError. */
export async function fetchHistory(context: ClientContext, { workflowId, runId }: Target): Promise<FetchedHistory> {
  checkId('workflowId', workflowId);
  const connection = await context.connect();
  const encoded = await connection.readHistory(workflowId, runId ?? null, 1);
  const events: FetchedEvent[] = [];
  for (const bytes of encoded) {
    events.push(withTemporalView((await connection.codec.decodeLearning(bytes)) as HistoryEvent));
  }
  return { events };
}
