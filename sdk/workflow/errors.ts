import { identifyAcrossRealms } from '../common/cross-realm.js';
import { ActivityFailure, CancelledFailure, ChildWorkflowFailure } from '../common/failure/failure.js';

/** Base of the errors that the sandbox raises. They fail the workflow task, not the workflow. */
export class WorkflowError extends Error {}
identifyAcrossRealms(WorkflowError, 'WorkflowError');

/** Workflow code did what a replay could not repeat. */
export class DeterminismViolationError extends WorkflowError {}
identifyAcrossRealms(DeterminismViolationError, 'DeterminismViolationError');

/** Whether an error says that something was cancelled: a CancelledFailure, or an activity's or child's that it caused. */
export function isCancellation(error: unknown): boolean {
  if (error instanceof CancelledFailure) return true;
  const wraps = error instanceof ActivityFailure || error instanceof ChildWorkflowFailure;
  return wraps && isCancellation(error.cause);
}
