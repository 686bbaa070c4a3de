// One attempt of an activity, from the task to the acknowledged outcome.
//
// Ordering rules:
// - The task is accepted once `commands` has acknowledged the claim or the outcome, whichever is first: until then Kafka
//   delivers it again, after that history's timers own it.
// - An attempt that takes longer than CLAIM_AFTER_MS is claimed; a shorter one is told of by its outcome alone. The
//   time-outs that history keeps start with the claim.
// - Heartbeat details held back by the throttle go out before a failure, so that the next attempt finds them.
// - An outcome is sent until it is acknowledged. History drops one that comes too late.

import type { ActivityTask, Command, Payload } from '../../schemas/generated/messages.js';
import { after, type Clock } from '../../services/platform/clock.js';
import type { Logger } from '../../services/platform/logger.js';
import {
  type ActivityCancellationDetails,
  type ActivityCancellationReason,
  notCancelled,
} from '../activity/cancellation.js';
import type { Client } from '../client/client.js';
import type { LoadedDataConverter } from '../common/converter/data-converter.js';
import { decodePayloads, encodePayloads } from '../common/converter/payload-codec.js';
import { arrayFromPayloads, encodeValue, fromPayloadsAtIndex } from '../common/converter/payloads.js';
import { ApplicationFailure } from '../common/failure/application-failure.js';
import { CancelledFailure } from '../common/failure/failure.js';
import type { Logger as UserLogger } from '../common/logger.js';
import type { ActivityCommands } from './activity-commands.js';
import { type ActivityExecution, prepareActivity } from './activity-execution.js';
import { activityInfo } from './activity-info.js';
import { type ActivityOutcome, encodeError, encodeResult, isCancellation, outcomeOfError } from './activity-outcome.js';
import type { ActivityRegistry } from './activity-registry.js';
import { type HeartbeatThrottle, throttleHeartbeats } from './heartbeat-throttle.js';
import type { ActivityInterceptorsFactory } from './interceptors.js';
import { isRetryable, retryWhileUnavailable } from './retry.js';
import type { ActivityMetrics } from './telemetry/activity-metrics.js';
import { userLogger } from './telemetry/user-logger.js';

/** How long an attempt runs before it is claimed, in milliseconds. Most are over by then and save the record. */
const CLAIM_AFTER_MS = 100;

export interface ActivityAttemptOptions {
  readonly task: ActivityTask;
  readonly namespace: string;
  readonly activities: ActivityRegistry;
  readonly dataConverter: LoadedDataConverter;
  readonly interceptors: readonly ActivityInterceptorsFactory[];
  readonly metrics: ActivityMetrics;
  /** Makes, or has made, the worker's client. */
  readonly client: () => Client;
  readonly commands: ActivityCommands;
  readonly heartbeatIntervalMs: number;
  /** Resolves once the command is acknowledged by the log. */
  readonly send: (command: Command) => Promise<void>;
  /** Called once the task needn't be delivered again. */
  readonly accept: () => void;
  readonly logger: Logger;
  /** What the activity logs with, but for its attributes. */
  readonly activityLogger: UserLogger;
  readonly clock: Clock;
}

export class ActivityAttempt {
  readonly #options: ActivityAttemptOptions;
  readonly #logger: Logger;
  readonly #startedAt: number;
  readonly #cancellation = new AbortController();
  readonly #over = new AbortController();
  readonly #heartbeats: HeartbeatThrottle;
  #stop: ActivityCancellationDetails | undefined;
  /** Whether the activity has sent a heartbeat. */
  heartbeats = false;
  #heartbeatError: unknown;
  #claiming: Promise<void> | undefined;

