// Local activities, in the worker's own thread: tried and tried again here, until they are over or the wait before the
// next try is so long that it belongs into history. What comes of them is told to the workflow's code, which records it.

import type { ActivityTask, Failure, Payload } from '../../schemas/generated/messages.js';
import { activityTimeout, canceled } from '../../services/history/core/failures.js';
import { defaultRetryPolicy, nextRetry } from '../../services/history/core/retry.js';
import { after, type Clock, pause } from '../../services/platform/clock.js';
import type { Client } from '../client/client.js';
import type { LoadedDataConverter } from '../common/converter/data-converter.js';
import { arrayFromPayloads } from '../common/converter/payloads.js';
import { ApplicationFailure } from '../common/failure/application-failure.js';
import type { Logger } from '../common/logger.js';
import type { MetricSink } from '../common/metrics.js';
import type { LocalActivityRequest, LocalActivityResolution } from '../workflow/activation.js';
import { prepareActivity } from './activity-execution.js';
import { activityInfo } from './activity-info.js';
import { encodeError, encodeResult, outcomeOfError } from './activity-outcome.js';
import type { ActivityRegistry } from './activity-registry.js';
import type { ActivityInterceptorsFactory } from './interceptors.js';
import type { LocalActivityExecution } from './sandbox/local-activities.js';
import type { Slot, Slots } from './slots/slots.js';
import { StopSignal } from './stop-signal.js';

export interface LocalActivityRunnerOptions {
  readonly activities: ActivityRegistry;
  readonly namespace: string;
  readonly taskQueue: string;
  /** Its codecs are left out: what crosses to the sandbox is plain. */
  readonly dataConverter: LoadedDataConverter;
  readonly interceptors: readonly ActivityInterceptorsFactory[];
  /** The places for attempts. */
  readonly slots: Slots;
  readonly logger: Logger;
  readonly metrics: MetricSink;
  readonly client: () => Client;
  readonly clock: Clock;
  /** Called when a supplier of slots throws. */
  readonly onFailed: (error: Error) => void;
}

/** A local activity with the run whose code asks for it. */
export interface LocalActivityCall extends LocalActivityRequest {
  readonly workflowId: string;
  readonly runId: string;
  readonly workflowType: string;
}

/** What one attempt came to. */
type AttemptOutcome =
  | { readonly kind: 'completed'; readonly result: Payload | null }
  | { readonly kind: 'failed' | 'cancelled'; readonly failure: Failure };

export class LocalActivityRunner {
  readonly #options: LocalActivityRunnerOptions;

  constructor(options: LocalActivityRunnerOptions) {
    const { dataConverter } = options;
    this.#options = { ...options, dataConverter: { ...dataConverter, payloadCodecs: [] } };
  }

