import type { WorkflowExecutionStarted } from '../../schemas/generated/messages.js';

/** When the time-out over all runs of a chain passes, by the start of any of them; null where there is none. */
export function executionExpiresAt(start: WorkflowExecutionStarted): number | null {
  if (start.workflowExecutionExpiresAt !== null || start.workflowExecutionTimeoutMs === null) {
    return start.workflowExecutionExpiresAt;
  }
  return start.header.eventTime + start.firstWorkflowTaskBackoffMs + start.workflowExecutionTimeoutMs;
}
