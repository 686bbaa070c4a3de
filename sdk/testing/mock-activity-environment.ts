import { EventEmitter } from 'node:events';
import { systemClock } from '../../services/platform/clock.js';
import type { ActivityCancellationDetails, ActivityCancellationReason } from '../activity/cancellation.js';
import { notCancelled } from '../activity/cancellation.js';
import type { Context } from '../activity/context.js';
import type { Info } from '../activity/info.js';
import type { Client } from '../client/client.js';
import { CancelledFailure } from '../common/failure/failure.js';
import type { Logger } from '../common/logger.js';
import type { MetricMeter, MetricSink } from '../common/metrics.js';
import type { ActivityFunction } from '../common/workflow-definition.js';
import { type ActivityExecution, prepareActivity } from '../worker/activity-execution.js';
import type { ActivityInterceptorsFactory } from '../worker/interceptors.js';
import { userLogger } from '../worker/telemetry/user-logger.js';
import { defaultActivityInfo } from './default-activity-info.js';
import { environmentLogger } from './environment-logger.js';

export interface MockActivityEnvironmentOptions {
  readonly interceptors?: readonly ActivityInterceptorsFactory[];
  /** Default: one that writes warnings and errors to stderr. */
  readonly logger?: Logger;
  /** Default: one that measures nothing. */
  readonly metricMeter?: MetricMeter;
  /** What `Context.client` gives; without it that is an error. */
  readonly client?: Client;
}

/**
 * Calls activities as a worker does, without one: in a context, behind interceptors. It emits `heartbeat` with the
 * details of each heartbeat. All its calls share one context: once cancelled, they all are.
 */
export class MockActivityEnvironment extends EventEmitter {
  readonly context: Context;
  readonly #execution: ActivityExecution;
  readonly #cancellation = new AbortController();
  #stop: ActivityCancellationDetails | undefined;

  /** `info` says what of `defaultActivityInfo` is to be different. */
  constructor(info: Partial<Info> = {}, options: MockActivityEnvironmentOptions = {}) {
    super();
    const { interceptors = [], logger = userLogger(environmentLogger()), metricMeter, client } = options;
    this.#execution = prepareActivity({
      info: { ...defaultActivityInfo, ...info },
      interceptors,
      cancellationSignal: this.#cancellation.signal,
      cancellationDetails: () => this.#stop,
      heartbeat: (details) => void this.emit('heartbeat', details),
      logger,
      metrics: metricMeter === undefined ? () => undefined : sinkOf(metricMeter),
      client: client && (() => client),
      clock: systemClock,
    });
    this.context = this.#execution.context;
  }

  /** Calls the function in the environment's context and resolves, or rejects, as it does. */
  readonly run = async <P extends unknown[], R>(activity: ActivityFunction<P, R>, ...args: P): Promise<R> => {
    // What is called takes just these arguments, and what stands before it passes its result on.
    return (await this.#execution.run(activity as ActivityFunction, { args, headers: {} })) as R;
  };

  /** Asks the activity to stop: its context's promise and signal end with a CancelledFailure of this message. */
  readonly cancel = (reason: ActivityCancellationReason = 'CANCELLED', details?: ActivityCancellationDetails): void => {
    this.#stop ??= details ?? { ...notCancelled, cancelRequested: true };
    this.#cancellation.abort(new CancelledFailure(reason));
  };
}

/** A meter to hand values to. */
function sinkOf(meter: MetricMeter): MetricSink {
  return ({ kind, name, valueType, unit, description }, value, tags) => {
    switch (kind) {
      case 'counter':
        return meter.createCounter(name, unit, description).add(value, tags);
      case 'histogram':
        return meter.createHistogram(name, valueType, unit, description).record(value, tags);
      case 'gauge':
        return meter.createGauge(name, valueType, unit, description).set(value, tags);
      case 'up-down-counter':
        return meter.createUpDownCounter(name, unit, description).add(value, tags);
    }
  };
}
