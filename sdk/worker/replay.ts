// Runs workflow code against histories, without a broker: `Worker.runReplayHistory` and `runReplayHistories`.
import type { HistoryEvent } from '../../schemas/generated/messages.js';
import type { Codec } from '../../services/platform/codec/codec.js';
import { CodecError } from '../../services/platform/codec/errors.js';
import { createLocalCodec } from '../../services/platform/codec/local-codec.js';
import { createLogger } from '../../services/platform/logger.js';
import { type History, historyFromJSON } from '../common/lib/proto-utils.js';
import { DeterminismViolationError } from '../workflow/errors.js';
import { ReplayError } from './errors.js';
import { configureReplayByPlugins } from './plugins.js';
import { compileWorkerOptions, type WorkerOptions } from './worker-options.js';
import { workflowCode } from './workflow-code.js';
import { WorkflowExecutor } from './workflow-executor.js';

/** A worker's options, of which only those of its workflows matter. */
export interface ReplayWorkerOptions extends Partial<WorkerOptions> {
  /** Names the queue in the log. Default: `fake_replay_queue`. */
  readonly replayName?: string;
}

/** From `handle.fetchHistory()`, or the JSON of one, parsed. */
export type ReplayableHistory = History | unknown;

export interface HistoryAndWorkflowId {
  /** In place of the one in the history; `''` leaves that. */
  readonly workflowId: string;
  readonly history: ReplayableHistory;
}

export interface ReplayResult {
  readonly workflowId: string;
  readonly runId: string;
  /** A DeterminismViolationError where the code does other things than history says, a ReplayError where it fails. */
  readonly error?: ReplayError | DeterminismViolationError;
}

/** Replays one history. Rejects with what its result would have as `error`. */
export async function runReplayHistory(
  options: ReplayWorkerOptions,
  history: ReplayableHistory,
  workflowId = '',
): Promise<void> {
  for await (const { error } of runReplayHistories(options, [{ workflowId, history }])) {
    if (error !== undefined) throw error;
  }
}

/**
 * Replays histories one after the other, each when its result is asked for.
 * Errors: TypeError for what is no history, ValueError for the options, those of the bundler.
 */
export async function* runReplayHistories(
  options: ReplayWorkerOptions,
  histories: AsyncIterable<HistoryAndWorkflowId> | Iterable<HistoryAndWorkflowId>,
): AsyncIterableIterator<ReplayResult> {
  const codec = createLocalCodec();
  const executor = await startExecutor(options, codec);
  try {
    for await (const { workflowId, history } of histories) yield await replay(executor, codec, history, workflowId);
  } finally {
    await executor.close();
  }
}

async function startExecutor(given: ReplayWorkerOptions, codec: Codec): Promise<WorkflowExecutor> {
  const options = configureReplayByPlugins(given);
  const { replayName = 'fake_replay_queue', connection: _, activities: __, ...others } = options;
  const compiled = compileWorkerOptions({ ...others, taskQueue: replayName });
  const { workflows, identity, namespace, dataConverter, codeTimeoutMs, workflowThreads } = compiled;
  if (workflows === undefined) throw new TypeError('a replay needs workflowsPath or workflowBundle');
  const logger = createLogger({ name: 'millrace-replay' });
  return WorkflowExecutor.start({
    code: await workflowCode(workflows, logger),
    codec: codec.snapshot(),
    namespace: namespace ?? 'default',
    taskQueue: replayName,
    identity: identity ?? 'replay',
    logger,
    // All of it is given to the replay; codecs ask for no other.
    fetchHistory: async () => [],
    payloadCodecs: dataConverter.payloadCodecs,
    maxValueBytes: dataConverter.maxValueBytes,
    failureErrorTypes: compiled.workflowFailureErrorTypes,
    sinks: compiled.sinks,
    threads: workflowThreads ?? 1,
    codeTimeoutMs,
  });
}

async function replay(
  executor: WorkflowExecutor,
  codec: Codec,
  given: ReplayableHistory,
  workflowIdInstead: string,
): Promise<ReplayResult> {
  const events = historyFromJSON(given).events;
  const [started] = events;
  if (started?.type !== 'WorkflowExecutionStarted') {
    throw new TypeError('Invalid history: its first event must be WorkflowExecutionStarted');
  }
  const { runId, workflowId: ownWorkflowId } = started.header;
  const workflowId = workflowIdInstead === '' ? ownWorkflowId : workflowIdInstead;
  const encoded = events.map((event) => encode(codec, inWorkflow(event, workflowId)));
  const problem = await executor.replayHistory({ workflowId, runId, events: encoded });
  if (problem === null) return { workflowId, runId };
  const ErrorClass = problem.kind === 'nondeterminism' ? DeterminismViolationError : ReplayError;
  const error = new ErrorClass(problem.message);
  if (problem.stack !== '') error.stack = problem.stack;
  return { workflowId, runId, error };
}

function inWorkflow(event: HistoryEvent, workflowId: string): HistoryEvent {
  if (event.type === 'PartitionOwnerClaimed' || event.header.workflowId === workflowId) return event;
  return { ...event, header: { ...event.header, workflowId } } as HistoryEvent;
}

function encode(codec: Codec, event: HistoryEvent): Uint8Array {
  try {
    return codec.encode(event);
  } catch (error) {
    if (!(error instanceof CodecError)) throw error;
    throw new TypeError(`Invalid history: ${error.message}`, { cause: error });
  }
}
