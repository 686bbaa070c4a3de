import type { Payload, StartWorkflow } from '../../schemas/generated/messages.js';
import { messageOf } from '../../schemas/message.js';
import { checkTaskQueue } from '../../services/platform/topics.js';
import { encodeOptionalPayload, encodePayloadMap } from '../common/converter/payload-codec.js';
import { encodeValue } from '../common/converter/payloads.js';
import { type Duration, timeoutMs } from '../common/duration.js';
import { ValueError } from '../common/errors.js';
import type { Headers } from '../common/headers.js';
import { compilePriority } from '../common/priority.js';
import { compileRetryPolicy } from '../common/retry-policy.js';
import { encodeSearchAttributes } from '../common/search-attributes.js';
import type { WithWorkflowArgs, Workflow } from '../common/workflow-definition.js';
import {
  type CommonWorkflowOptions,
  WorkflowIdConflictPolicy,
  WorkflowIdReusePolicy,
} from '../common/workflow-options.js';
import { type ClientContext, checkId, encodeInput, forWorkflow, newHeader } from './client-context.js';

/** How a workflow is started. */
export interface WorkflowOptions extends CommonWorkflowOptions {
  /** The business's id of the workflow: at most one run with it is open at a time. */
  readonly workflowId: string;
  /** The queue whose workers run it. */
  readonly taskQueue: string;
  /** Whether `result()` follows the workflow into its next runs. Default: true. */
  readonly followRuns?: boolean;
  /**
   * Wait before the first workflow task. A signal ends it, but for one that is sent with the start. Excludes a
   * cronSchedule. Default: none.
   */
  readonly startDelay?: Duration;
  /** Asks for the first task to be handed over with the start. It never is: the task comes by its queue, at once. */
  readonly requestEagerStart?: boolean;
  /** Not supported yet: setting it is an error. */
  readonly versioningOverride?: unknown;
  /**
   * How long `start` waits for a history service once the command is in Kafka. After it the handle's `startStatus` is
   * ACCEPTED. Default: 5 seconds.
   */
  readonly startTimeout?: Duration;
}

/** Options of `start` and `execute`, with the workflow's arguments. */
export type WorkflowStartOptions<T extends Workflow = Workflow> = WithWorkflowArgs<T, WorkflowOptions>;

/** Options of Temporal that would change what a workflow does, and that nothing here carries out yet. */
const unsupportedOptions = ['versioningOverride'] as const satisfies ReadonlyArray<keyof WorkflowOptions>;

const DEFAULT_WORKFLOW_TASK_TIMEOUT_MS = 10_000;

export type StartCommand = { readonly type: 'StartWorkflow' } & StartWorkflow;

/**
 * The command for a start, with the run id it proposes. `along` is what goes with it to the run, or to the open one.
 * Errors: TypeError for what is missing, ValueError for what is out of range, unsupported or can't be encoded.
 */
export async function startCommand(
  unbound: ClientContext,
  workflowType: string,
  options: WorkflowOptions & { readonly args?: readonly unknown[] },
  headers: Headers,
  along: Partial<Pick<StartWorkflow, 'signal' | 'update'>> = {},
): Promise<StartCommand> {
  if (!options.taskQueue) throw new TypeError('Missing WorkflowOptions.taskQueue');
  if (!options.workflowId) throw new TypeError('Missing WorkflowOptions.workflowId');
  checkId('workflow type', workflowType);
  checkSupported(options);
  const context = forWorkflow(unbound, options.workflowId);
  const { workflowId, args = [], memo = {}, searchAttributes = {}, retry, priority } = options;
  if (!Array.isArray(args)) throw new TypeError("WorkflowOptions.args must be an array of the workflow's arguments");
  return messageOf('StartWorkflow', {
    header: newHeader(context, { workflowId, runId: context.newId() }),
    workflowType,
    taskQueue: checkTaskQueue(options.taskQueue),
    input: await encodeInput(context, `workflow '${workflowType}'`, args),
    headers,
    memo: await encodeMemo(context, memo),
    searchAttributes: encodeSearchAttributes(searchAttributes, options.typedSearchAttributes),
    workflowExecutionTimeoutMs: timeoutMs('workflowExecutionTimeout', options.workflowExecutionTimeout),
    workflowRunTimeoutMs: timeoutMs('workflowRunTimeout', options.workflowRunTimeout),
    workflowTaskTimeoutMs:
      timeoutMs('workflowTaskTimeout', options.workflowTaskTimeout) ?? DEFAULT_WORKFLOW_TASK_TIMEOUT_MS,
    ...idPolicies(options),
    retryPolicy: retry === undefined ? null : compileRetryPolicy(retry),
    cronSchedule: options.cronSchedule || null,
    startDelayMs: timeoutMs('startDelay', options.startDelay),
    staticSummary: await encodeText(context, 'staticSummary', options.staticSummary),
    staticDetails: await encodeText(context, 'staticDetails', options.staticDetails),
    priority: priority === undefined ? null : compilePriority(priority),
    ...along,
  });
}

function checkSupported(options: WorkflowOptions): void {
  for (const option of unsupportedOptions) {
    const value = options[option];
    if (value !== undefined && value !== false) {
      throw new ValueError(`WorkflowOptions.${option} is not supported yet: leave it out`);
    }
  }
}

function idPolicies(
  options: WorkflowOptions,
): Pick<StartWorkflow, 'workflowIdReusePolicy' | 'workflowIdConflictPolicy'> {
  const { workflowIdReusePolicy = 'ALLOW_DUPLICATE', workflowIdConflictPolicy } = options;
  checkPolicy('workflowIdReusePolicy', workflowIdReusePolicy, WorkflowIdReusePolicy);
  checkPolicy('workflowIdConflictPolicy', workflowIdConflictPolicy ?? 'FAIL', WorkflowIdConflictPolicy);
  if (workflowIdReusePolicy !== 'TERMINATE_IF_RUNNING') {
    return { workflowIdReusePolicy, workflowIdConflictPolicy: workflowIdConflictPolicy ?? 'FAIL' };
  }
  if (workflowIdConflictPolicy !== undefined) {
    throw new ValueError('workflowIdReusePolicy TERMINATE_IF_RUNNING excludes a workflowIdConflictPolicy');
  }
  return { workflowIdReusePolicy: 'ALLOW_DUPLICATE', workflowIdConflictPolicy: 'TERMINATE_EXISTING' };
}

/** Plain JavaScript can name one that there isn't, which the services would take for the default. */
function checkPolicy(option: string, policy: string, known: Readonly<Record<string, string>>): void {
  if (Object.values(known).includes(policy)) return;
  throw new ValueError(`${option} must be one of ${Object.keys(known).join(', ')}, not '${policy}'`);
}

async function encodeText(
  { dataConverter }: ClientContext,
  option: string,
  text: string | undefined,
): Promise<Payload | null> {
  if (text === undefined) return null;
  if (typeof text !== 'string') throw new TypeError(`WorkflowOptions.${option} must be a string`);
  return encodeOptionalPayload(dataConverter.payloadCodecs, encodeValue(dataConverter.payloadConverter, option, text));
}

function encodeMemo(
  { dataConverter }: ClientContext,
  memo: Readonly<Record<string, unknown>>,
): Promise<Record<string, Payload>> {
  const entries = Object.entries(memo).map(([key, value]) => {
    return [key, encodeValue(dataConverter.payloadConverter, `memo '${key}'`, value, dataConverter.maxValueBytes)];
  });
  return encodePayloadMap(dataConverter.payloadCodecs, Object.fromEntries(entries));
}
