import type { FailWorkflowTask } from '../../schemas/generated/messages.js';
import type { Logger } from '../../services/platform/logger.js';
import { ServiceError } from '../client/errors.js';
import type { MetricSink } from '../common/metrics.js';
import type { SinkCall, Sinks } from '../workflow/sinks.js';
import type { LocalActivityCall } from './local-activity-runner.js';
import { WorkflowExecutorError } from './sandbox/errors.js';
import type { LocalActivityExecution } from './sandbox/local-activities.js';
import type {
  FromThread,
  HistoryRequest,
  SandboxData,
  TaskOutcome,
  ToThread,
  WorkflowLogLine,
} from './sandbox/messages.js';
import type { Crash, Sandbox, SandboxLimits, StartSandbox } from './sandbox/sandbox-thread.js';
import type { ThreadCode } from './sandbox/thread-code.js';
import { type InjectedSinks, runSink } from './sinks.js';
import type { FetchHistory, LocalActivities } from './workflow-executor.js';

/** Crashes in a row, without a task done in between, after which the sandbox is not started again. */
const MAX_CRASHES = 3;

export interface SandboxLaneOptions {
  readonly threadCode: ThreadCode;
  readonly data: SandboxData;
  readonly limits: SandboxLimits;
  readonly startSandbox: StartSandbox;
  readonly fetchHistory: FetchHistory;
  readonly localActivities: LocalActivities | undefined;
  readonly sinks: InjectedSinks<Sinks>;
  /** Takes what workflow code measures. */
  readonly measure: MetricSink | undefined;
  readonly logger: Logger;
  /** Called when the sandbox can't be kept up. No task is taken any more. */
  readonly onFailed: (error: WorkflowExecutorError) => void;
}

/** Something for the sandbox to do. */
export interface LaneTask<T extends TaskOutcome> {
  readonly message: Unnumbered<Extract<ToThread, { readonly taskId: number }>>;
  /** The outcome when the task's code did not yield, or brought the sandbox down. */
  readonly outcomeOfCulprit: (cause: FailWorkflowTask['cause'], message: string) => T;
}

type Unnumbered<M> = M extends unknown ? Omit<M, 'taskId'> : never;

interface PendingTask extends LaneTask<TaskOutcome> {
  readonly resolve: (outcome: TaskOutcome) => void;
  readonly reject: (error: WorkflowExecutorError) => void;
}

/**
 * One sandbox and the runs that are kept to it. When code doesn't yield, or brings the sandbox down, its task fails; the
 * sandbox is started again and given all other tasks anew.
 */
export class SandboxLane {
  readonly #options: SandboxLaneOptions;
  readonly #tasks = new Map<number, PendingTask>();
  readonly #executions = new Map<number, LocalActivityExecution>();
  readonly #sinkCalls = new Map<number, Promise<void>[]>();
  #lastTaskId = 0;
  #sandbox: Sandbox | undefined;
  #crashes = 0;
  #closing: WorkflowExecutorError | undefined;

