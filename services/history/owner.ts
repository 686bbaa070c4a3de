// A partition in this service's care: served, and taken over anew whenever that fails, for as long as the group leaves
// the partition here. State is rebuilt from the log each time (H3, H4), never mended.

import { backoffMs, pause } from '../platform/clock.js';
import { LogError } from '../platform/log/errors.js';
import type { Logger } from '../platform/logger.js';
import type { TaskOut } from './core/tasks-out.js';
import { createDeferred } from './deferred.js';
import type { HistoryFold } from './history-fold.js';
import type { PartitionLoop } from './loop.js';
import { type OwnerEnvironment, serve } from './tenure.js';

const FIRST_RETRY_MS = 500;
const LONGEST_RETRY_MS = 30_000;

/** Wait of an owner that was fenced: time for the group to say whether the partition still belongs here. */
const FENCED_RETRY_MS = 3_000;

/** A partition that was served for this long had been well: what ends it then is a new failure. */
const WELL_MS = 60_000;

/** Told when a partition stands still after a failure. It is tried again. */
export type OnPartitionFailed = (partition: number, error: unknown) => void;

export class PartitionOwner {
  readonly partition: number;
  /** Resolves when the partition is first served, has first failed, or is given back. */
  readonly settled: Promise<void>;
  readonly #environment: OwnerEnvironment;
  readonly #onFailed: OnPartitionFailed;
  readonly #logger: Logger;
  readonly #stopped = new AbortController();
  readonly #settled = createDeferred();
  readonly #ended: Promise<void>;
  #warm: Promise<HistoryFold | undefined> | undefined;
  #ownerEpoch = 0;
  #loop: PartitionLoop | undefined;
  #lastPosition: number | undefined;

  /** `warm` is what a standby has of the partition. */
  constructor(
    partition: number,
    environment: OwnerEnvironment,
    onFailed: OnPartitionFailed,
    warm?: Promise<HistoryFold | undefined>,
  ) {
    this.partition = partition;
    this.#warm = warm;
    this.#environment = environment;
    this.#onFailed = onFailed;
    this.#logger = environment.logger.child({ partition });
    this.settled = this.#settled.promise;
    this.#ended = this.#own();
  }

  /** Whether commands are being decided. */
  get isServing(): boolean {
    return this.#loop !== undefined;
  }

  /** Tasks that are out, as far as this owner knows. */
  get tasksOut(): TaskOut[] {
    return this.#loop?.tasksOut ?? [];
  }

  /** The highest epoch this owner has claimed; 0 before the first. */
  get ownerEpoch(): number {
    return this.#ownerEpoch;
  }

  /** The offset after the last command decided, as far as this owner knows. */
  get position(): number | undefined {
    return this.#loop?.position ?? this.#lastPosition;
  }

  /** Gives the partition back, once what is decided is appended and what is acknowledged delivered. */
  async stop(): Promise<void> {
    this.#stopped.abort(new Error(`partition ${this.partition} was given back`));
    await this.#loop?.stop();
    await this.#ended;
  }

  async #own(): Promise<void> {
    const { signal } = this.#stopped;
    const { clock } = this.#environment;
    for (let failures = 0; !signal.aborted; ) {
      const startedAt = clock.now();
      try {
        await this.#serve(signal);
      } catch (error) {
        if (signal.aborted) break;
        failures = clock.now() - startedAt >= WELL_MS ? 1 : failures + 1;
        const firstRetryMs = isFenced(error) ? FENCED_RETRY_MS : FIRST_RETRY_MS;
        const retryInMs = backoffMs(failures, firstRetryMs, LONGEST_RETRY_MS);
        this.#report(error, retryInMs);
        this.#settled.resolve();
        await pause(clock, retryInMs, signal);
      }
    }
    this.#settled.resolve();
  }

  async #serve(signal: AbortSignal): Promise<void> {
    const onServing = (loop: PartitionLoop) => {
      this.#loop = loop;
      this.#settled.resolve();
      // Given back while the commands were being looked up: stop() had no loop to stop yet.
      if (signal.aborted) void loop.stop();
    };
    const onClaimed = (ownerEpoch: number) => {
      this.#ownerEpoch = ownerEpoch;
    };
    const warm = await this.#warm;
    this.#warm = undefined;
    const { partition } = this;
    try {
      await serve({ ...this.#environment, logger: this.#logger, partition, signal, warm, onClaimed, onServing });
    } finally {
      this.#lastPosition = this.#loop?.position;
      this.#loop = undefined;
    }
  }

  /** Losing the partition, or the log, is part of life. Anything else is a broken invariant (H9). */
  #report(error: unknown, retryInMs: number): void {
    if (isFenced(error) || (error instanceof LogError && error.retryable)) {
      this.#logger.warn('partition lost, taking it over anew', { retryInMs, error });
      return;
    }
    this.#logger.error('partition stopped: its state is rebuilt from the log', { retryInMs, error });
    this.#onFailed(this.partition, error);
  }
}

function isFenced(error: unknown): boolean {
  return error instanceof LogError && error.code === 'LOG_FENCED';
}