  /** Begins a local activity. Its outcome never rejects; there is none when the worker can't go on. */
  run(call: LocalActivityCall): LocalActivityExecution {
    const cancellation = new AbortController();
    // Whatever rejects here is no doing of the activity, such as an error of a slot supplier: it ends the worker.
    const outcome = this.#outcome(call, cancellation.signal).catch((error: Error) => {
      this.#options.onFailed(error);
      return new Promise<never>(() => undefined);
    });
    return { outcome, cancel: () => cancellation.abort() };
  }

  async #outcome(call: LocalActivityCall, cancelled: AbortSignal): Promise<LocalActivityResolution> {
    const { clock } = this.#options;
    const { seq, scheduledAt, scheduleToCloseTimeoutMs, localRetryThresholdMs } = call;
    const policy = call.retryPolicy ?? defaultRetryPolicy;
    const expiresAt = scheduleToCloseTimeoutMs === null ? null : scheduledAt + scheduleToCloseTimeoutMs;
    const over = {
      seq,
      result: null,
      failure: null,
      retryState: 'IN_PROGRESS',
      backoffMs: null,
      nextAttempt: 0,
    } as const;
    for (let attempt = call.attempt; ; attempt += 1) {
      const outcome = await this.#attempt(call, attempt, cancelled);
      const now = clock.now();
      if (outcome.kind === 'completed') return { ...over, completedAt: now, result: outcome.result };
      const { failure } = outcome;
      const isCancelled = outcome.kind === 'cancelled' || cancelled.aborted;
      if (isCancelled) return { ...over, completedAt: now, failure, retryState: 'CANCEL_REQUESTED' };
      const next = nextRetry({ policy, attempt, expiresAt }, failure, now);
      if ('retryState' in next) return { ...over, completedAt: now, failure, retryState: next.retryState };
      const waitMs = next.nextAttemptAt - now;
      if (waitMs > localRetryThresholdMs) {
        return { ...over, completedAt: now, failure, backoffMs: waitMs, nextAttempt: attempt + 1 };
      }
      await pause(clock, waitMs, cancelled);
    }
  }

  async #attempt(call: LocalActivityCall, attempt: number, cancelled: AbortSignal): Promise<AttemptOutcome> {
    if (cancelled.aborted) return { kind: 'cancelled', failure: canceled([]) };
    const slot = await this.#slot(call, cancelled);
    if ('kind' in slot) return slot;
    slot.use?.({ type: 'local-activity', activityType: call.activityType });
    // An activity that doesn't stop when its time is over keeps its slot, but nobody waits for it any more.
    const { onFailed } = this.#options;
    return new Promise((resolve) => {
      const stop = new StopSignal(cancelled);
      const callOff = this.#limit(call, (failure) => {
        stop.timeOut();
        resolve({ kind: 'failed', failure });
      });
      void this.#call(call, attempt, stop)
        .then(resolve)
        .finally(() => {
          callOff();
          stop.close();
          slot.free();
        })
        .catch(onFailed);
    });
  }

  /** A place; what the attempt comes to when the wait for one is too long, or called off. */
  #slot(call: LocalActivityCall, cancelled: AbortSignal): Promise<Slot | AttemptOutcome> {
    const { clock, slots } = this.#options;
    const startMs = call.scheduleToStartTimeoutMs ?? Infinity;
    const leftMs = this.#leftMs(call);
    const type = leftMs <= startMs ? 'SCHEDULE_TO_CLOSE' : 'SCHEDULE_TO_START';
    return new Promise((resolve, reject) => {
      let isOver = false;
      const end = (slot: Slot | AttemptOutcome) => {
        isOver = true;
        callOff();
        cancelled.removeEventListener('abort', giveUp);
        resolve(slot);
      };
      const giveUp = () => end({ kind: 'cancelled', failure: canceled([]) });
      const tooLate = () => end({ kind: 'failed', failure: activityTimeout(type, [], null) });
      const limitMs = Math.min(startMs, leftMs);
      const callOff = limitMs === Infinity ? () => undefined : after(clock, limitMs, tooLate);
      cancelled.addEventListener('abort', giveUp, { once: true });
      const given = async () => {
        const slot = await slots.take();
        // One that comes too late is for others.
        if (isOver) slot?.free();
        else end(slot ?? { kind: 'failed', failure: await this.#failure('the worker is shutting down') });
      };
      given().catch(reject);
    });
  }

  #leftMs({ scheduledAt, scheduleToCloseTimeoutMs }: LocalActivityCall): number {
    if (scheduleToCloseTimeoutMs === null) return Infinity;
    return Math.max(0, scheduledAt + scheduleToCloseTimeoutMs - this.#options.clock.now());
  }

  /** Calls `passed` when the attempt's time is over. */
  #limit(call: LocalActivityCall, passed: (failure: Failure) => void): () => void {
    const { clock } = this.#options;
    const leftMs = this.#leftMs(call);
    const ownMs = call.startToCloseTimeoutMs ?? Infinity;
    const type = leftMs <= ownMs ? 'SCHEDULE_TO_CLOSE' : 'START_TO_CLOSE';
    const limitMs = Math.min(leftMs, ownMs);
    return limitMs === Infinity ? () => {} : after(clock, limitMs, () => passed(activityTimeout(type, [], null)));
  }

  /** Calls the activity's function. Never rejects. */
  async #call(call: LocalActivityCall, attempt: number, stop: StopSignal): Promise<AttemptOutcome> {
    const { activities, dataConverter, interceptors, logger, metrics, client, clock, namespace } = this.#options;
    try {
      const execution = prepareActivity({
        info: { ...activityInfo(this.#task(call, attempt), namespace, undefined), isLocal: true },
        interceptors,
        cancellationSignal: stop.signal,
        cancellationDetails: () => stop.details,
        // There is nobody to miss them, nor a next attempt elsewhere that would want to know.
        heartbeat: () => {},
        logger,
        metrics,
        client,
        clock,
      });
      const args = arrayFromPayloads(dataConverter.payloadConverter, call.input);
      const value = await execution.run(activities.find(call.activityType), { args, headers: call.headers });
      return { kind: 'completed', result: await encodeResult(dataConverter, call.activityType, value) };
    } catch (error) {
      return this.#failed(error, stop);
    }
  }

  async #failed(error: unknown, stop: StopSignal): Promise<AttemptOutcome> {
    const outcome = await outcomeOfError(this.#options.dataConverter, error, stop.details);
    if (outcome.kind === 'cancelled') return { kind: 'cancelled', failure: canceled(outcome.details) };
    if (outcome.kind === 'failed') return { kind: 'failed', failure: outcome.failure };
    const message =
      outcome.kind === 'async' ? 'a local activity can not be completed from outside' : 'the attempt was stopped';
    return { kind: 'failed', failure: await this.#failure(message) };
  }

  #failure(message: string): Promise<Failure> {
    return encodeError(this.#options.dataConverter, ApplicationFailure.nonRetryable(message));
  }

  #task(call: LocalActivityCall, attempt: number): ActivityTask {
    return {
      ...call,
      taskQueue: this.#options.taskQueue,
      scheduledEventId: 0,
      attempt,
      attemptScheduledAt: this.#options.clock.now(),
      heartbeatTimeoutMs: null,
      heartbeatDetails: [],
      retryPolicy: call.retryPolicy ?? defaultRetryPolicy,
      priority: null,
    };
  }
}
