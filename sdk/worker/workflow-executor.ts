import type { FailWorkflowTask, ReplyAddress } from '../../schemas/generated/messages.js';
import { type Clock, systemClock } from '../../services/platform/clock.js';
import { codecFromSnapshot } from '../../services/platform/codec/avro-codec.js';
import type { CodecSnapshot } from '../../services/platform/codec/codec.js';
import type { Logger } from '../../services/platform/logger.js';
import { outcomeOfCulprit } from './sandbox/culprit.js';
import { WorkflowExecutorError } from './sandbox/errors.js';
import type { FromThread, HistoryRequest, WorkflowLogLine } from './sandbox/messages.js';
import { type Sandbox, SandboxThread, type StartSandbox } from './sandbox/sandbox-thread.js';
import { loadThreadCode, type ThreadCode } from './sandbox/thread-code.js';

const DEFAULT_CACHED_BYTES = 256 * 1024 * 1024;
const DEFAULT_CODE_TIMEOUT_MS = 5_000;

/** Crashes in a row, without a task done in between, after which the sandbox is not started again. */
const MAX_CRASHES = 3;

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
  /** The time that workflows live in. Default: the system's. */
  readonly clock?: Clock;
  /** Default: a thread. */
  readonly startSandbox?: StartSandbox;
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

interface PendingTask {
  readonly bytes: Uint8Array;
  readonly resolve: (outcome: WorkflowTaskOutcome | QueryOutcome) => void;
  readonly reject: (error: WorkflowExecutorError) => void;
}

/**
 * Runs workflow code: one thread, one reused context, the open runs cached in it. When code doesn't yield, or brings
 * the thread down, its task fails; the thread is started again and given all other tasks anew.
 */
export class WorkflowExecutor {
  readonly #options: WorkflowExecutorOptions;
  readonly #threadCode: ThreadCode;
  readonly #tasks = new Map<number, PendingTask>();
  #lastTaskId = 0;
  #sandbox: Sandbox | undefined;
  #crashes = 0;
  #closing: WorkflowExecutorError | undefined;

  /** Rejects when the bundle can't be loaded. */
  static async start(options: WorkflowExecutorOptions): Promise<WorkflowExecutor> {
    const executor = new WorkflowExecutor(options, await loadThreadCode());
    await new Promise<void>((resolve, reject) => executor.#startSandbox(resolve, reject));
    return executor;
  }

  private constructor(options: WorkflowExecutorOptions, threadCode: ThreadCode) {
    this.#options = options;
    this.#threadCode = threadCode;
  }

  /**
   * Carries out the task of a record of `tasks.<queue>.workflow`: a WorkflowTask or a QueryTask, undecoded.
   * Tasks of one run must not overlap. Rejects with code `TASK_UNREADABLE` for bytes that are neither (a dead
   * letter), `HISTORY_UNAVAILABLE` when `fetchHistory` failed (try again later), `EXECUTOR_CLOSED` after close,
   * `SANDBOX_CRASHED` when the thread ends again and again.
   */
  runTask(taskBytes: Uint8Array): Promise<WorkflowTaskOutcome | QueryOutcome> {
    return new Promise((resolve, reject) => {
      if (this.#closing !== undefined) {
        reject(this.#closing);
        return;
      }
      const taskId = ++this.#lastTaskId;
      this.#tasks.set(taskId, { bytes: taskBytes, resolve, reject });
      this.#sandbox?.post({ type: 'task', taskId, bytes: taskBytes });
    });
  }

  /** Ends the sandbox. Tasks under way reject with `EXECUTOR_CLOSED`; Kafka delivers them again. */
  async close(): Promise<void> {
    this.#stop(new WorkflowExecutorError('EXECUTOR_CLOSED', 'the workflow executor is closed'));
    await this.#sandbox?.terminate();
  }

  #startSandbox(ready: () => void, failed: (error: WorkflowExecutorError) => void): void {
    const { code, codec, namespace, identity, clock, startSandbox = SandboxThread.start } = this.#options;
    const { maxCachedBytes = DEFAULT_CACHED_BYTES, codeTimeoutMs = DEFAULT_CODE_TIMEOUT_MS } = this.#options;
    const data = { code, codec, namespace, identity, maxCachedBytes, clockShift: clock?.shift?.buffer };
    let isReady = false;
    const sandbox = startSandbox(
      { threadCode: this.#threadCode, data, codeTimeoutMs },
      {
        message: (message) => {
          if (message.type !== 'ready') return this.#receive(sandbox, message);
          isReady = true;
          ready();
        },
        crashed: (reason, taskId) => {
          if (isReady) this.#crashed(reason, taskId);
          else failed(new WorkflowExecutorError('SANDBOX_CRASHED', `the sandbox can't be started: ${reason}`));
        },
        overdue: (taskId) => {
          const message =
            `workflow code ran for ${codeTimeoutMs} ms without yielding: it loops without awaiting anything, or it ` +
            'does work that belongs in an activity';
          this.#failCulprit(taskId, 'WORKFLOW_CODE_TIMEOUT', message);
          this.#restart();
        },
      },
    );
    this.#sandbox = sandbox;
  }

  #receive(sandbox: Sandbox, message: Exclude<FromThread, { readonly type: 'ready' }>): void {
    switch (message.type) {
      case 'outcome':
        this.#crashes = 0;
        this.#take(message.taskId)?.resolve(message.outcome);
        return;
      case 'rejected':
        this.#take(message.taskId)?.reject(new WorkflowExecutorError(message.code, message.message));
        return;
      case 'fetch':
        void this.#fetch(sandbox, message.fetchId, message);
        return;
      case 'log':
        this.#log(message);
    }
  }

  async #fetch(sandbox: Sandbox, fetchId: number, request: HistoryRequest): Promise<void> {
    const { workflowId, runId, firstEventId } = request;
    try {
      const events = await this.#options.fetchHistory(workflowId, runId, firstEventId);
      sandbox.post({ type: 'history', fetchId, events });
    } catch (error) {
      const reason = error instanceof Error ? error.message : String(error);
      sandbox.post({ type: 'no-history', fetchId, reason: `the history of run ${runId} can't be read: ${reason}` });
    }
  }

