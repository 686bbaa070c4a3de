import type { ActivityTask, Message } from '../../schemas/generated/messages.js';
import { CodecError } from '../../services/platform/codec/errors.js';
import type { Logger } from '../../services/platform/logger.js';
import type { ActivityCancellationReason } from '../activity/cancellation.js';
import type { Client } from '../client/client.js';
import type { NamespaceConnection, Push } from '../client/namespace-connection.js';
import type { LoadedDataConverter } from '../common/converter/data-converter.js';
import { withSerializationContext } from '../common/converter/serialization-context.js';
import type { Logger as UserLogger } from '../common/logger.js';
import { ActivityAttempt } from './activity-attempt.js';
import { commandsOf } from './activity-commands.js';
import type { ActivityRegistry } from './activity-registry.js';
import { heartbeatIntervalMs } from './heartbeat-throttle.js';
import type { ActivityInterceptorsFactory } from './interceptors.js';
import { retryWhileUnavailable } from './retry.js';
import { taskIdOf } from './task-id.js';
import type { Delivery } from './task-queue-consumer.js';
import type { ActivityMetrics } from './telemetry/activity-metrics.js';

/** What is pushed for an attempt, in the words of an activity. */
const cancellationReasons = {
  CANCEL_REQUESTED: 'CANCELLED',
  NOT_FOUND: 'NOT_FOUND',
  TIMED_OUT: 'TIMED_OUT',
  PAUSED: 'PAUSED',
  RESET: 'RESET',
} as const;

export interface ActivityRunnerOptions {
  readonly connection: Pick<
    NamespaceConnection,
    'send' | 'onPush' | 'replyAddress' | 'codec' | 'clock' | 'workflowClock'
  >;
  readonly namespace: string;
  readonly taskQueue: string;
  readonly identity: string;
  readonly activities: ActivityRegistry;
  readonly dataConverter: LoadedDataConverter;
  readonly interceptors: readonly ActivityInterceptorsFactory[];
  readonly metrics: ActivityMetrics;
  /** Makes, or has made, the worker's client. */
  readonly client: () => Client;
  readonly throttle: { readonly defaultThrottleMs: number; readonly maxThrottleMs: number };
  readonly logger: Logger;
  /** What activities log with, but for their attributes. */
  readonly activityLogger: UserLogger;
}

/** Runs the activities of a queue, and passes on to them what history wants stopped. */
export class ActivityRunner {
  readonly #options: ActivityRunnerOptions;
  readonly #attempts = new Map<string, ActivityAttempt>();
  readonly #stopListening: () => void;

  constructor(options: ActivityRunnerOptions) {
    this.#options = options;
    this.#stopListening = options.connection.onPush((push) => this.#pushed(push));
  }

  /** Carries out the task of a record. */
  async run(delivery: Delivery): Promise<void> {
    const task = await this.#decode(delivery);
    // Once the worker stops nothing begins: not accepted, the task goes to the partition's next owner.
    if (!task || delivery.stopping.aborted) return;
    delivery.use?.({ type: 'activity', activityType: task.activityType });
    const { connection, identity, throttle, ...shared } = this.#options;
    const { replyAddress, workflowClock: clock } = connection;
    shared.metrics.begun(task, clock.now() - task.attemptScheduledAt);
    const attempt = new ActivityAttempt({
      ...shared,
      task,
      dataConverter: this.#converterFor(task),
      commands: commandsOf(task, { identity, replyAddress, clock }),
      heartbeatIntervalMs: heartbeatIntervalMs(task.heartbeatTimeoutMs, throttle),
      send: (command) => connection.send(command),
      accept: () => delivery.accept(),
      clock,
    });
    const id = taskIdOf(task);
    this.#attempts.set(id, attempt);
    try {
      await attempt.run();
    } finally {
      this.#attempts.delete(id);
    }
  }

  #converterFor({ workflowId, activityId }: ActivityTask): LoadedDataConverter {
    const { dataConverter, namespace } = this.#options;
    return withSerializationContext(dataConverter, {
      type: 'activity',
      namespace,
      workflowId,
      activityId,
      isLocal: false,
    });
  }

  /** How many of those that run have sent a heartbeat. */
  get heartbeating(): number {
    let count = 0;
    for (const attempt of this.#attempts.values()) if (attempt.heartbeats) count += 1;
    return count;
  }

  /** Claims everything that runs: partitions are about to move, and their next owner starts from what is committed. */
  claimRunning(): void {
    for (const attempt of this.#attempts.values()) attempt.claim();
  }

  /** Asks everything that runs to stop. */
  cancelRunning(reason: ActivityCancellationReason): void {
    for (const attempt of this.#attempts.values()) attempt.cancel(reason);
  }

  /** Stops listening for cancel requests. */
  close(): void {
    this.#stopListening();
  }

  #pushed(push: Push): void {
    if (push.type !== 'ActivityCancelRequested') return;
    this.#attempts.get(taskIdOf(push))?.cancel(cancellationReasons[push.reason]);
  }

  /** The record's task; undefined for one that was set aside, or when the worker stops first. */
  async #decode(delivery: Delivery): Promise<ActivityTask | undefined> {
    const { value } = delivery.record;
    try {
      const message = value && (await this.#decodeMessage(value, delivery.stopping));
      if (message?.type === 'ActivityTask' && message.taskQueue === this.#options.taskQueue) return message;
      await delivery.setAside(
        message ? `a ${message.type} is no activity task of queue '${this.#options.taskQueue}'` : 'there is no value',
      );
    } catch (error) {
      if (delivery.stopping.aborted) return undefined;
      if (!(error instanceof CodecError)) throw error;
      await delivery.setAside(error.message);
    }
    return undefined;
  }

  /** A schema not learned yet comes from a newer service; while the registry is away the task waits in its slot. */
  async #decodeMessage(value: Buffer, stopping: AbortSignal): Promise<Message> {
    const { codec, clock } = this.#options.connection;
    try {
      return codec.decode(value);
    } catch (error) {
      if (!(error instanceof CodecError && error.code === 'UNKNOWN_SCHEMA')) throw error;
    }
    return retryWhileUnavailable(() => codec.decodeLearning(value), {
      what: 'learn the schema of a task',
      logger: this.#options.logger,
      clock,
      signal: stopping,
    });
  }
}
