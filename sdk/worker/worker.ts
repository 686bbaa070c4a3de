// A worker's life: what it takes its tasks with is made by `create`, takes tasks from `run` to `shutdown`, and is given
// back at the end.

import { after, type Clock, pause } from '../../services/platform/clock.js';
import type { Logger } from '../../services/platform/logger.js';
import type { Client } from '../client/client.js';
import type { Connection } from '../client/connection.js';
import { type Duration, msToNumber } from '../common/duration.js';
import { IllegalStateError } from '../common/errors.js';
import { CombinedWorkerRunError, GracefulShutdownPeriodExpiredError, PromiseCompletionTimeoutError } from './errors.js';
import { configureByPlugins, runByPlugins } from './plugins.js';
import { runReplayHistories, runReplayHistory } from './replay.js';
import type { TaskQueueConsumer } from './task-queue-consumer.js';
import { type Watchable, watchedNumber } from './watched-number.js';
import { processHost, type WorkerHost } from './worker-host.js';
import { compileWorkerOptions, type WorkerOptions } from './worker-options.js';
import { openWorkerParts, type WorkerParts } from './worker-parts.js';
import { statusOf, type WorkerStatus } from './worker-status.js';

/** How long a worker that failed may take to report what it has in hand, in milliseconds. */
const FAILED_DRAIN_TIMEOUT_MS = 10_000;

export type WorkerState =
  /** Made, not run yet. */
  | 'INITIALIZED'
  /** Takes tasks. */
  | 'RUNNING'
  /** Asked to shut down. */
  | 'STOPPING'
  /** Takes no tasks, finishes those in hand. */
  | 'DRAINING'
  /** Has none in hand. */
  | 'DRAINED'
  /** Ended as asked. */
  | 'STOPPED'
  /** Ended by an error, which `run` rejects with. */
  | 'FAILED';

export interface RunUntilOptions {
  /** How long the promise may stay pending once the worker has stopped by itself. Default: 0. */
  readonly promiseCompletionTimeout?: Duration;
}

/** Takes the tasks of one queue: workflow tasks if it has workflows, activity tasks if it has activities. */
export class Worker {
  readonly options: WorkerOptions;
  readonly #parts: WorkerParts;
  readonly #logger: Logger;
  readonly #failure: Promise<never>;
  readonly #asked: Promise<void>;
  #ask: () => void = () => undefined;
  #state: WorkerState = 'INITIALIZED';

  /**
   * Connects, bundles the workflows and makes the queue's topics if they are missing; takes no task yet.
   * Errors: ValueError for options that can't be served, ServiceError when broker or registry can't be reached,
   * NamespaceNotFoundError, those of the bundler. `host` is for those who run workers inside another process's.
   */
  static async create(given: WorkerOptions, host?: WorkerHost): Promise<Worker> {
    const options = configureByPlugins(given);
    let fail: (error: Error) => void = () => undefined;
    const failure = new Promise<never>((_, reject) => {
      fail = reject;
    });
    // Looked at once the worker runs; until then nothing reports one.
    failure.catch(() => undefined);
    const compiled = compileWorkerOptions(options);
    const parts = await openWorkerParts(compiled, host ?? (await processHost()), fail);
    return new Worker(options, parts, failure);
  }

  /**
   * Runs the workflows of the options against a history, without a broker. Rejects with a DeterminismViolationError
   * where the code does other things than the history says, with a ReplayError where it fails.
   */
  static readonly runReplayHistory = runReplayHistory;

  /** As `runReplayHistory`, for many: gives a result for each, with the error in it. */
  static readonly runReplayHistories = runReplayHistories;

