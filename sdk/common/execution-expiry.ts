import type { WorkflowExecutionStarted } from '../../schemas/generated/messages.js';
import { timeAfter } from './time-after.js';

/** When the time-out over all runs of a chain passes, by the start of any of them; null where there is none. */
export function executionExpiresAt(start: WorkflowExecutionStarted): number | null {
  if (start.workflowExecutionExpiresAt !== null || start.workflowExecutionTimeoutMs === null) {
    return start.workflowExecutionExpiresAt;
  }
  const { header, firstWorkflowTaskBackoffMs, workflowExecutionTimeoutMs } = start;
  return timeAfter(header.eventTime, firstWorkflowTaskBackoffMs + workflowExecutionTimeoutMs);
}
