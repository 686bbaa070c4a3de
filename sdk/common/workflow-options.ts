import type { Duration } from './duration.js';
import { withLongNames } from './long-names.js';
import type { Priority } from './priority.js';
import type { RetryPolicy } from './retry-policy.js';
import type { SearchAttributes } from './search-attributes.js';
import type { SearchAttributePair, TypedSearchAttributes } from './typed-search-attributes.js';

/** Whether the id of a closed run may be used again. */
export const WorkflowIdReusePolicy = withLongNames('WORKFLOW_ID_REUSE_POLICY_', {
  ALLOW_DUPLICATE: 'ALLOW_DUPLICATE',
  ALLOW_DUPLICATE_FAILED_ONLY: 'ALLOW_DUPLICATE_FAILED_ONLY',
  REJECT_DUPLICATE: 'REJECT_DUPLICATE',
  /** @deprecated Use `workflowIdConflictPolicy: 'TERMINATE_EXISTING'`. */
  TERMINATE_IF_RUNNING: 'TERMINATE_IF_RUNNING',
});
export type WorkflowIdReusePolicy = (typeof WorkflowIdReusePolicy)[keyof typeof WorkflowIdReusePolicy];

/** What happens when a run with the id is open. */
export const WorkflowIdConflictPolicy = {
  FAIL: 'FAIL',
  USE_EXISTING: 'USE_EXISTING',
  TERMINATE_EXISTING: 'TERMINATE_EXISTING',
} as const;
export type WorkflowIdConflictPolicy = (typeof WorkflowIdConflictPolicy)[keyof typeof WorkflowIdConflictPolicy];

/** How long a workflow may take. */
export interface WorkflowDurationOptions {
  /** Limit of one run. Default: none. */
  readonly workflowRunTimeout?: Duration;
  /** Limit over all runs. Default: none. */
  readonly workflowExecutionTimeout?: Duration;
  /** Limit of one workflow task. Default: 10 seconds. */
  readonly workflowTaskTimeout?: Duration;
}

/** Options of a workflow that a client and a parent workflow may both set. */
export interface CommonWorkflowOptions extends WorkflowDurationOptions {
  /** Default: ALLOW_DUPLICATE. */
  readonly workflowIdReusePolicy?: WorkflowIdReusePolicy;
  /** Default: FAIL. */
  readonly workflowIdConflictPolicy?: WorkflowIdConflictPolicy;
  /** Values shown with the run, not indexed. */
  readonly memo?: Readonly<Record<string, unknown>>;
  /** Values that runs can be found by. */
  readonly searchAttributes?: SearchAttributes;
  /** When the workflow is run again after it failed or timed out. Default: never. */
  readonly retry?: RetryPolicy;
  /**
   * When the workflow is run, and run again once it has ended: a cron expression of five fields, `@hourly` and the like,
   * or `@every 1h30m`, in UTC. Default: once, and at once.
   */
  readonly cronSchedule?: string;
  /** Values that runs can be found by, with their types. They count where `searchAttributes` has them too. */
  readonly typedSearchAttributes?: readonly SearchAttributePair[] | TypedSearchAttributes;
  /** One line about this workflow, for people. */
  readonly staticSummary?: string;
  /** More about this workflow, for people. */
  readonly staticDetails?: string;
  /** Recorded with the run, and seen by its code; queues don't order their tasks by it yet. */
  readonly priority?: Priority;
}