  constructor(options: ActivityAttemptOptions) {
    const { task } = options;
    this.#options = options;
    this.#startedAt = options.clock.now();
    this.#logger = options.logger.child({
      workflowId: task.workflowId,
      runId: task.runId,
      activityId: task.activityId,
      activityType: task.activityType,
      attempt: task.attempt,
    });
    this.#heartbeats = throttleHeartbeats(options.clock, options.heartbeatIntervalMs, (details) =>
      this.#sendHeartbeat(details),
    );
  }

  /** Runs the activity and tells history how it ended. Rejects only on a defect of the worker. */
  async run(): Promise<void> {
    const { clock, task } = this.#options;
    const callOffClaim = after(clock, CLAIM_AFTER_MS, () => this.claim());
    const callOffTimeout = this.#timeOutAt(this.#startedAt + attemptLimitMs(task));
    const outcome = await this.#execute();
    callOffClaim();
    callOffTimeout();
    await this.#heartbeats.end({ flush: outcome.kind === 'failed' || outcome.kind === 'async' });
    await this.#report(outcome);
    this.#over.abort();
    this.#options.accept();
  }

  /** Tells history that this attempt is in hand, once. */
  claim(): void {
    if (this.#over.signal.aborted || this.#claiming) return;
    const command = this.#options.commands.claim(this.#startedAt);
    this.#claiming = this.#send('claim an activity', command, this.#over.signal)
      .then(this.#options.accept)
      .catch((error: unknown) => {
        if (!this.#over.signal.aborted) this.#logger.warn('the claim was not taken', { error });
      });
  }

  /** Asks the activity to stop. It decides when, if ever, it does. */
  cancel(reason: ActivityCancellationReason): void {
    if (this.#over.signal.aborted) return;
    const stop = this.#stop ?? notCancelled;
    this.#stop = {
      ...stop,
      cancelRequested: stop.cancelRequested || reason === 'CANCELLED',
      notFound: stop.notFound || reason === 'NOT_FOUND',
      timedOut: stop.timedOut || reason === 'TIMED_OUT',
      workerShutdown: stop.workerShutdown || reason === 'WORKER_SHUTDOWN',
      paused: stop.paused || reason === 'PAUSED',
      reset: stop.reset || reason === 'RESET',
    };
    this.#cancellation.abort(new CancelledFailure(reason));
  }

  /** Sets the timer of the attempt's limit; a clock may ring early where the wait is long. */
  #timeOutAt(atMs: number): () => void {
    if (atMs === Infinity) return () => undefined;
    const { clock } = this.#options;
    let callOff = clock.setTimer(atMs, () => {
      if (clock.now() >= atMs) this.#timeOut();
      else callOff = this.#timeOutAt(atMs);
    });
    return () => callOff();
  }

  /** Claimed so that history's own timer ends the attempt, even when it was shorter than the delay of a claim. */
  #timeOut(): void {
    this.#logger.warn('activity timed out, its outcome will not count');
    this.claim();
    this.cancel('TIMED_OUT');
  }

  async #execute(): Promise<ActivityOutcome> {
    const { task, activities, dataConverter } = this.#options;
    const { payloadConverter, payloadCodecs } = dataConverter;
    let execution: ActivityExecution | undefined;
    try {
      const activity = activities.find(task.activityType);
      execution = await this.#prepare();
      const args = arrayFromPayloads(payloadConverter, await decodePayloads(payloadCodecs, task.input));
      execution.workerLogger.debug('Activity started');
      const value = await execution.run(activity, { args, headers: task.headers });
      const result = await encodeResult(dataConverter, task.activityType, value);
      this.#note({ kind: 'completed', result }, undefined, execution);
      return { kind: 'completed', result };
    } catch (error) {
      const reason = isCancellation(error) ? (this.#heartbeatError ?? error) : error;
      const outcome = await outcomeOfError(dataConverter, reason, this.#stop);
      this.#note(outcome, reason, execution);
      return outcome;
    }
  }

  async #prepare(): Promise<ActivityExecution> {
    const { task, namespace, dataConverter, interceptors, metrics, client, clock } = this.#options;
    const { payloadConverter, payloadCodecs } = dataConverter;
    const details = await decodePayloads(payloadCodecs, task.heartbeatDetails);
    return prepareActivity({
      info: activityInfo(task, namespace, fromPayloadsAtIndex(payloadConverter, 0, details)),
      interceptors,
      cancellationSignal: this.#cancellation.signal,
      cancellationDetails: () => this.#stop,
      heartbeat: (value) => this.#heartbeat(value),
      logger: this.#options.activityLogger,
      metrics: metrics.sink,
      client,
      clock,
    });
  }

  /** Logs and counts how the attempt ended. */
  #note(outcome: ActivityOutcome, error: unknown, execution: ActivityExecution | undefined): void {
    const { metrics, task, clock } = this.#options;
    const durationMs = clock.now() - this.#startedAt;
    const logger = execution?.workerLogger ?? userLogger(this.#logger);
    const isBenign = outcome.kind === 'failed' && outcome.failure.applicationInfo?.category === 'BENIGN';
    metrics.ended(task, isBenign ? 'benign' : outcome.kind, durationMs);
    if (outcome.kind !== 'failed') logger.debug(endings[outcome.kind], { durationMs });
    else if (isBenign) logger.debug('Activity failed', { error, durationMs });
    else logger.warn('Activity failed', { error, durationMs });
  }

  #heartbeat(value: unknown): void {
    if (this.#over.signal.aborted) return;
    this.heartbeats = true;
    // Also without a claim before it, history would take a heartbeat for one; the claim starts the time-outs at once.
    this.claim();
    try {
      const { payloadConverter, maxValueBytes } = this.#options.dataConverter;
      const what = `heartbeat of activity '${this.#options.task.activityType}'`;
      this.#heartbeats.record(value === undefined ? [] : [encodeValue(payloadConverter, what, value, maxValueBytes)]);
    } catch (error) {
      this.#failHeartbeat(error);
    }
  }

  async #sendHeartbeat(details: readonly Payload[]): Promise<void> {
    const { dataConverter, commands, send } = this.#options;
    try {
      await send(commands.heartbeat(await encodePayloads(dataConverter.payloadCodecs, details)));
    } catch (error) {
      if (!isRetryable(error)) return this.#failHeartbeat(error);
      this.#logger.warn('heartbeat not sent, will be tried again', { error });
      throw error;
    }
  }

  /** Progress that can't be recorded would make the next attempt begin from a wrong place: the attempt fails by it. */
  #failHeartbeat(error: unknown): void {
    this.#heartbeatError = error;
    this.cancel('HEARTBEAT_DETAILS_CONVERSION_FAILED');
  }

  async #report(outcome: ActivityOutcome): Promise<void> {
    const { commands, dataConverter } = this.#options;
    if (outcome.kind === 'moot') return this.#claiming;
    if (outcome.kind === 'async') return this.#handOver();
    try {
      await this.#send('report an activity', commandOf(commands, outcome));
    } catch (error) {
      // Refused as it is: too large, or of a shape that has no encoding. Said in few words, it is history's to decide.
      this.#logger.error('the outcome was refused, the attempt is failed instead', { error });
      const message = `The outcome of the activity can't be recorded: ${(error as Error).message}`;
      const failure = await encodeError(dataConverter, ApplicationFailure.nonRetryable(message, (error as Error).name));
      await this.#send('report an activity', commands.fail({ ...failure, stackTrace: '' }));
    }
  }

  /** History's timers own the attempt from the claim on: without one it would count as not begun, and be given out again. */
  #handOver(): Promise<void> | undefined {
    this.claim();
    return this.#claiming;
  }

  #send(what: string, command: Command, signal?: AbortSignal): Promise<void> {
    const { send, clock } = this.#options;
    return retryWhileUnavailable(() => send(command), {
      what,
      logger: this.#logger,
      clock,
      ...(signal && { signal }),
    });
  }
}

/** What the log says of an attempt that did not fail. */
const endings = {
  completed: 'Activity completed',
  async: 'Activity will complete asynchronously',
  cancelled: 'Activity completed as cancelled',
  moot: 'Activity completed as cancelled',
} as const;

function commandOf(commands: ActivityCommands, outcome: Exclude<ActivityOutcome, { kind: 'moot' | 'async' }>): Command {
  switch (outcome.kind) {
    case 'completed':
      return commands.complete(outcome.result);
    case 'failed':
      return commands.fail(outcome.failure);
    case 'cancelled':
      return commands.cancel(outcome.details);
  }
}

/**
 * How long the attempt may take, in milliseconds: the nearer of its own limit and what attempts before have left of the
 * limit over all. Only times of history's clock are compared; the wait in the queue is left to its timers.
 */
function attemptLimitMs(task: ActivityTask): number {
  const { startToCloseTimeoutMs, scheduleToCloseTimeoutMs, scheduledAt, attemptScheduledAt } = task;
  const leftMs =
    scheduleToCloseTimeoutMs === null ? Infinity : scheduleToCloseTimeoutMs - (attemptScheduledAt - scheduledAt);
  return Math.max(0, Math.min(startToCloseTimeoutMs ?? Infinity, leftMs));
}
