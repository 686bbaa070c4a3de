import type {
  ActivityCancelRequested,
  Command,
  NamespaceConfigured,
  PartitionOwnerChanged,
  Reply,
  ReplyAddress,
  WorkflowHistoryChunk,
  WorkflowHistoryRange,
} from '../../schemas/generated/messages.js';
import type { Clock } from '../../services/platform/clock.js';
import type { Codec } from '../../services/platform/codec/codec.js';
import type { Log } from '../../services/platform/log/log.js';
import type { Logger } from '../../services/platform/logger.js';
import { loadNamespace, NamespaceError } from '../../services/platform/namespace.js';
import { partitionOf } from '../../services/platform/partitioner.js';
import { type Topics, topicsOf } from '../../services/platform/topics.js';
import { NamespaceNotFoundError } from '../common/errors.js';
import { type CallBounds, callWithin } from './call-bounds.js';
import { type CommandSender, createCommandSender } from './command-sender.js';
import { readHistoryRange } from './history-range.js';
import { errorOf, unexpectedAnswer } from './refusal.js';
import { Replies } from './replies.js';
import { type Answer, type RequestOptions, Requests } from './requests.js';
import { sendInOrder } from './send-in-order.js';

/** What the services send unasked. */
export type Push =
  | ({ readonly type: 'ActivityCancelRequested' } & ActivityCancelRequested)
  | ({ readonly type: 'PartitionOwnerChanged' } & PartitionOwnerChanged);

/** How long the answer may take, and how long the reading of a closed run's records. */
const HISTORY_TIMEOUT_MS = 30_000;

interface Ports {
  readonly log: Log;
  readonly codec: Codec;
  readonly logger: Logger;
  readonly identity: string;
  readonly clock: Clock;
  readonly newId: () => string;
  /** The time that workflows live in. Default: the clock's. */
  readonly workflowClock?: Clock;
  /** Stands around each wait for a workflow's result. */
  readonly whileAwaitingResult?: WhileAwaiting;
  /** What bounds the calls of whoever asks. */
  readonly callBounds?: () => CallBounds | undefined;
}

/** Runs the wait, and resolves as it does. */
export type WhileAwaiting = <T>(wait: () => Promise<T>) => Promise<T>;

/** A connection's use of one namespace: sends commands, and gets the answers on its own reply address. */
export class NamespaceConnection {
  readonly topics: Topics;
  readonly configuration: NamespaceConfigured;
  readonly log: Log;
  readonly codec: Codec;
  readonly logger: Logger;
  readonly identity: string;
  readonly clock: Clock;
  readonly workflowClock: Clock;
  /** Makes ids that nobody else makes. */
  readonly newId: () => string;
  readonly replyAddress: ReplyAddress;
  readonly #sender: CommandSender;
  readonly #requests: Requests;
  readonly #whileAwaitingResult: WhileAwaiting;
  readonly #callBounds: () => CallBounds | undefined;
  readonly #close: () => Promise<void>;
  readonly #pushHandlers: Set<(push: Push) => void>;
  readonly #replies: Replies;

  /** Errors: NamespaceNotFoundError, `NamespaceError`, those of the log. */
  static async open(namespace: string, ports: Ports): Promise<NamespaceConnection> {
    const { log, codec, clock, newId } = ports;
    const topics = topicsOf(namespace);
    const configuration = await loadNamespace({ log, codec, namespace, clock }).catch((error: unknown) => {
      if (error instanceof NamespaceError && error.code === 'NAMESPACE_NOT_FOUND') {
        throw new NamespaceNotFoundError(namespace, { cause: error });
      }
      throw error;
    });
    const producer = log.producer();
    const logger = ports.logger.child({ namespace });
    const { partitions } = configuration;
    const sender = createCommandSender({ producer, codec, topic: topics.commands, partitions });
    const pushHandlers = new Set<(push: Push) => void>();
    const replies = await Replies.open({
      log,
      codec,
      clock,
      topic: topics.replies,
      partitions: configuration.replyPartitions,
      logger,
      newId,
      onReply: (reply) => dispatch(reply, requests, pushHandlers),
    });
    const requests = new Requests({
      send: sendInOrder(
        () => replies.listen(),
        (command) => sender.send(command),
      ),
      onIdle: () => {
        if (pushHandlers.size === 0) replies.rest();
      },
      partitionOf: (workflowId) => partitionOf(workflowId, partitions),
      namespace,
      logger,
      clock,
    });
    return new NamespaceConnection({
      ...ports,
      logger,
      topics,
      configuration,
      sender,
      requests,
      replies,
      pushHandlers,
      producer,
    });
  }

