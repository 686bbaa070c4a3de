import type { WorkflowExecutionStarted } from '../../schemas/generated/messages.js';
import type { FailureConverter } from '../common/converter/failure-converter.js';
import type { PayloadConverter } from '../common/converter/payload-converter.js';
import { mapFromPayloads } from '../common/converter/payloads.js';
import type { WorkflowSerializationContext } from '../common/converter/serialization-context.js';
import { executionExpiresAt } from '../common/execution-expiry.js';
import { decodePriority, type Priority } from '../common/priority.js';
import { decompileRetryPolicy, type RetryPolicy } from '../common/retry-policy.js';
import type { SearchAttributes } from '../common/search-attributes.js';
import { SuggestContinueAsNewReason } from '../common/suggest-continue-as-new-reason.js';
import type { TypedSearchAttributes } from '../common/typed-search-attributes.js';
import { suggestedReasons } from './continue-as-new-suggestion.js';
import { currentRun } from './current-run.js';
import { searchAttributesInfo } from './search-attributes.js';

export { SuggestContinueAsNewReason };

/** Facts of a run that never change. */
export interface StartInfo {
  readonly workflowId: string;
  readonly runId: string;
  readonly workflowType: string;
  readonly taskQueue: string;
  readonly namespace: string;
  readonly firstExecutionRunId: string;
  /** The run before this one, where it is not the first of its chain. */
  readonly continuedFromExecutionRunId?: string;
  /** Of a child: who started it. */
  readonly parent?: ParentWorkflowInfo;
  /** Of a child: the workflow at the top of the tree. */
  readonly root?: RootWorkflowInfo;
  /** From 1; counted by the retry policy. */
  readonly attempt: number;
  /** When the first run of the chain, and this run, started. */
  readonly startTime: Date;
  readonly runStartTime: Date;
  readonly executionTimeoutMs?: number;
  /** When the time-out over all runs passes. */
  readonly executionExpirationTime?: Date;
  readonly runTimeoutMs?: number;
  readonly taskTimeoutMs: number;
  readonly retryPolicy?: RetryPolicy;
  readonly cronSchedule?: string;
  /** Milliseconds from the last run's end to this one's time on the cron schedule. */
  readonly cronScheduleToScheduleInterval?: number;
  /** What the last run of the chain that completed resolved with. */
  readonly lastResult?: unknown;
  /** How the last run failed, where none has completed since. */
  readonly lastFailure?: Error;
  readonly priority?: Priority;
  readonly memo?: Readonly<Record<string, unknown>>;
  /** @deprecated Use typedSearchAttributes. */
  readonly searchAttributes: SearchAttributes;
  readonly typedSearchAttributes: TypedSearchAttributes;
}

export interface ParentWorkflowInfo extends RootWorkflowInfo {
  readonly namespace: string;
}

export interface RootWorkflowInfo {
  readonly workflowId: string;
  readonly runId: string;
}

export interface WorkflowInfo extends StartInfo {
  /** Last event that the run has been told of. */
  readonly historyLength: number;
  /** Encoded size of those events, in bytes. */
  readonly historySize: number;
  /** Whether the history has got so long that the run should continue as a new one. */
  readonly continueAsNewSuggested: boolean;
  /** Why; undefined when it isn't suggested. */
  readonly suggestedContinueAsNewReasons?: readonly SuggestContinueAsNewReason[];
  readonly unsafe: UnsafeWorkflowInfo;
}

/** What a decision of the code must never depend on. */
export interface UnsafeWorkflowInfo {
  /** The real time. */
  readonly now: () => number;
  readonly isReplaying: boolean;
  readonly isReplayingHistoryEvents: boolean;
}

let namespaceOfThread = '';
let realNow = () => 0;

/** Sets what is the same for all runs of a thread. */
export function installEnvironment(environment: { readonly namespace: string; readonly now: () => number }): void {
  namespaceOfThread = environment.namespace;
  realNow = environment.now;
}

/** What converters are told about the values of a workflow. */
export function workflowContext(workflowId: string): WorkflowSerializationContext {
  return { type: 'workflow', namespace: namespaceOfThread, workflowId };
}

/** Facts about the current run. */
export function workflowInfo(): WorkflowInfo {
  const { info, activation, isAnsweringQuery } = currentRun();
  const reasons = suggestedReasons(activation);
  return {
    ...info,
    historyLength: activation.historyLength,
    historySize: activation.historySize,
    continueAsNewSuggested: reasons.length > 0,
    ...(reasons.length > 0 && { suggestedContinueAsNewReasons: reasons }),
    unsafe: {
      now: realNow,
      isReplaying: activation.isReplaying || isAnsweringQuery,
      isReplayingHistoryEvents: activation.isReplaying && !isAnsweringQuery,
    },
  };
}

export function startInfoOf(
  started: WorkflowExecutionStarted,
  converters: { readonly payloadConverter: PayloadConverter; readonly failureConverter: FailureConverter },
): StartInfo {
  const { header } = started;
  const { payloadConverter } = converters;
  return {
    workflowId: header.workflowId,
    runId: header.runId,
    workflowType: started.workflowType,
    taskQueue: started.taskQueue,
    namespace: namespaceOfThread,
    firstExecutionRunId: started.firstExecutionRunId,
    ...(started.parent !== null && { parent: { ...executionOf(started.parent), namespace: namespaceOfThread } }),
    ...(started.root !== null && { root: executionOf(started.root) }),
    attempt: started.attempt,
    startTime: new Date(started.firstExecutionStartedAt ?? header.eventTime),
    runStartTime: new Date(header.eventTime),
    taskTimeoutMs: started.workflowTaskTimeoutMs,
    memo: mapFromPayloads(payloadConverter, started.memo) ?? {},
    ...searchAttributesInfo(started.searchAttributes),
    ...chainInfoOf(started, converters),
  };
}

function executionOf({ workflowId, runId }: RootWorkflowInfo): RootWorkflowInfo {
  return { workflowId, runId };
}

/** What says when the workflow runs, and what its runs before came to. Fields that don't apply are left out. */
function chainInfoOf(
  started: WorkflowExecutionStarted,
  { payloadConverter, failureConverter }: { payloadConverter: PayloadConverter; failureConverter: FailureConverter },
): Partial<StartInfo> {
  const { workflowExecutionTimeoutMs, workflowRunTimeoutMs, continuedExecutionRunId, retryPolicy } = started;
  const { lastCompletionResult, continuedFailure, cronSchedule, firstWorkflowTaskBackoffMs, priority } = started;
  const expiresAt = executionExpiresAt(started);
  return {
    ...(continuedExecutionRunId !== null && { continuedFromExecutionRunId: continuedExecutionRunId }),
    ...(workflowExecutionTimeoutMs !== null && { executionTimeoutMs: workflowExecutionTimeoutMs }),
    ...(expiresAt !== null && { executionExpirationTime: new Date(expiresAt) }),
    ...(workflowRunTimeoutMs !== null && { runTimeoutMs: workflowRunTimeoutMs }),
    ...(retryPolicy !== null && { retryPolicy: decompileRetryPolicy(retryPolicy) }),
    ...(cronSchedule !== null && { cronSchedule, cronScheduleToScheduleInterval: firstWorkflowTaskBackoffMs }),
    ...(lastCompletionResult !== null && { lastResult: payloadConverter.fromPayload(lastCompletionResult) }),
    ...(continuedFailure !== null && {
      lastFailure: failureConverter.failureToError(continuedFailure, payloadConverter),
    }),
    ...(priority !== null && { priority: decodePriority(priority) }),
  };
}
