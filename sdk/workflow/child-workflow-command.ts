import type { StartChildWorkflowExecution } from '../../schemas/generated/messages.js';
import { type ChildWorkflowOptions, ParentClosePolicy } from '../common/child-workflow-options.js';
import type { PayloadConverter } from '../common/converter/payload-converter.js';
import { encodeArguments, encodeValue } from '../common/converter/payloads.js';
import { timeoutMs } from '../common/duration.js';
import { ValueError } from '../common/errors.js';
import type { Headers } from '../common/headers.js';
import { compilePriority } from '../common/priority.js';
import { compileRetryPolicy } from '../common/retry-policy.js';
import { encodeSearchAttributes } from '../common/search-attributes.js';
import { WorkflowIdReusePolicy } from '../common/workflow-options.js';

const DEFAULT_WORKFLOW_TASK_TIMEOUT_MS = 10_000;

export interface Child {
  readonly workflowId: string;
  readonly workflowType: string;
  readonly taskQueue: string;
  readonly args: readonly unknown[];
  readonly headers: Headers;
}

/**
 * The command that starts a child.
 * Errors: TypeError and ValueError for options that are none, PayloadConverterError for values that can't be encoded.
 */
export function childWorkflowCommand(
  { workflowId, workflowType, taskQueue, args, headers }: Child,
  options: ChildWorkflowOptions,
  converter: PayloadConverter,
): StartChildWorkflowExecution {
  const child = `child workflow '${workflowType}'`;
  const text = (what: string, value: string | undefined) =>
    value === undefined ? null : encodeValue(converter, `${what} of ${child}`, value);
  return {
    workflowId,
    workflowType,
    taskQueue,
    input: encodeArguments(converter, child, args),
    headers,
    workflowExecutionTimeoutMs: timeoutMs('workflowExecutionTimeout', options.workflowExecutionTimeout),
    workflowRunTimeoutMs: timeoutMs('workflowRunTimeout', options.workflowRunTimeout),
    workflowTaskTimeoutMs:
      timeoutMs('workflowTaskTimeout', options.workflowTaskTimeout) ?? DEFAULT_WORKFLOW_TASK_TIMEOUT_MS,
    parentClosePolicy: known('parentClosePolicy', options.parentClosePolicy ?? 'TERMINATE', ParentClosePolicy),
    workflowIdReusePolicy: reusePolicy(options.workflowIdReusePolicy ?? 'ALLOW_DUPLICATE'),
    retryPolicy: options.retry === undefined ? null : compileRetryPolicy(options.retry),
    cronSchedule: options.cronSchedule ?? null,
    memo: Object.fromEntries(
      Object.entries(options.memo ?? {}).map(([key, value]) => [key, encodeValue(converter, `memo '${key}'`, value)]),
    ),
    searchAttributes: encodeSearchAttributes(options.searchAttributes, options.typedSearchAttributes),
    staticSummary: text('the summary', options.staticSummary),
    staticDetails: text('the details', options.staticDetails),
    priority: options.priority === undefined ? null : compilePriority(options.priority),
  };
}

function reusePolicy(policy: WorkflowIdReusePolicy): StartChildWorkflowExecution['workflowIdReusePolicy'] {
  known('workflowIdReusePolicy', policy, WorkflowIdReusePolicy);
  if (policy !== 'TERMINATE_IF_RUNNING') return policy;
  throw new ValueError("workflowIdReusePolicy TERMINATE_IF_RUNNING can't be had for a child: choose another");
}

/** Plain JavaScript can name one that there isn't. */
function known<T extends string>(option: string, value: T, values: Readonly<Record<string, string>>): T {
  if (Object.hasOwn(values, value)) return value;
  throw new ValueError(`${option} must be one of ${Object.keys(values).join(', ')}, not '${value}'`);
}
