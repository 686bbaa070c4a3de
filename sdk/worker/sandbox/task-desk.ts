// The sandbox behind its messages: takes tasks in, carries them out, and asks for the histories that they need.
import type { Message } from '../../../schemas/generated/messages.js';
import { codecFromSnapshot } from '../../../services/platform/codec/avro-codec.js';
import type { Codec } from '../../../services/platform/codec/codec.js';
import type { LocalActivityResolution } from '../../workflow/activation.js';
import type { SinkCall } from '../../workflow/sinks.js';
import type { LocalActivityCall } from '../local-activity-runner.js';
import { WorkflowExecutorError } from './errors.js';
import type { ExecutionClock } from './execution-clock.js';
import type { HeapMeter } from './heap-meter.js';
import { asBuffer } from './history-events.js';
import { replayHistory } from './history-replay.js';
import type { LocalActivityExecution } from './local-activities.js';
import type { FromThread, HistoryRequest, SandboxData, TaskOutcome, ToThread } from './messages.js';
import { RunCache } from './run-cache.js';
import { SourcePositions } from './source-positions.js';
import { TaskHandler } from './task-handler.js';
import { type WatchRejections, WorkflowContext } from './workflow-context.js';

export interface TaskDeskOptions extends SandboxData {
  readonly runtimeCode: string;
  readonly clock: ExecutionClock;
  readonly now: () => number;
  readonly after: (ms: number, fire: () => void) => () => void;
  readonly watchRejections: WatchRejections;
  /** Undefined where the heap is not this sandbox's alone. */
  readonly heap?: HeapMeter | undefined;
  readonly send: (message: FromThread) => void;
}

interface Waiting {
  readonly resolve: (events: readonly Uint8Array[]) => void;
  readonly reject: (error: Error) => void;
}

export class TaskDesk {
  readonly #send: (message: FromThread) => void;
  readonly #codec: Codec;
  readonly #handler: TaskHandler;
  readonly #replaying: Parameters<typeof replayHistory>[0];
  readonly #waiting = new Map<number, Waiting>();
  readonly #localActivities = new Map<number, (resolution: LocalActivityResolution) => void>();
  #fetches = 0;
  #executions = 0;

  constructor(options: TaskDeskOptions) {
    const { code, runtimeCode, namespace, identity, clock, now, watchRejections, heap, send } = options;
    this.#send = send;
    this.#codec = codecFromSnapshot(options.codec);
    const context = new WorkflowContext({
      code,
      runtimeCode,
      namespace,
      maxValueBytes: options.maxValueBytes,
      failureErrorTypes: options.failureErrorTypes,
      clock,
      now,
      watchRejections,
      heap,
      activityTypes: options.activityTypes,
      log: (level, message, facts) => send({ type: 'log', level, message, facts }),
      sink: (taskId, call) => send({ type: 'sink', taskId, call: copyOf(call) }),
      measure: (metric, value, tags) => send({ type: 'measure', metric: { ...metric }, value, tags: { ...tags } }),
    });
    this.#replaying = { codec: this.#codec, context, positions: new SourcePositions(code) };
    this.#handler = new TaskHandler({
      ...this.#replaying,
      identity,
      cache: new RunCache({ maxBytes: options.maxCachedBytes, maxRuns: options.maxCachedRuns, heap }),
      now,
      fetchHistory: (request) => this.#fetchHistory(request),
      runLocalActivity: (call) => this.#runLocalActivity(call),
      after: options.after,
      failureErrorTypes: options.failureErrorTypes,
    });
  }

  /** Each message is taken in an immediate of its own: in between, Node tells of rejections left unhandled. */
  receive(message: ToThread): void {
    if (message.type === 'task') {
      void this.#carryOut(message.taskId, () => this.#outcomeOf(message.taskId, message.bytes));
      return;
    }
    if (message.type === 'replay') {
      void this.#carryOut(message.taskId, () => replayHistory(this.#replaying, message, message.taskId));
      return;
    }
    if (message.type === 'local-activity-over') {
      this.#localActivities.get(message.executionId)?.(message.resolution);
      this.#localActivities.delete(message.executionId);
      return;
    }
    const fetching = this.#waiting.get(message.fetchId);
    this.#waiting.delete(message.fetchId);
    if (message.type === 'history') fetching?.resolve(message.events);
    else fetching?.reject(new WorkflowExecutorError(message.code, message.reason));
  }

  #fetchHistory(request: HistoryRequest): Promise<readonly Uint8Array[]> {
    const fetchId = ++this.#fetches;
    this.#send({ type: 'fetch', fetchId, ...request });
    return new Promise((resolve, reject) => {
      this.#waiting.set(fetchId, { resolve, reject });
    });
  }

  #runLocalActivity(call: LocalActivityCall): LocalActivityExecution {
    const executionId = ++this.#executions;
    this.#send({ type: 'run-local-activity', executionId, call });
    const outcome = new Promise<LocalActivityResolution>((resolve) => {
      this.#localActivities.set(executionId, resolve);
    });
    return { outcome, cancel: () => this.#send({ type: 'cancel-local-activity', executionId }) };
  }

  async #carryOut(taskId: number, work: () => Promise<TaskOutcome>): Promise<void> {
    try {
      this.#send({ type: 'outcome', taskId, outcome: await work() });
    } catch (error) {
      const code = error instanceof WorkflowExecutorError ? error.code : 'TASK_UNREADABLE';
      this.#send({ type: 'rejected', taskId, code, message: error instanceof Error ? error.message : String(error) });
    }
  }

  async #outcomeOf(taskId: number, bytes: Uint8Array): Promise<TaskOutcome> {
    const task: Message = this.#codec.decode(asBuffer(bytes));
    if (task.type === 'WorkflowTask') return this.#handler.runWorkflowTask(task, taskId);
    if (task.type === 'QueryTask') return this.#handler.answerQuery(task, taskId);
    throw new WorkflowExecutorError('TASK_UNREADABLE', `a ${task.type} is neither a workflow task nor a query`);
  }
}

/** Copied here and now, while its caller can still be told what is wrong with it. */
function copyOf(call: SinkCall): SinkCall {
  try {
    return structuredClone(call);
  } catch (error) {
    throw new TypeError(`the arguments of sink function '${call.sink}.${call.fn}' can't be copied: ${error}`);
  }
}
