import { Worker } from 'node:worker_threads';
import { ExecutionClock } from './execution-clock.js';
import { type FromThread, ownBytes, type SandboxData, type ThreadData, type ToThread } from './messages.js';
import type { ThreadCode } from './thread-code.js';
import { Watchdog } from './watchdog.js';

/** What holds the workflow code, from the worker's side. */
export interface Sandbox {
  /** What is posted in one turn goes out together. */
  post(message: ToThread): void;
  terminate(): Promise<void>;
}

export interface SandboxEvents {
  message(message: FromThread): void;
  /** It has ended by itself. */
  crashed(crash: Crash): void;
  /** The task's code has not yielded for longer than it may. It is not looked at again. */
  overdue(taskId: number): void;
}

export interface Crash {
  readonly reason: string;
  readonly isOutOfMemory: boolean;
  /** The task whose code was running, if any was. */
  readonly taskId: number | undefined;
}

export interface SandboxLimits {
  /** How long workflow code may run without yielding, in milliseconds. */
  readonly codeTimeoutMs: number;
  /** How much the heap may hold, in MiB, before it is ended. */
  readonly maxHeapMb: number;
}

export interface SandboxOptions {
  readonly threadCode: ThreadCode;
  readonly data: SandboxData;
  readonly limits: SandboxLimits;
}

export type StartSandbox = (options: SandboxOptions, events: SandboxEvents) => Sandbox;

/** The sandbox in a thread of its own. */
export class SandboxThread implements Sandbox {
  readonly #worker: Worker;
  readonly #events: SandboxEvents;
  readonly #clock = new ExecutionClock();
  readonly #watchdog: Watchdog;
  #outbox: ToThread[] = [];
  #isClosed = false;

  static start(options: SandboxOptions, events: SandboxEvents): SandboxThread {
    return new SandboxThread(options, events);
  }

  private constructor({ threadCode, data, limits }: SandboxOptions, events: SandboxEvents) {
    const { entry, runtimeCode } = threadCode;
    const workerData: ThreadData = { ...data, runtimeCode, clock: this.#clock.buffer };
    this.#events = events;
    this.#worker = new Worker(entry, {
      name: 'millrace-sandbox',
      eval: typeof entry === 'string',
      workerData,
      execArgv: [],
      resourceLimits: { maxOldGenerationSizeMb: limits.maxHeapMb },
    });
    this.#worker.on('message', (messages: readonly FromThread[]) => {
      for (const message of messages) if (!this.#isClosed) events.message(message);
    });
    this.#worker.on('error', (error: NodeJS.ErrnoException) => {
      this.#crash(error.message, error.code === 'ERR_WORKER_OUT_OF_MEMORY');
    });
    this.#worker.on('exit', (code) => this.#crash(`it exited with code ${code}`, false));
    this.#watchdog = new Watchdog({
      clock: this.#clock,
      timeoutMs: limits.codeTimeoutMs,
      maxGrowthBytes: limits.maxHeapMb * 2 ** 20,
      overdue: (taskId) => events.overdue(taskId),
      exhausted: () => this.#crash('its buffers took too much memory', true),
    });
  }

  /** Bytes of tasks and histories are copied and moved over. */
  post(message: ToThread): void {
    if (this.#outbox.push(message) === 1) queueMicrotask(() => this.#flush());
  }

  async terminate(): Promise<void> {
    this.#close();
    await this.#worker.terminate();
  }

  #flush(): void {
    if (this.#isClosed) return;
    const messages = this.#outbox.map(withOwnBytes);
    this.#outbox = [];
    this.#worker.postMessage(messages, messages.flatMap(buffersOf));
  }

  #crash(reason: string, isOutOfMemory: boolean): void {
    if (this.#isClosed) return;
    this.#close();
    this.#events.crashed({ reason, isOutOfMemory, taskId: this.#clock.read()?.taskId });
  }

  #close(): void {
    this.#isClosed = true;
    this.#watchdog.close();
  }
}

function withOwnBytes(message: ToThread): ToThread {
  if (message.type === 'task') return { ...message, bytes: ownBytes(message.bytes) };
  return 'events' in message ? { ...message, events: message.events.map(ownBytes) } : message;
}

function buffersOf(message: ToThread): ArrayBuffer[] {
  if (message.type === 'task') return [message.bytes.buffer as ArrayBuffer];
  return 'events' in message ? message.events.map(({ buffer }) => buffer as ArrayBuffer) : [];
}
