// The requests of this process that wait for their answer.
//
// R1 A request keeps its id for life: sent again, it takes effect once.
// R2 A command that is in the log is not lost. Only its answer may be, with the owner that decided it; so a request is
//    sent again when its partition has a new owner.
// R3 Waits and questions live in an owner's memory or at a worker, so they are asked again from time to time as well.

import type { Command, Reply } from '../../schemas/generated/messages.js';
import { after, type Clock } from '../../services/platform/clock.js';
import type { Logger } from '../../services/platform/logger.js';
import { ServiceError } from './errors.js';

/** An answer to a request, as opposed to what is pushed unasked. */
export type Answer = Extract<Reply, { readonly requestId: string }>;

export interface RequestOptions {
  /** Time after which the request is given up, in milliseconds. Without it the request waits for ever. */
  readonly timeoutMs?: number | undefined;
  /** Time after which the request is given up unless the log has acknowledged it, in milliseconds. */
  readonly acknowledgeTimeoutMs?: number | undefined;
  /** Called when the log first acknowledges the command. */
  readonly onAcknowledged?: (() => void) | undefined;
  /** Withdraws the request; it rejects with the signal's reason. */
  readonly signal?: AbortSignal | undefined;
}

/** How long questions and waits go unanswered before they are asked again (R3). */
const ASK_AGAIN_AFTER_MS = 20_000;

/** Pause after the log has refused a command for a reason that may pass. */
const RESEND_PAUSE_MS = 1_000;

const volatileCommands: ReadonlySet<Command['type']> = new Set([
  'AwaitUpdate',
  'AwaitWorkflowResult',
  'DescribeWorkflow',
  'GetWorkflowHistory',
  'HeartbeatActivity',
  'QueryWorkflow',
  'UpdateWorkflow',
]);

/** Whether the answer is waited for in an owner's memory or comes from a worker (R3). */
function isVolatile(command: Command): boolean {
  return volatileCommands.has(command.type) || (command.type === 'StartWorkflow' && command.update !== null);
}

interface PendingRequest {
  readonly command: Command;
  readonly partition: number;
  readonly signal: AbortSignal | undefined;
  /** Call the request's timers off. */
  readonly timers: Set<() => void>;
  readonly onAnswer: (answer: Answer) => void;
  readonly onFailure: (error: unknown) => void;
  readonly onAbort: () => void;
  readonly onAcknowledged: (() => void) | undefined;
  acknowledged: boolean;
  /** Whether a send is under way, or pauses before it is tried again: there is one at a time. */
  sending: boolean;
  /** Whether it is to be sent once more after the send under way. */
  again: boolean;
  lastError: unknown;
}

export class Requests {
  readonly #pending = new Map<string, PendingRequest>();
  #closed = false;
  readonly #send: (command: Command) => Promise<void>;
  readonly #onIdle: () => void;
  readonly #partitionOf: (workflowId: string) => number;
  readonly #namespace: string;
  readonly #logger: Logger;
  readonly #clock: Clock;

  constructor(options: {
    readonly send: (command: Command) => Promise<void>;
    /** Called when nothing waits for an answer any more. */
    readonly onIdle?: () => void;
    readonly partitionOf: (workflowId: string) => number;
    readonly namespace: string;
    readonly logger: Logger;
    readonly clock: Clock;
  }) {
    this.#send = options.send;
    this.#onIdle = options.onIdle ?? (() => {});
    this.#partitionOf = options.partitionOf;
    this.#namespace = options.namespace;
    this.#logger = options.logger;
    this.#clock = options.clock;
  }

