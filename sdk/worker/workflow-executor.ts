import { availableParallelism } from 'node:os';
import type { FailWorkflowTask, ReplyAddress } from '../../schemas/generated/messages.js';
import { type Clock, systemClock } from '../../services/platform/clock.js';
import { codecFromSnapshot } from '../../services/platform/codec/avro-codec.js';
import type { CodecSnapshot } from '../../services/platform/codec/codec.js';
import { MAX_PAYLOAD_BYTES } from '../../services/platform/limits.js';
import type { Logger } from '../../services/platform/logger.js';
import { murmur2 } from '../../services/platform/partitioner.js';
import type { PayloadCodec } from '../common/converter/payload-codec.js';
import type { MetricSink } from '../common/metrics.js';
import type { FailureErrorTypes } from '../workflow/named-failures.js';
import type { Sinks } from '../workflow/sinks.js';
import type { LocalActivityCall } from './local-activity-runner.js';
import { payloadPipeline } from './payloads/payload-pipeline.js';
import { TaskPayloads } from './payloads/task-payloads.js';
import { Quarantine } from './quarantine.js';
import { outcomeOfCulprit } from './sandbox/culprit.js';
import { WorkflowExecutorError } from './sandbox/errors.js';
import type { ReplayOutcome, ReplayProblem, ReplayTask } from './sandbox/history-replay.js';
import type { LocalActivityExecution } from './sandbox/local-activities.js';
import { SandboxThread, type StartSandbox } from './sandbox/sandbox-thread.js';
import { runIdOf } from './sandbox/task-run-id.js';
import { loadThreadCode, type ThreadCode } from './sandbox/thread-code.js';
import { SandboxLane } from './sandbox-lane.js';
import type { InjectedSinks } from './sinks.js';

const DEFAULT_CACHED_BYTES = 256 * 1024 * 1024;
const DEFAULT_CODE_TIMEOUT_MS = 5_000;

/** What a thread may need beside its cached runs: the code, the task in hand, and garbage. */
const HEAP_BESIDE_CACHE_MB = 512;

/** Reads a run's encoded, numbered events from firstEventId on. */
export type FetchHistory = (workflowId: string, runId: string, firstEventId: number) => Promise<readonly Uint8Array[]>;

export interface WorkflowExecutorOptions {
  /** The bundle that `bundleWorkflowCode` made. */
  readonly code: string;
  readonly codec: CodecSnapshot;
  readonly namespace: string;
  readonly taskQueue: string;
  readonly identity: string;
  readonly logger: Logger;
  readonly fetchHistory: FetchHistory;
  /** Runs the local activities of workflow code. Without it the code has none. */
  readonly localActivities?: LocalActivities | undefined;
  /** Functions that workflow code may call. Default: none. */
  readonly sinks?: InjectedSinks<Sinks> | undefined;
  /** Takes what workflow code measures. Default: nobody. */
  readonly measure?: MetricSink | undefined;
  /** Run on all payloads of tasks, histories and answers. Default: none. */
  readonly payloadCodecs?: readonly PayloadCodec[];
  /** Bytes of a value before its codecs. Default: MAX_PAYLOAD_BYTES. */
  readonly maxValueBytes?: number;
  /** Errors that end a workflow of a type, by the names of their classes; `*` is for all types. Default: none. */
  readonly failureErrorTypes?: FailureErrorTypes | undefined;
  /** Threads among which the runs are divided. Default: half the machine's processors. */
  readonly threads?: number | undefined;
  /** Memory that runs kept ready for their next task may take, by measure, over all threads. Default 256 MiB. */
  readonly maxCachedBytes?: number;
  /** How many runs are kept ready at most. Default: as many as fit. */
  readonly maxCachedRuns?: number | undefined;
  /** Heap of a thread, beyond which its code is stopped, in MiB. Default: its share of the cache and 512. */
  readonly maxHeapMb?: number | undefined;
  /** How long workflow code may run without yielding, in milliseconds. Default 5,000. */
  readonly codeTimeoutMs?: number;
  /** The time that workflows live in. Default: the system's. */
  readonly clock?: Clock;
  /** Default: a thread. */
  readonly startSandbox?: StartSandbox;
}

