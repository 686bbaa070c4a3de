// Entry of the sandbox's thread: messages come in from the worker's thread and go out to it.
import { parentPort, workerData } from 'node:worker_threads';
import { ClockShift } from '../../../services/platform/clock-shift.js';
import { ExecutionClock } from './execution-clock.js';
import { threadHeap } from './heap-meter.js';
import type { FromThread, ThreadData, ToThread } from './messages.js';
import { TaskDesk } from './task-desk.js';

const { clock, ...data } = workerData as ThreadData;
const shift = new ClockShift(data.clockShift);
let outbox: FromThread[] = [];

const desk = new TaskDesk({
  ...data,
  clock: new ExecutionClock(clock),
  now: () => Date.now() + shift.ms,
  heap: threadHeap,
  after: (ms, fire) => {
    const timer = setTimeout(fire, ms);
    return () => clearTimeout(timer);
  },
  watchRejections: (handler) => process.on('unhandledRejection', handler),
  send,
});

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
  if (outcome.kind === 'replay') return [];
  return [(outcome.kind === 'query' ? outcome.reply : outcome.command).buffer as ArrayBuffer];
}

parentPort?.on('message', (messages: readonly ToThread[]) => {
  for (const message of messages) setImmediate(() => desk.receive(message));
});
send({ type: 'ready' });