  /**
   * Sends a command and hands its answers to `collect` until that returns a value or throws.
   * Errors: ServiceError NOT_ACKNOWLEDGED, NO_ANSWER, CONNECTION_CLOSED; those of `CommandSender.send` that can't pass.
   */
  ask<T>(command: Command, collect: (answer: Answer) => T | undefined, options: RequestOptions): Promise<T> {
    return new Promise<T>((resolve, reject) => {
      const { timeoutMs, acknowledgeTimeoutMs, signal } = options;
      signal?.throwIfAborted();
      if (this.#closed) throw new ServiceError('CONNECTION_CLOSED', 'the connection was closed: make another');
      const request: PendingRequest = {
        command,
        partition: this.#partitionOf(command.header.workflowId),
        signal,
        timers: new Set(),
        onAnswer: (answer) => {
          try {
            const result = collect(answer);
            if (result === undefined) return;
            this.#forget(request);
            resolve(result);
          } catch (error) {
            request.onFailure(error);
          }
        },
        onFailure: (error) => {
          this.#forget(request);
          reject(error);
        },
        onAbort: () => request.onFailure(signal?.reason),
        onAcknowledged: options.onAcknowledged,
        acknowledged: false,
        sending: false,
        again: false,
        lastError: undefined,
      };
      this.#pending.set(command.header.requestId, request);
      signal?.addEventListener('abort', request.onAbort);
      if (timeoutMs !== undefined) {
        this.#later(request, timeoutMs, () => request.onFailure(this.#timedOut(request, timeoutMs)));
      }
      if (acknowledgeTimeoutMs !== undefined) {
        this.#later(request, acknowledgeTimeoutMs, () => {
          if (!request.acknowledged) request.onFailure(this.#timedOut(request, acknowledgeTimeoutMs));
        });
      }
      if (isVolatile(command)) this.#askAgainLater(request);
      this.#transmit(request);
    });
  }

  /** Whether nothing waits for an answer. */
  get idle(): boolean {
    return this.#pending.size === 0;
  }

  /** An answer has come. Those that nobody waits for, being late or double, are dropped. */
  answered(answer: Answer): void {
    this.#pending.get(answer.requestId)?.onAnswer(answer);
  }

  /** A partition has a new owner: what waits for the old one is sent again (R2). */
  ownerChanged(partition: number): void {
    for (const request of this.#pending.values()) {
      if (request.partition === partition) this.#transmit(request);
    }
  }

  close(): void {
    this.#closed = true;
    for (const request of this.#pending.values()) {
      request.onFailure(
        new ServiceError('CONNECTION_CLOSED', `the connection was closed while ${describe(request)} waited`),
      );
    }
  }

  #transmit(request: PendingRequest): void {
    if (request.sending) {
      request.again = true;
      return;
    }
    request.sending = true;
    request.again = false;
    this.#send(request.command).then(
      () => {
        request.sending = false;
        if (!request.acknowledged) request.onAcknowledged?.();
        request.acknowledged = true;
        if (request.again && this.#waits(request)) this.#transmit(request);
      },
      (error: unknown) => {
        if (!this.#waits(request)) return;
        request.lastError = error;
        if (!isRetryable(error)) return request.onFailure(error);
        this.#logger.warn('a command could not be sent; it is tried again', { command: request.command.type, error });
        this.#later(request, RESEND_PAUSE_MS, () => {
          request.sending = false;
          this.#transmit(request);
        });
      },
    );
  }

  #askAgainLater(request: PendingRequest): void {
    this.#later(request, ASK_AGAIN_AFTER_MS, () => {
      this.#transmit(request);
      this.#askAgainLater(request);
    });
  }

  #later(request: PendingRequest, ms: number, act: () => void): void {
    const callOff = after(this.#clock, ms, () => {
      request.timers.delete(callOff);
      act();
    });
    request.timers.add(callOff);
  }

  #waits(request: PendingRequest): boolean {
    return this.#pending.get(request.command.header.requestId) === request;
  }

  #forget(request: PendingRequest): void {
    this.#pending.delete(request.command.header.requestId);
    request.signal?.removeEventListener('abort', request.onAbort);
    for (const callOff of request.timers) callOff();
    if (this.idle) this.#onIdle();
  }

  #timedOut(request: PendingRequest, timeoutMs: number): ServiceError {
    const what = describe(request);
    if (!request.acknowledged) {
      const message = `the broker did not acknowledge ${what} within ${timeoutMs} ms: is it reachable? The command may still take effect`;
      return new ServiceError('NOT_ACKNOWLEDGED', message, { cause: request.lastError });
    }
    const who =
      request.command.type === 'QueryWorkflow'
        ? `no worker answered ${what} within ${timeoutMs} ms: are a worker of its task queue and a history service running`
        : `no history service answered ${what} within ${timeoutMs} ms: is one running`;
    return new ServiceError('NO_ANSWER', `${who} for namespace '${this.#namespace}'?`);
  }
}

function describe({ command }: PendingRequest): string {
  return `${command.type} for workflow '${command.header.workflowId}'`;
}

function isRetryable(error: unknown): boolean {
  return error instanceof Error && 'retryable' in error && error.retryable === true;
}