/** The local activities that workflow code may have. */
export interface LocalActivities {
  /** The types that are registered; one named `default` serves every type. */
  readonly types: readonly string[];
  run(call: LocalActivityCall): LocalActivityExecution;
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

/**
 * Runs workflow code in threads, each with one reused context and the open runs cached in it; a run keeps to its thread.
 * Runs whose code doesn't yield, or brings its thread down, go on in a thread beside, which is started for the first.
 */
export class WorkflowExecutor {
  readonly #options: WorkflowExecutorOptions;
  readonly #threadCode: ThreadCode;
  readonly #payloads: TaskPayloads | undefined;
  readonly #quarantine = new Quarantine();
  #lanes: readonly SandboxLane[] = [];
  #quarantineLane: Promise<SandboxLane> | undefined;
  #closing: WorkflowExecutorError | undefined;

  /** Rejects when the bundle can't be loaded. */
  static async start(options: WorkflowExecutorOptions): Promise<WorkflowExecutor> {
    const executor = new WorkflowExecutor(options, await loadThreadCode());
    const lanes = Array.from({ length: executor.#threads() }, () => executor.#startLane());
    try {
      executor.#lanes = await Promise.all(lanes);
    } catch (error) {
      // Those that did start must not outlive the refusal.
      const closed = new WorkflowExecutorError('EXECUTOR_CLOSED', 'another thread could not be started');
      for (const lane of await Promise.allSettled(lanes)) {
        if (lane.status === 'fulfilled') await lane.value.close(closed);
      }
      throw error;
    }
    return executor;
  }

  private constructor(options: WorkflowExecutorOptions, threadCode: ThreadCode) {
    this.#options = options;
    this.#threadCode = threadCode;
    const { payloadCodecs = [], namespace, fetchHistory } = options;
    if (payloadCodecs.length === 0) return;
    const codec = codecFromSnapshot(options.codec);
    const pipeline = payloadPipeline(payloadCodecs);
    this.#payloads = new TaskPayloads({ pipeline, codec, namespace, fetchHistory });
  }

  /**
   * Carries out the task of a record of `tasks.<queue>.workflow`: a WorkflowTask or a QueryTask, undecoded.
   * Tasks of one run must not overlap. Rejects with code `TASK_UNREADABLE` for bytes that are neither (a dead
   * letter), `HISTORY_UNAVAILABLE` when `fetchHistory` failed (try again later), `HISTORY_EXPIRED` when it failed with that
   * code (the run is over), `EXECUTOR_CLOSED` after close, `SANDBOX_CRASHED` when the thread ends again and again.
   */
  async runTask(taskBytes: Uint8Array): Promise<WorkflowTaskOutcome | QueryOutcome> {
    if (this.#payloads === undefined) return this.#carryOut(taskBytes);
    try {
      const outcome = await this.#carryOut(await this.#payloads.decodeTask(taskBytes));
      return await this.#payloads.encodeOutcome(outcome);
    } catch (error) {
      if (error instanceof WorkflowExecutorError) throw error;
      return this.#failByCodec(taskBytes, error);
    }
  }

  /** Runs the code against a history. Rejects as `runTask` does, and with what a codec throws. */
  async replayHistory({ workflowId, runId, events }: ReplayTask): Promise<ReplayProblem | null> {
    if (this.#closing !== undefined) throw this.#closing;
    const decoded = await (this.#payloads?.decodeHistory(workflowId, runId, events) ?? events);
    const { problem } = await this.#laneOf(runId).carryOut<ReplayOutcome>({
      message: { type: 'replay', workflowId, runId, events: decoded },
      outcomeOfCulprit: (_cause, message) => ({ kind: 'replay', problem: { kind: 'failure', message, stack: '' } }),
    });
    return problem;
  }

  /** Ends the threads. Tasks under way reject with `EXECUTOR_CLOSED`; Kafka delivers them again. */
  async close(): Promise<void> {
    this.#closing ??= new WorkflowExecutorError('EXECUTOR_CLOSED', 'the workflow executor is closed');
    const reason = this.#closing;
    const lanes = [...this.#lanes];
    const beside = await this.#quarantineLane?.catch(() => undefined);
    if (beside !== undefined) lanes.push(beside);
    await Promise.all(lanes.map((lane) => lane.close(reason)));
  }

  async #carryOut(taskBytes: Uint8Array): Promise<WorkflowTaskOutcome | QueryOutcome> {
    if (this.#closing !== undefined) throw this.#closing;
    const runId = runIdOf(taskBytes) ?? '';
    const lane = this.#quarantine.has(runId) ? await this.#laneBeside() : this.#laneOf(runId);
    const outcome = await lane.carryOut({
      message: { type: 'task', bytes: taskBytes },
      outcomeOfCulprit: (cause, message) => {
        this.#quarantine.take(runId);
        this.#options.logger.warn(message, { runId });
        return this.#failed(taskBytes, cause, message);
      },
    });
    if (outcome.kind === 'workflow-task' && outcome.failure === null) this.#quarantine.forgive(runId);
    return outcome;
  }

  /** A codec that threw, for want of a key say, is mended like code: the task is tried again until then. */
  #failByCodec(taskBytes: Uint8Array, error: unknown): WorkflowTaskOutcome | QueryOutcome {
    const message = `a payload codec failed: ${error instanceof Error ? error.message : String(error)}`;
    return this.#failed(taskBytes, 'WORKFLOW_WORKER_UNHANDLED_FAILURE', message);
  }

  #failed(
    taskBytes: Uint8Array,
    cause: FailWorkflowTask['cause'],
    message: string,
  ): WorkflowTaskOutcome | QueryOutcome {
    const { identity, clock = systemClock } = this.#options;
    const answering = { codec: codecFromSnapshot(this.#options.codec), identity, now: () => clock.now() };
    return outcomeOfCulprit(answering, taskBytes, cause, message);
  }

  #laneOf(runId: string): SandboxLane {
    const lane = this.#lanes[(murmur2(runId) & 0x7fffffff) % this.#lanes.length];
    if (lane === undefined) throw new WorkflowExecutorError('EXECUTOR_CLOSED', 'the workflow executor has no threads');
    return lane;
  }

  #laneBeside(): Promise<SandboxLane> {
    this.#quarantineLane ??= this.#startLane().catch((error: unknown) => {
      // The next task of a run in quarantine tries again.
      this.#quarantineLane = undefined;
      throw error;
    });
    return this.#quarantineLane;
  }

