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
  /** Not supported yet: setting it is an error. */
  readonly retry?: RetryPolicy;
  /** Not supported yet: setting it is an error. */
  readonly cronSchedule?: string;
  /** Not supported yet: setting it is an error. */
  readonly typedSearchAttributes?: readonly SearchAttributePair[] | TypedSearchAttributes;
  /** Not supported yet: setting it is an error. */
  readonly staticSummary?: string;
  /** Not supported yet: setting it is an error. */
  readonly staticDetails?: string;
  /** Not supported yet: setting it is an error. */
  readonly priority?: Priority;
}
