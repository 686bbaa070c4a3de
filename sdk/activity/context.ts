import { AsyncLocalStorage } from 'node:async_hooks';
import { after, type Clock, systemClock } from '../../services/platform/clock.js';
import type { Client } from '../client/client.js';
import { type Duration, msToNumber } from '../common/duration.js';
import { IllegalStateError } from '../common/errors.js';
import type { Logger } from '../common/logger.js';
import { type MetricMeter, noopMetricMeter } from '../common/metrics.js';
import type { ActivityCancellationDetails } from './cancellation.js';
import type { Info } from './info.js';

/** Carries the context through an activity's asynchronous calls. */
export const asyncLocalStorage = new AsyncLocalStorage<Context>();

export interface ContextOptions {
  readonly info: Info;
  /** Aborted with a `CancelledFailure` when the activity should stop. */
  readonly cancellationSignal: AbortSignal;
  readonly cancellationDetails: () => ActivityCancellationDetails | undefined;
  readonly heartbeat: (details: unknown) => void;
  readonly log: Logger;
  /** Default: one that measures nothing. */
  readonly metricMeter?: MetricMeter;
  /** Makes, or has made, the client of the activity's worker. */
  readonly client?: (() => Client) | undefined;
  /** Default: the system's. */
  readonly clock?: Clock;
}

/** The attempt that the current code runs in. */
export class Context {
  /** The context of the running activity. Throws when called outside one. */
  static current(): Context {
    const context = asyncLocalStorage.getStore();
    if (!context) {
      throw new Error(
        'Activity context not initialized: this was called outside a running activity, or from a callback that ' +
          'lost the asynchronous context (see AsyncLocalStorage.bind)',
      );
    }
    return context;
  }

  readonly info: Info;
  /** Rejects with a `CancelledFailure` when the activity should stop. Awaiting it or racing against it is optional. */
  readonly cancelled: Promise<never>;
  /** The same as a signal, for `fetch` and the like. */
  readonly cancellationSignal: AbortSignal;
  /** Writes through the worker's logger, with the activity's ids on every line. An interceptor may put another in its place. */
  log: Logger;
  /** Measures with the activity's tags: namespace, task queue and type. */
  readonly metricMeter: MetricMeter;
  readonly #options: ContextOptions;

  constructor(options: ContextOptions) {
    this.#options = options;
    this.info = options.info;
    this.cancellationSignal = options.cancellationSignal;
    this.log = options.log;
    this.metricMeter = options.metricMeter ?? noopMetricMeter;
    this.cancelled = new Promise((_, reject) => {
      const signal = options.cancellationSignal;
      if (signal.aborted) reject(signal.reason);
      else signal.addEventListener('abort', () => reject(signal.reason), { once: true });
    });
    // An activity that doesn't look at it must not bring the process down.
    this.cancelled.catch(() => undefined);
  }

  /** Why the activity should stop; undefined as long as it needn't. */
  get cancellationDetails(): ActivityCancellationDetails | undefined {
    return this.#options.cancellationDetails();
  }

  /** A client over the worker's connection and namespace. Throws an IllegalStateError where there is no worker. */
  get client(): Client {
    const { client } = this.#options;
    if (client) return client();
    throw new IllegalStateError('No Client available: this activity runs in an environment that was given none');
  }

  /**
   * Says that the attempt is alive and how far it is. The next attempt finds the last details in
   * `info.heartbeatDetails`. Calls more frequent than the throttle interval cost nothing: the last one is sent.
   */
  readonly heartbeat = (details?: unknown): void => {
    this.#options.heartbeat(details);
  };

  /** Resolves after the time given, or rejects with a `CancelledFailure` when the activity should stop. */
  readonly sleep = (duration: Duration): Promise<void> => {
    const signal = this.cancellationSignal;
    return new Promise((resolve, reject) => {
      if (signal.aborted) return reject(signal.reason);
      const callOff = after(this.#options.clock ?? systemClock, msToNumber(duration), () => {
        signal.removeEventListener('abort', interrupt);
        resolve();
      });
      const interrupt = () => {
        callOff();
        reject(signal.reason);
      };
      signal.addEventListener('abort', interrupt, { once: true });
    });
  };
}

/** `Context.current().info`. */
export function activityInfo(): Info {
  return Context.current().info;
}

/** `Context.current().heartbeat(details)`. */
export function heartbeat(details?: unknown): void {
  Context.current().heartbeat(details);
}

/** `Context.current().sleep(duration)`. */
export function sleep(duration: Duration): Promise<void> {
  return Context.current().sleep(duration);
}

/** `Context.current().cancelled`. */
export function cancelled(): Promise<never> {
  return Context.current().cancelled;
}

/** `Context.current().cancellationSignal`. */
export function cancellationSignal(): AbortSignal {
  return Context.current().cancellationSignal;
}

/** `Context.current().cancellationDetails`. */
export function cancellationDetails(): ActivityCancellationDetails | undefined {
  return Context.current().cancellationDetails;
}

/** `Context.current().client`. */
export function getClient(): Client {
  return Context.current().client;
}

/** The current activity's meter; looked up when a metric is made, so that it may be kept in a module. */
export const metricMeter: MetricMeter = {
  createCounter: (...metric) => Context.current().metricMeter.createCounter(...metric),
  createHistogram: (...metric) => Context.current().metricMeter.createHistogram(...metric),
  createGauge: (...metric) => Context.current().metricMeter.createGauge(...metric),
  createUpDownCounter: (...metric) => Context.current().metricMeter.createUpDownCounter(...metric),
  withTags: (tags) => Context.current().metricMeter.withTags(tags),
};

/** The current activity's logger; looked up at each call, so that it may be kept in a module. */
export const log: Logger = {
  log: (level, message, meta) => Context.current().log.log(level, message, meta),
  trace: (message, meta) => Context.current().log.trace(message, meta),
  debug: (message, meta) => Context.current().log.debug(message, meta),
  info: (message, meta) => Context.current().log.info(message, meta),
  warn: (message, meta) => Context.current().log.warn(message, meta),
  error: (message, meta) => Context.current().log.error(message, meta),
};
