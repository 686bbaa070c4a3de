import type { Command, Failure, Payload, Reply } from '../../schemas/generated/messages.js';
import type { DataConverter, LoadedDataConverter } from '../common/converter/data-converter.js';
import { encodeFailure, encodePayloads } from '../common/converter/payload-codec.js';
import { encodeValue } from '../common/converter/payloads.js';
import { withSerializationContext } from '../common/converter/serialization-context.js';
import { type Duration, msToNumber } from '../common/duration.js';
import { WorkflowNotFoundError } from '../common/errors.js';
import { ensureTemporalFailure } from '../common/failure/application-failure.js';
import { parseTaskToken } from '../common/task-token.js';
import {
  ActivityCancelledError,
  ActivityCompletionError,
  ActivityNotFoundError,
  ActivityPausedError,
  ActivityResetError,
} from './activity-errors.js';
import { type ClientContext, checkId, newHeader } from './client-context.js';
import { Connection } from './connection.js';
import { loadDataConverter } from './load-data-converter.js';
import { errorOf, unexpectedAnswer } from './refusal.js';
import { ACCEPT_AFTER_MS, sendChange } from './workflow-change.js';

/** Names an activity by the workflow that scheduled it and its own id, which `activityInfo()` and options give. */
export interface FullActivityId {
  readonly workflowId: string;
  /** Default: the workflow's current run. */
  readonly runId?: string;
  readonly activityId: string;
}

export interface AsyncCompletionClientOptions {
  /** Default: one that connects to the default addresses at its first use. */
  readonly connection?: Connection;
  /** Default: `default`. */
  readonly namespace?: string;
  /** Who this client is, to people who read histories. Default: the connection's. */
  readonly identity?: string;
  readonly dataConverter?: DataConverter;
  /** How long `heartbeat` waits for its answer. Default: 10 seconds. */
  readonly requestTimeout?: Duration;
}

type Outcome = Pick<Extract<Command, { type: 'ResolveActivity' }>, 'outcome' | 'result' | 'failure' | 'details'>;

/**
 * Ends and keeps alive activities that threw `CompleteAsyncError`. An activity is named by its task token, which means
 * one attempt, or by its ids, which mean whichever attempt is in hand.
 * Errors of each call: ActivityNotFoundError when no such attempt is running, ActivityCompletionError when the services
 * refuse it, ValueError for what is no task token, ServiceError. Like every change, an outcome needs no service to be
 * accepted: it resolves once it is in the log and nobody has answered for 5 seconds.
 */
export class AsyncCompletionClient {
  readonly connection: Connection;
  readonly options: AsyncCompletionClientOptions;
  readonly #context: ClientContext;

