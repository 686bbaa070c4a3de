import { withLongNames } from './long-names.js';
import type { CommonWorkflowOptions } from './workflow-options.js';

/** What becomes of a child when its parent closes, be it that another run of the parent follows. */
export const ParentClosePolicy = withLongNames('PARENT_CLOSE_POLICY_', {
  /** The child is terminated. The default. */
  TERMINATE: 'TERMINATE',
  /** Nothing: the child goes on. */
  ABANDON: 'ABANDON',
  /** The child is asked to cancel. */
  REQUEST_CANCEL: 'REQUEST_CANCEL',
});
export type ParentClosePolicy = (typeof ParentClosePolicy)[keyof typeof ParentClosePolicy];

/** What the cancellation of its scope does to a child that is waited for. */
export const ChildWorkflowCancellationType = {
  /** Reports the child as cancelled at once and lets it go on. */
  ABANDON: 'ABANDON',
  /** Asks the child to cancel and reports it as cancelled at once. */
  TRY_CANCEL: 'TRY_CANCEL',
  /** Asks the child to cancel and waits for its end, however it ends. The default. */
  WAIT_CANCELLATION_COMPLETED: 'WAIT_CANCELLATION_COMPLETED',
  /** Asks the child to cancel and waits until it was told. */
  WAIT_CANCELLATION_REQUESTED: 'WAIT_CANCELLATION_REQUESTED',
} as const;
export type ChildWorkflowCancellationType =
  (typeof ChildWorkflowCancellationType)[keyof typeof ChildWorkflowCancellationType];

/** How a child workflow is started. */
export interface ChildWorkflowOptions extends Omit<CommonWorkflowOptions, 'workflowIdConflictPolicy'> {
  /** Default: a UUID that a replay makes again. */
  readonly workflowId?: string;
  /** Default: the parent's. */
  readonly taskQueue?: string;
  /** Default: WAIT_CANCELLATION_COMPLETED. */
  readonly cancellationType?: ChildWorkflowCancellationType;
  /** Default: TERMINATE. */
  readonly parentClosePolicy?: ParentClosePolicy | undefined;
  /** @deprecated Has no effect: workers have no versions to choose by yet. */
  readonly versioningIntent?: unknown;
}