  #log({ level, message, facts, runId }: WorkflowLogLine): void {
    const write = { TRACE: 'trace', DEBUG: 'debug', INFO: 'info', WARN: 'warn', ERROR: 'error' } as const;
    this.#options.logger[write[level]](message, { ...JSON.parse(facts), runId });
  }

  #crashed(reason: string, culprit: number | undefined): void {
    this.#options.logger.error('the workflow sandbox ended', { reason });
    this.#crashes += 1;
    if (culprit !== undefined) {
      const message = `workflow code brought the sandbox down: ${reason}`;
      this.#failCulprit(culprit, 'WORKFLOW_WORKER_UNHANDLED_FAILURE', message);
    } else if (this.#crashes >= MAX_CRASHES) {
      this.#stop(new WorkflowExecutorError('SANDBOX_CRASHED', `the workflow sandbox keeps ending: ${reason}`));
      return;
    }
    this.#restart();
  }

  #failCulprit(taskId: number, cause: FailWorkflowTask['cause'], message: string): void {
    const task = this.#take(taskId);
    if (task === undefined) return;
    const { codec, identity, clock = systemClock } = this.#options;
    const answering = { codec: codecFromSnapshot(codec), identity, now: () => clock.now() };
    const outcome = outcomeOfCulprit(answering, task.bytes, cause, message);
    if (outcome.kind === 'workflow-task') this.#options.logger.warn(message, { runId: outcome.runId });
    task.resolve(outcome);
  }

  /** A new sandbox with an empty cache, given all tasks again: none of them has been answered. */
  #restart(): void {
    void this.#sandbox?.terminate();
    if (this.#closing !== undefined) return;
    this.#startSandbox(
      () => {},
      (error) => this.#stop(error),
    );
    for (const [taskId, { bytes }] of this.#tasks) this.#sandbox?.post({ type: 'task', taskId, bytes });
  }

  #stop(reason: WorkflowExecutorError): void {
    this.#closing ??= reason;
    for (const { reject } of this.#tasks.values()) reject(reason);
    this.#tasks.clear();
  }

  #take(taskId: number): PendingTask | undefined {
    const task = this.#tasks.get(taskId);
    this.#tasks.delete(taskId);
    return task;
  }
}