  constructor(options: AsyncCompletionClientOptions = {}) {
    const { connection = Connection.lazy(), namespace = 'default' } = options;
    this.connection = connection;
    this.options = options;
    this.#context = {
      namespace,
      connect: () => connection.namespace(namespace),
      identity: options.identity ?? connection.identity,
      clock: connection.clock,
      newId: connection.newId,
      dataConverter: loadDataConverter(options.dataConverter),
      requestTimeoutMs: msToNumber(options.requestTimeout ?? '10 seconds'),
    };
  }

  /** Completes the activity with a result. */
  async complete(activity: Uint8Array | FullActivityId, result: unknown): Promise<void> {
    const [payload = null] = await this.#encode(activity, 'activity result', result);
    await this.#resolve(activity, { ...nothing, outcome: 'COMPLETED', result: payload });
  }

  /** Fails the attempt; the retry policy decides what follows. */
  async fail(activity: Uint8Array | FullActivityId, error: unknown): Promise<void> {
    const { failureConverter, payloadConverter, payloadCodecs } = this.#converterFor(activity);
    const plain: Failure = failureConverter.errorToFailure(ensureTemporalFailure(error), payloadConverter);
    const failure = await encodeFailure(payloadCodecs, plain);
    await this.#resolve(activity, { ...nothing, outcome: 'FAILED', failure });
  }

  /** Ends the activity as cancelled, which its workflow must have asked for. */
  async reportCancellation(activity: Uint8Array | FullActivityId, details?: unknown): Promise<void> {
    const payloads = details === undefined ? [] : await this.#encode(activity, 'cancellation details', details);
    await this.#resolve(activity, { ...nothing, outcome: 'CANCELED', details: payloads });
  }

  /**
   * Says that the activity is alive and how far it is; a later attempt finds the details in `info.heartbeatDetails`.
   * Throws an ActivityCancelledError, ActivityResetError or ActivityPausedError when the activity should stop.
   */
  async heartbeat(activity: Uint8Array | FullActivityId, details?: unknown): Promise<void> {
    const address = this.#addressOf(activity);
    const payloads = details === undefined ? [] : await this.#encode(activity, 'heartbeat details', details);
    const command = { type: 'HeartbeatActivity', ...address, details: payloads } as const;
    const connection = await this.#context.connect();
    const answer = await connection.request(command, { timeoutMs: this.#context.requestTimeoutMs });
    if (answer.type !== 'ActivityHeartbeatAnswered') throw refusalOf(answer, command.type);
    if (answer.cancelRequested) throw new ActivityCancelledError('cancelled');
    if (answer.reset) throw new ActivityResetError('reset');
    if (answer.paused) throw new ActivityPausedError('paused');
  }

  async #resolve(activity: Uint8Array | FullActivityId, outcome: Outcome): Promise<void> {
    const command = { type: 'ResolveActivity', ...this.#addressOf(activity), ...outcome } as const;
    const connection = await this.#context.connect();
    const withdrawn = new AbortController();
    try {
      const answer = await sendChange(connection, command, ACCEPT_AFTER_MS, withdrawn.signal).first;
      if (answer !== undefined && answer.type !== 'CommandAccepted') throw refusalOf(answer, command.type);
    } finally {
      // Nobody would hear a later answer.
      withdrawn.abort();
    }
  }

  #addressOf(activity: Uint8Array | FullActivityId) {
    if (activity instanceof Uint8Array) {
      const { scheduledEventId, attempt, ...target } = parseTaskToken(activity);
      return { header: newHeader(this.#context, target), activityId: null, scheduledEventId, attempt };
    }
    const { activityId, ...target } = activity;
    checkId('activityId', activityId);
    return { header: newHeader(this.#context, target), activityId, scheduledEventId: null, attempt: null };
  }

  /** A task token doesn't tell the activity's id. */
  #converterFor(activity: Uint8Array | FullActivityId): LoadedDataConverter {
    const { dataConverter, namespace } = this.#context;
    const { workflowId, ...ids } = activity instanceof Uint8Array ? parseTaskToken(activity) : activity;
    const activityId = 'activityId' in ids ? { activityId: ids.activityId } : {};
    return withSerializationContext(dataConverter, {
      type: 'activity',
      namespace,
      workflowId,
      isLocal: false,
      ...activityId,
    });
  }

  async #encode(activity: Uint8Array | FullActivityId, what: string, value: unknown): Promise<Payload[]> {
    const { payloadConverter, payloadCodecs, maxValueBytes } = this.#converterFor(activity);
    return encodePayloads(payloadCodecs, [encodeValue(payloadConverter, what, value, maxValueBytes)]);
  }
}

const nothing = { result: null, failure: null, details: [] };

/** What a refusal is to who speaks of an activity: that its workflow is gone is not told apart. */
function refusalOf(answer: Reply, question: string): Error {
  if (answer.type !== 'CommandRejected') return unexpectedAnswer(question, answer.type);
  const error = errorOf(answer);
  if (error instanceof WorkflowNotFoundError) return new ActivityNotFoundError(answer.message);
  return error instanceof ActivityNotFoundError ? error : new ActivityCompletionError(answer.message, { cause: error });
}