  private constructor(options: WorkerOptions, parts: WorkerParts, failure: Promise<never>) {
    this.options = options;
    this.#parts = parts;
    this.#logger = parts.logger;
    this.#failure = failure;
    this.#asked = new Promise((resolve) => {
      this.#ask = resolve;
    });
  }

  /** The connection it takes its tasks from. */
  get connection(): Connection {
    return this.#parts.connection;
  }

  /** A client over the worker's connection, namespace and data converter; activities are given the same. */
  get client(): Client {
    return this.#parts.client();
  }

  getState(): WorkerState {
    return this.#state;
  }

  /** What it does now. */
  getStatus(): WorkerStatus {
    return statusOf(this.#state, this.#parts);
  }

  /** Workflow tasks and queries under way. */
  get numInFlightActivations$(): Watchable {
    return this.#parts.workflowConsumer?.running ?? nothingRuns;
  }

  /** Activities under way. */
  get numInFlightActivities$(): Watchable {
    return this.#parts.activityConsumer?.running ?? nothingRuns;
  }

  /**
   * Takes tasks until `shutdown` is called or the process gets SIGINT, SIGTERM, SIGQUIT or SIGUSR2, then finishes what
   * is in hand. A broker that is away is waited for. Rejects when the worker can't go on, and with a
   * GracefulShutdownPeriodExpiredError after `shutdownForceTime`.
   */
  async run(): Promise<void> {
    if (this.#state !== 'INITIALIZED') throw new IllegalStateError('Poller was already started');
    await runByPlugins(this.#parts.options.plugins, this, () => this.#run());
  }

  async #run(): Promise<void> {
    if (this.#state !== 'INITIALIZED') throw new IllegalStateError('Poller was already started');
    this.#enter('RUNNING');
    const ignoreSignals = this.#parts.host.onShutdownSignal(() => {
      if (this.#state === 'RUNNING') this.shutdown();
    });
    try {
      const started = Promise.all(this.#parts.consumers.map((consumer) => consumer.start()));
      started.catch(() => undefined);
      await Promise.race([started.then(() => this.#asked), this.#asked, this.#failure]);
      await this.#drain(this.#parts.options.shutdownForceTimeMs);
      this.#enter('STOPPED');
    } catch (error) {
      await this.#abandon();
      this.#enter('FAILED');
      throw error;
    } finally {
      ignoreSignals();
      await this.#parts.close();
    }
  }

  /**
   * Runs while the promise is pending and resolves, or rejects, as it does. A worker that stops by itself leaves it
   * `promiseCompletionTimeout`. Errors: the promise's, the worker's, or a CombinedWorkerRunError when both fail.
   */
  async runUntil<R>(promise: Promise<R> | (() => Promise<R>), options: RunUntilOptions = {}): Promise<R> {
    const running = this.run();
    const inner = typeof promise === 'function' ? (async () => promise())() : promise;
    const timeoutMs = msToNumber(options.promiseCompletionTimeout ?? 0);
    const tooLate = async (): Promise<never> => {
      await running.catch(() => undefined);
      await pause(this.#parts.clock, timeoutMs);
      throw new PromiseCompletionTimeoutError(
        `Promise did not resolve within ${timeoutMs}ms after Worker completed shutdown`,
      );
    };
    const bounded = Promise.race([inner, tooLate()]).finally(() => {
      if (this.#state === 'RUNNING') this.shutdown();
      // A plugin may hold the run back.
      else if (this.#state === 'INITIALIZED') this.#ask();
    });
    const [result, worker] = await Promise.allSettled([bounded, running]);
    if (worker.status === 'rejected') {
      if (result.status === 'fulfilled') throw worker.reason;
      throw new CombinedWorkerRunError('Worker terminated with fatal error in `runUntil`', {
        workerError: worker.reason,
        innerError: result.reason,
      });
    }
    if (result.status === 'rejected') throw result.reason;
    return result.value;
  }

  /** Begins a graceful end; `run` resolves when it's done. Throws an IllegalStateError unless the worker is running. */
  shutdown(): void {
    if (this.#state !== 'RUNNING') throw new IllegalStateError(`Not running. Current state: ${this.#state}`);
    this.#enter('STOPPING');
    this.#ask();
  }

  /**
   * What runs is claimed, so that the groups can be left at once and others take the partitions over, while activities
   * finish in their own time.
   */
  async #drain(forceTimeMs: number | undefined): Promise<void> {
    const { consumers, activities, options, clock } = this.#parts;
    for (const consumer of consumers) consumer.stopTaking();
    this.#enter('DRAINING');
    activities?.claimRunning();
    const stopActivities = () => activities?.cancelRunning('WORKER_SHUTDOWN');
    const { shutdownGraceTimeMs } = options;
    const callOffStop = shutdownGraceTimeMs > 0 ? after(clock, shutdownGraceTimeMs, stopActivities) : stopActivities();
    const atRest = Promise.all(consumers.map((consumer) => finish(consumer)));
    try {
      await (forceTimeMs === undefined ? atRest : Promise.race([atRest, expire(clock, forceTimeMs, atRest)]));
      this.#enter('DRAINED');
    } finally {
      callOffStop?.();
    }
  }

  /** A worker that failed still tells what it can, for a while. */
  async #abandon(): Promise<void> {
    if (this.#state === 'DRAINING') return;
    await this.#drain(FAILED_DRAIN_TIMEOUT_MS).catch((error: unknown) => {
      this.#logger.warn('the worker ends with tasks in hand, they will be delivered again', { error });
    });
  }

  #enter(state: WorkerState): void {
    this.#state = state;
    this.#logger.info('worker state', { state });
  }
}

const nothingRuns: Watchable = watchedNumber();

async function finish(consumer: TaskQueueConsumer): Promise<void> {
  await consumer.leave();
  await consumer.drained();
}

/** Rejects after the time, or resolves where what it bounds is over before that. */
async function expire(clock: Clock, timeMs: number, bounded: Promise<unknown>): Promise<void> {
  const over = new AbortController();
  const end = () => over.abort();
  bounded.then(end, end);
  await pause(clock, timeMs, over.signal);
  if (over.signal.aborted) return;
  throw new GracefulShutdownPeriodExpiredError('Timed out while waiting for worker to shutdown gracefully');
}