  private constructor(
    parts: Ports & {
      readonly topics: Topics;
      readonly configuration: NamespaceConfigured;
      readonly sender: CommandSender;
      readonly requests: Requests;
      readonly replies: Replies;
      readonly pushHandlers: Set<(push: Push) => void>;
      readonly producer: { close(): Promise<void> };
    },
  ) {
    this.topics = parts.topics;
    this.configuration = parts.configuration;
    this.log = parts.log;
    this.codec = parts.codec;
    this.logger = parts.logger;
    this.identity = parts.identity;
    this.clock = parts.clock;
    this.workflowClock = parts.workflowClock ?? parts.clock;
    this.newId = parts.newId;
    this.#whileAwaitingResult = parts.whileAwaitingResult ?? ((wait) => wait());
    this.replyAddress = parts.replies.address;
    this.#callBounds = parts.callBounds ?? (() => undefined);
    this.#sender = parts.sender;
    this.#requests = parts.requests;
    this.#pushHandlers = parts.pushHandlers;
    this.#replies = parts.replies;
    this.#close = async () => {
      parts.requests.close();
      await Promise.all([parts.replies.close(), parts.producer.close()]);
    };
  }

  /**
   * Resolves once the command is acknowledged by Kafka. No answer is asked for unless its header says so.
   * Errors: PayloadTooLargeError over MAX_COMMAND_BYTES, before anything is sent; LogError.
   */
  send(command: Command): Promise<void> {
    return this.#sender.send(command);
  }

  /**
   * Sends a command and resolves with its answer, a CommandRejected too. Its header's replyTo is set here. The command
   * is sent again under its request id when its partition's owner changes.
   * Errors: as `send`; ServiceError NOT_ACKNOWLEDGED, NO_ANSWER (with a time-out), CONNECTION_CLOSED.
   */
  request(command: Command, options: RequestOptions = {}): Promise<Answer> {
    const ask = () => this.#ask(command, (answer) => answer, options);
    return command.type === 'AwaitWorkflowResult' ? this.#whileAwaitingResult(ask) : ask();
  }

  /** Calls the handler with what the services send unasked, until the function returned is called. */
  onPush(handler: (push: Push) => void): () => void {
    this.#pushHandlers.add(handler);
    this.#replies.listen()?.catch((error: unknown) => this.logger.warn('what is pushed is not heard', { error }));
    return () => {
      this.#pushHandlers.delete(handler);
      if (this.#pushHandlers.size === 0 && this.#requests.idle) this.#replies.rest();
    };
  }

  /**
   * The events of a run from `firstEventId` on, encoded as on `history`, without records of progress, in order. An open
   * run's come from its owner, a closed run's are read from `history`. `runId` null means the current run.
   * Errors: WorkflowNotFoundError, ServiceError.
   */
  async readHistory(workflowId: string, runId: string | null, firstEventId: number): Promise<Uint8Array[]> {
    const header = {
      requestId: this.newId(),
      workflowId,
      runId,
      identity: this.identity,
      sentAt: this.workflowClock.now(),
      replyTo: null,
    };
    const command = { type: 'GetWorkflowHistory', header, firstEventId } as const;
    const timeoutMs = HISTORY_TIMEOUT_MS;
    const found = await this.#ask(command, collectHistory(firstEventId), { timeoutMs });
    if (Array.isArray(found)) return found;
    if (found.type === 'CommandRejected') throw errorOf(found);
    const { log, codec, clock } = this;
    return readHistoryRange({ log, codec, clock, topic: this.topics.history, range: found, firstEventId, timeoutMs });
  }

  /** Rejects what waits for an answer and closes what this object opened; the log stays open. */
  close(): Promise<void> {
    return this.#close();
  }

  #ask<T>(command: Command, collect: (answer: Answer) => T | undefined, options: RequestOptions): Promise<T> {
    const header = { ...command.header, replyTo: this.replyAddress };
    const ask = (bounded: RequestOptions) => this.#requests.ask({ ...command, header }, collect, bounded);
    const bounds = this.#callBounds();
    if (!bounds) return ask(options);
    return callWithin(bounds, this.clock, options.signal, (signal) => ask({ ...options, signal }));
  }
}

function dispatch(reply: Reply, requests: Requests, pushHandlers: ReadonlySet<(push: Push) => void>): void {
  if (reply.type !== 'ActivityCancelRequested' && reply.type !== 'PartitionOwnerChanged') {
    requests.answered(reply);
    return;
  }
  if (reply.type === 'PartitionOwnerChanged') requests.ownerChanged(reply.partition);
  for (const handler of pushHandlers) handler(reply);
}

type HistoryFound =
  | Uint8Array[]
  | ({ readonly type: 'WorkflowHistoryRange' } & WorkflowHistoryRange)
  | Extract<Answer, { readonly type: 'CommandRejected' }>;

/**
 * Puts chunks together. A request sent again may be answered twice, also by two owners; only the chunk that follows on
 * is taken, and an answer that starts over is followed from its start.
 */
function collectHistory(firstEventId: number): (answer: Answer) => HistoryFound | undefined {
  let events: Uint8Array[] = [];
  const take = (chunk: WorkflowHistoryChunk): Uint8Array[] | undefined => {
    if (chunk.firstEventId === firstEventId) events = [];
    if (chunk.firstEventId !== firstEventId + events.length) return undefined;
    events.push(...chunk.events);
    return chunk.last ? events : undefined;
  };
  return (answer) => {
    if (answer.type === 'WorkflowHistoryChunk') return take(answer);
    if (answer.type === 'WorkflowHistoryRange' || answer.type === 'CommandRejected') return answer;
    throw unexpectedAnswer('GetWorkflowHistory', answer.type);
  };
}
