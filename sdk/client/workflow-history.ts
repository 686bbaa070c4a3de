import type { HistoryEvent } from '../../schemas/generated/messages.js';
import type { History } from '../common/lib/proto-utils.js';
import { type ClientContext, checkId, type Target } from './client-context.js';

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
