// Entry of the sandbox's thread: takes tasks from the worker's thread and carries them out one after another.
import { parentPort, workerData } from 'node:worker_threads';
import type { Message } from '../../../schemas/generated/messages.js';
import { codecFromSnapshot } from '../../../services/platform/codec/avro-codec.js';
import { WorkflowExecutorError } from './errors.js';
import { ExecutionClock } from './execution-clock.js';
import { asBuffer } from './history-events.js';
import type { FromThread, HistoryRequest, ThreadData, ToThread } from './messages.js';
import { RunCache } from './run-cache.js';
import { SourcePositions } from './source-positions.js';
import { TaskHandler } from './task-handler.js';
import { WorkflowContext } from './workflow-context.js';

const { code, runtimeCode, codec: snapshot, namespace, identity, maxCachedBytes, clock } = workerData as ThreadData;

const codec = codecFromSnapshot(snapshot);
const positions = new SourcePositions(code);
const context = new WorkflowContext({
  code,
  runtimeCode,
  namespace,
  clock: new ExecutionClock(clock),
  log: (level, message, facts, runId) => send({ type: 'log', level, message, facts, runId }),
});
const handler = new TaskHandler({
  codec,
  context,
  positions,
  identity,
  cache: new RunCache(maxCachedBytes),
  now: Date.now,
  fetchHistory,
});

const waiting = new Map<number, PromiseWithResolvers>();
let fetches = 0;
let outbox: FromThread[] = [];

interface PromiseWithResolvers {
  readonly resolve: (events: readonly Uint8Array[]) => void;
  readonly reject: (error: Error) => void;
}

function fetchHistory(request: HistoryRequest): Promise<readonly Uint8Array[]> {
  const fetchId = ++fetches;
  send({ type: 'fetch', fetchId, ...request });
  return new Promise((resolve, reject) => {
    waiting.set(fetchId, { resolve, reject });
  });
}

/** Messages of one turn of the event loop go out together. */
function send(message: FromThread): void {
  if (outbox.push(message) === 1) setImmediate(flush);
}

function flush(): void {
  const messages = outbox;
  outbox = [];
  parentPort?.postMessage(messages, messages.flatMap(buffersOf));
}

function buffersOf(message: FromThread): ArrayBuffer[] {
  if (message.type !== 'outcome') return [];
  const { outcome } = message;
  return [(outcome.kind === 'query' ? outcome.reply : outcome.command).buffer as ArrayBuffer];
}

function receive(message: ToThread): void {
  if (message.type === 'task') {
    void carryOut(message.taskId, message.bytes);
    return;
  }
  const fetching = waiting.get(message.fetchId);
  waiting.delete(message.fetchId);
  if (message.type === 'history') fetching?.resolve(message.events);
  else fetching?.reject(new WorkflowExecutorError('HISTORY_UNAVAILABLE', message.reason));
}

async function carryOut(taskId: number, bytes: Uint8Array): Promise<void> {
  try {
    const outcome = await outcomeOf(taskId, bytes);
    send({ type: 'outcome', taskId, outcome });
  } catch (error) {
    const code = error instanceof WorkflowExecutorError ? error.code : 'TASK_UNREADABLE';
    send({ type: 'rejected', taskId, code, message: error instanceof Error ? error.message : String(error) });
  }
}

function outcomeOf(taskId: number, bytes: Uint8Array) {
  const task: Message = codec.decode(asBuffer(bytes));
  if (task.type === 'WorkflowTask') return handler.runWorkflowTask(task, taskId);
  if (task.type === 'QueryTask') return handler.answerQuery(task, taskId);
  throw new WorkflowExecutorError('TASK_UNREADABLE', `a ${task.type} is neither a workflow task nor a query`);
}

parentPort?.on('message', (messages: readonly ToThread[]) => {
  // An immediate each: in between, Node tells of the rejections that the one before left unhandled.
  for (const message of messages) setImmediate(receive, message);
});
send({ type: 'ready' });