  /** Rejects when the bundle can't be loaded. */
  static async start(options: SandboxLaneOptions): Promise<SandboxLane> {
    const lane = new SandboxLane(options);
    await new Promise<void>((resolve, reject) => lane.#startSandbox(resolve, reject));
    return lane;
  }

  private constructor(options: SandboxLaneOptions) {
    this.#options = options;
  }

  /** Resolves with the outcome that the sandbox has for the kind of task. Rejects as `WorkflowExecutor.runTask` does. */
  carryOut<T extends TaskOutcome>(task: LaneTask<T>): Promise<T> {
    return new Promise((resolve, reject) => {
      if (this.#closing !== undefined) {
        reject(this.#closing);
        return;
      }
      const taskId = ++this.#lastTaskId;
      this.#tasks.set(taskId, { ...task, resolve: (outcome) => resolve(outcome as T), reject });
      this.#post(taskId, task);
    });
  }

  /** Ends the sandbox. Tasks under way reject with the reason. */
  async close(reason: WorkflowExecutorError): Promise<void> {
    this.#stop(reason);
    await this.#sandbox?.terminate();
  }

  #startSandbox(ready: () => void, failed: (error: WorkflowExecutorError) => void): void {
    const { threadCode, data, limits, startSandbox } = this.#options;
    let isReady = false;
    const sandbox = startSandbox(
      { threadCode, data, limits },
      {
        message: (message) => {
          if (message.type !== 'ready') return this.#receive(sandbox, message);
          isReady = true;
          ready();
        },
        crashed: (crash) => {
          if (isReady) this.#crashed(crash);
          else failed(new WorkflowExecutorError('SANDBOX_CRASHED', `the sandbox can't be started: ${crash.reason}`));
        },
        overdue: (taskId) => {
          const message =
            `workflow code ran for ${limits.codeTimeoutMs} ms without yielding: it loops without awaiting anything, ` +
            'or it does work that belongs in an activity';
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
        void this.#answer(message.taskId, message.outcome);
        return;
      case 'sink':
        this.#callSink(message.taskId, message.call);
        return;
      case 'measure':
        this.#options.measure?.(message.metric, message.value, message.tags);
        return;
      case 'rejected':
        this.#take(message.taskId)?.reject(new WorkflowExecutorError(message.code, message.message));
        return;
      case 'fetch':
        void this.#fetch(sandbox, message.fetchId, message);
        return;
      case 'run-local-activity':
        this.#runLocalActivity(sandbox, message.executionId, message.call);
        return;
      case 'cancel-local-activity':
        this.#executions.get(message.executionId)?.cancel();
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
      const isExpired = error instanceof ServiceError && error.code === 'HISTORY_EXPIRED';
      const code = isExpired ? 'HISTORY_EXPIRED' : 'HISTORY_UNAVAILABLE';
      const cause = error instanceof Error ? error.message : String(error);
      const reason = `the history of run ${runId} can't be read: ${cause}`;
      sandbox.post({ type: 'no-history', fetchId, code, reason });
    }
  }

  #runLocalActivity(sandbox: Sandbox, executionId: number, call: LocalActivityCall): void {
    const execution = this.#options.localActivities?.run(call);
    if (execution === undefined) return;
    this.#executions.set(executionId, execution);
    void execution.outcome.then((resolution) => {
      if (this.#executions.get(executionId) !== execution) return;
      this.#executions.delete(executionId);
      sandbox.post({ type: 'local-activity-over', executionId, resolution });
    });
  }

  /** The code that asked for them is gone. */
  #dropLocalActivities(): void {
    for (const execution of this.#executions.values()) execution.cancel();
    this.#executions.clear();
  }

  /** Told once the sinks that the task has called have returned: they come before its answer. */
  async #answer(taskId: number, outcome: TaskOutcome): Promise<void> {
    const calls = this.#sinkCalls.get(taskId);
    this.#sinkCalls.delete(taskId);
    if (calls !== undefined) await Promise.all(calls);
    this.#take(taskId)?.resolve(outcome);
  }

  #callSink(taskId: number, call: SinkCall): void {
    const returned = runSink(this.#options.sinks, call, this.#options.logger);
    const calls = this.#sinkCalls.get(taskId);
    if (calls === undefined) this.#sinkCalls.set(taskId, [returned]);
    else calls.push(returned);
  }

  #log({ level, message, facts }: WorkflowLogLine): void {
    const write = { TRACE: 'trace', DEBUG: 'debug', INFO: 'info', WARN: 'warn', ERROR: 'error' } as const;
    this.#options.logger[write[level]](message, JSON.parse(facts));
  }

  #crashed({ reason, isOutOfMemory, taskId }: Crash): void {
    const { limits, logger } = this.#options;
    logger.error('the workflow sandbox ended', { reason });
    this.#crashes += 1;
    if (taskId !== undefined) {
      const message = isOutOfMemory
        ? `workflow code used more memory than its thread may have, ${limits.maxHeapMb} MB: hold less in the ` +
          'workflow and its payloads, or keep the data elsewhere and pass a reference to it'
        : `workflow code brought the sandbox down: ${reason}`;
      this.#failCulprit(taskId, 'WORKFLOW_WORKER_UNHANDLED_FAILURE', message);
    } else if (this.#crashes >= MAX_CRASHES) {
      this.#fail(new WorkflowExecutorError('SANDBOX_CRASHED', `the workflow sandbox keeps ending: ${reason}`));
      return;
    }
    this.#restart();
  }

  #failCulprit(taskId: number, cause: FailWorkflowTask['cause'], message: string): void {
    const task = this.#take(taskId);
    if (task === undefined) return;
    task.resolve(task.outcomeOfCulprit(cause, message));
  }

  /** A new sandbox with an empty cache, given all tasks again: none of them has been answered. */
  #restart(): void {
    void this.#sandbox?.terminate();
    this.#dropLocalActivities();
    if (this.#closing !== undefined) return;
    this.#startSandbox(
      () => {},
      (error) => this.#fail(error),
    );
    for (const [taskId, task] of this.#tasks) this.#post(taskId, task);
  }

  #post(taskId: number, { message }: LaneTask<TaskOutcome>): void {
    this.#sandbox?.post({ ...message, taskId } as ToThread);
  }

  #fail(error: WorkflowExecutorError): void {
    this.#stop(error);
    this.#options.onFailed(error);
  }

  #stop(reason: WorkflowExecutorError): void {
    this.#closing ??= reason;
    for (const { reject } of this.#tasks.values()) reject(reason);
    this.#tasks.clear();
    this.#sinkCalls.clear();
    this.#dropLocalActivities();
  }

  #take(taskId: number): PendingTask | undefined {
    const task = this.#tasks.get(taskId);
    this.#tasks.delete(taskId);
    return task;
  }
}
