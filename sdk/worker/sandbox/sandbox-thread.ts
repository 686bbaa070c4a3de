import { Worker } from 'node:worker_threads';
import { type FromThread, ownBytes, type ThreadData, type ToThread } from './messages.js';

export interface SandboxThreadEvents {
  message(message: FromThread): void;
  /** The thread has ended by itself: an error of its own, or out of memory. */
  crashed(reason: string): void;
}

/** The thread that holds the sandbox, from the worker's side. */
export class SandboxThread {
  readonly #worker: Worker;
  readonly #events: SandboxThreadEvents;
  #outbox: ToThread[] = [];
  #isClosed = false;

  /** `entry` is a URL of a module, or the text of a script. */
  constructor(entry: URL | string, data: ThreadData, events: SandboxThreadEvents) {
    this.#events = events;
    this.#worker = new Worker(entry, {
      name: 'millrace-sandbox',
      eval: typeof entry === 'string',
      workerData: data,
      execArgv: [],
    });
    this.#worker.on('message', (messages: readonly FromThread[]) => {
      for (const message of messages) if (!this.#isClosed) events.message(message);
    });
    this.#worker.on('error', (error) => this.#crash(error instanceof Error ? error.message : String(error)));
    this.#worker.on('exit', (code) => this.#crash(`it exited with code ${code}`));
  }

  /** What is posted in one turn goes out together. Bytes of tasks and histories are copied and moved over. */
  post(message: ToThread): void {
    if (this.#outbox.push(message) === 1) queueMicrotask(() => this.#flush());
  }

  async terminate(): Promise<void> {
    this.#isClosed = true;
    await this.#worker.terminate();
  }

  #flush(): void {
    if (this.#isClosed) return;
    const messages = this.#outbox.map(withOwnBytes);
    this.#outbox = [];
    this.#worker.postMessage(messages, messages.flatMap(buffersOf));
  }

  #crash(reason: string): void {
    if (this.#isClosed) return;
    this.#isClosed = true;
    this.#events.crashed(reason);
  }
}

function withOwnBytes(message: ToThread): ToThread {
  if (message.type === 'task') return { ...message, bytes: ownBytes(message.bytes) };
  return message.type === 'history' ? { ...message, events: message.events.map(ownBytes) } : message;
}

function buffersOf(message: ToThread): ArrayBuffer[] {
  if (message.type === 'task') return [message.bytes.buffer as ArrayBuffer];
  return message.type === 'history' ? message.events.map(({ buffer }) => buffer as ArrayBuffer) : [];
}