  #startLane(): Promise<SandboxLane> {
    const { code, codec, namespace, identity, localActivities, sinks = {}, measure, logger, clock } = this.#options;
    const { startSandbox = SandboxThread.start } = this.#options;
    const {
      maxCachedBytes = DEFAULT_CACHED_BYTES,
      maxCachedRuns,
      codeTimeoutMs = DEFAULT_CODE_TIMEOUT_MS,
    } = this.#options;
    const cachedBytes = Math.ceil(maxCachedBytes / this.#threads());
    const cachedRuns = maxCachedRuns === undefined ? undefined : Math.ceil(maxCachedRuns / this.#threads());
    const { maxHeapMb = Math.ceil(cachedBytes / 2 ** 20) + HEAP_BESIDE_CACHE_MB } = this.#options;
    return SandboxLane.start({
      threadCode: this.#threadCode,
      data: {
        code,
        codec,
        namespace,
        identity,
        activityTypes: localActivities?.types ?? [],
        failureErrorTypes: this.#options.failureErrorTypes ?? {},
        maxValueBytes: this.#options.maxValueBytes ?? MAX_PAYLOAD_BYTES,
        maxCachedBytes: cachedBytes,
        maxCachedRuns: cachedRuns,
        clockShift: clock?.shift?.buffer,
      },
      limits: { codeTimeoutMs, maxHeapMb },
      startSandbox,
      fetchHistory: (workflowId, runId, firstEventId) => this.#fetchHistory(workflowId, runId, firstEventId),
      localActivities,
      sinks,
      measure,
      logger,
      onFailed: (error) => void this.#fail(error),
    });
  }

  async #fetchHistory(workflowId: string, runId: string, firstEventId: number): Promise<readonly Uint8Array[]> {
    const records = await this.#options.fetchHistory(workflowId, runId, firstEventId);
    return this.#payloads === undefined ? records : this.#payloads.decodeHistory(workflowId, runId, records);
  }

  async #fail(error: WorkflowExecutorError): Promise<void> {
    this.#closing ??= error;
    await Promise.all(this.#lanes.map((lane) => lane.close(error)));
  }

  #threads(): number {
    return this.#options.threads ?? Math.max(1, Math.floor(availableParallelism() / 2));
  }
}
