import type { WorkflowExecutionStarted } from '../../schemas/generated/messages.js';
import type { PayloadConverter } from '../common/converter/payload-converter.js';
import { mapFromPayloads } from '../common/converter/payloads.js';
import type { WorkflowSerializationContext } from '../common/converter/serialization-context.js';
import type { SearchAttributes } from '../common/search-attributes.js';
import type { TypedSearchAttributes } from '../common/typed-search-attributes.js';
import { currentRun } from './current-run.js';
import { searchAttributesInfo } from './search-attributes.js';

/** Facts of a run that never change. */
export interface StartInfo {
  readonly workflowId: string;
  readonly runId: string;
  readonly workflowType: string;
  readonly taskQueue: string;
  readonly namespace: string;
  readonly firstExecutionRunId: string;
  readonly attempt: number;
  /** When the first run of the chain, and this run, started. */
  readonly startTime: Date;
  readonly runStartTime: Date;
  readonly executionTimeoutMs?: number;
  readonly runTimeoutMs?: number;
  readonly taskTimeoutMs: number;
  readonly memo?: Readonly<Record<string, unknown>>;
  /** @deprecated Use typedSearchAttributes. */
  readonly searchAttributes: SearchAttributes;
  readonly typedSearchAttributes: TypedSearchAttributes;
}

export interface WorkflowInfo extends StartInfo {
  /** Last event that the run has been told of. */
  readonly historyLength: number;
  /** Encoded size of those events, in bytes. */
  readonly historySize: number;
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
  const { info, activation, isReadOnly } = currentRun();
  return {
    ...info,
    historyLength: activation.historyLength,
    historySize: activation.historySize,
    unsafe: {
      now: realNow,
      isReplaying: activation.isReplaying || isReadOnly,
      isReplayingHistoryEvents: activation.isReplaying && !isReadOnly,
    },
  };
}

export function startInfoOf(started: WorkflowExecutionStarted, payloadConverter: PayloadConverter): StartInfo {
  const { header, workflowExecutionTimeoutMs, workflowRunTimeoutMs } = started;
  const startTime = new Date(header.eventTime);
  return {
    workflowId: header.workflowId,
    runId: header.runId,
    workflowType: started.workflowType,
    taskQueue: started.taskQueue,
    namespace: namespaceOfThread,
    firstExecutionRunId: started.firstExecutionRunId,
    attempt: started.attempt,
    startTime,
    runStartTime: startTime,
    ...(workflowExecutionTimeoutMs === null ? {} : { executionTimeoutMs: workflowExecutionTimeoutMs }),
    ...(workflowRunTimeoutMs === null ? {} : { runTimeoutMs: workflowRunTimeoutMs }),
    taskTimeoutMs: started.workflowTaskTimeoutMs,
    memo: mapFromPayloads(payloadConverter, started.memo) ?? {},
    ...searchAttributesInfo(started.searchAttributes),
  };
}
