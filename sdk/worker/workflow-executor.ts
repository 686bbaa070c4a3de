import type { FailWorkflowTask, ReplyAddress } from '../../schemas/generated/messages.js';
import type { CodecSnapshot } from '../../services/platform/codec/codec.js';
import type { Logger } from '../../services/platform/logger.js';

export interface WorkflowExecutorOptions {
  /** The bundle that `bundleWorkflowCode` made. */
  readonly code: string;
  readonly codec: CodecSnapshot;
  readonly namespace: string;
  readonly taskQueue: string;
  readonly identity: string;
  readonly logger: Logger;
  /** Reads a run's encoded, numbered events from firstEventId on. */
  fetchHistory(workflowId: string, runId: string, firstEventId: number): Promise<readonly Uint8Array[]>;
  /** Memory that runs kept ready for their next task may take, approximately. Default 256 MiB. */
  readonly maxCachedBytes?: number;
  /** How long workflow code may run without yielding, in milliseconds. Default 5,000. */
  readonly codeTimeoutMs?: number;
}

/** What a workflow task came to. */
export interface WorkflowTaskOutcome {
  readonly kind: 'workflow-task';
  readonly workflowId: string;
  readonly runId: string;
  readonly scheduledEventId: number;
  readonly attempt: number;
  /** An encoded CompleteWorkflowTask or FailWorkflowTask with its header filled in, to be put on `commands` as it is. */
  readonly command: Uint8Array;
  /** Why the task failed, for the worker's log; null for a completed one. */
  readonly failure: { readonly cause: FailWorkflowTask['cause']; readonly message: string } | null;
}

/** What a query came to. */
export interface QueryOutcome {
  readonly kind: 'query';
  readonly workflowId: string;
  readonly runId: string;
  readonly replyTo: ReplyAddress;
  /** An encoded QueryAnswered, to be put on `replies` as it is. */
  readonly reply: Uint8Array;
}

/** Runs workflow code: one thread, one reused context, the open runs cached in it. */
export class WorkflowExecutor {
  static start(options: WorkflowExecutorOptions): Promise<WorkflowExecutor> {
    return Promise.resolve(new WorkflowExecutor(options));
  }

  private constructor(readonly options: WorkflowExecutorOptions) {}

  /**
   * Carries out the task of a record of `tasks.<queue>.workflow`: a WorkflowTask or a QueryTask, undecoded.
   * Tasks of one run must not overlap. Rejects with code `TASK_UNREADABLE` for bytes that are neither (a dead
   * letter), `HISTORY_UNAVAILABLE` when `fetchHistory` failed (try again later), `EXECUTOR_CLOSED` after close.
   */
  runTask(_taskBytes: Uint8Array): Promise<WorkflowTaskOutcome | QueryOutcome> {
    return Promise.reject(new Error('not built yet'));
  }

  /** Ends the thread. Tasks under way reject with `EXECUTOR_CLOSED`; Kafka delivers them again. */
  async close(): Promise<void> {}
}
