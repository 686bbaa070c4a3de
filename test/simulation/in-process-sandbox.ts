import { ExecutionClock } from '../../sdk/worker/sandbox/execution-clock.js';
import { type FromThread, ownBytes, type ToThread } from '../../sdk/worker/sandbox/messages.js';
import type { StartSandbox } from '../../sdk/worker/sandbox/sandbox-thread.js';
import { TaskDesk } from '../../sdk/worker/sandbox/task-desk.js';
import { after } from '../../services/platform/clock.js';
import type { Rejections } from './rejections.js';
import type { Scheduler } from './scheduler.js';
import type { SimulatedProcess } from './simulated-process.js';

/**
 * The sandbox without its thread: the same task handler over the same bytes, in this thread and by the scheduler. A step
 * of the scheduler lasts until the code that it has entered waits for more, so that no two runs are inside at a time.
 */
export function inProcessSandbox(
  process: SimulatedProcess,
  scheduler: Scheduler,
  rejections: Rejections,
): StartSandbox {
  return ({ threadCode, data }, events) => {
    let isClosed = false;
    let onRejection: (error: unknown) => void = () => undefined;
    const desk = new TaskDesk({
      ...data,
      runtimeCode: threadCode.runtimeCode,
      clock: new ExecutionClock(),
      now: () => process.clock.now(),
      after: (ms, fire) => after(process.clock, ms, fire),
      watchRejections: (handler) => {
        onRejection = handler;
      },
      send,
    });

    function send(message: FromThread): void {
      if (message.type === 'outcome' || message.type === 'rejected' || message.type === 'fetch') scheduler.end();
      pass(`sandbox says ${message.type}`, () => events.message(message));
    }

    function pass(label: string, act: () => void): void {
      scheduler.after(0, label, () => !isClosed && act(), process);
    }

    send({ type: 'ready' });
    return {
      post(message: ToThread): void {
        const own = message.type === 'task' ? { ...message, bytes: ownBytes(message.bytes) } : message;
        pass(`sandbox is given ${message.type}`, () => {
          // An answer to nothing would end nothing.
          if (own.type === 'no-history' || own.type === 'history' || own.type === 'task') scheduler.begin();
          rejections.expectFor(onRejection);
          desk.receive(own);
        });
      },
      async terminate(): Promise<void> {
        isClosed = true;
      },
    };
  };
}
