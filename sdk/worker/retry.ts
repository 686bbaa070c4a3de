import { type Clock, pause } from '../../services/platform/clock.js';
import type { Logger } from '../../services/platform/logger.js';

/** Wait between two tries, in milliseconds. The first is short: most outages are a leader that moves. */
const FIRST_DELAY_MS = 100;
const LONGEST_DELAY_MS = 5_000;

export interface RetryOptions {
  /** What is tried, for the warning. */
  readonly what: string;
  readonly logger: Logger;
  readonly clock: Clock;
  /** Ends the tries: the promise then rejects. */
  readonly signal?: AbortSignal;
}

/**
 * Tries until it works, as long as the error says that a later try may. For what must not be lost while the broker
 * or the registry is away: outcomes, commits, records to set aside.
 */
export async function retryWhileUnavailable<T>(attempt: () => Promise<T>, options: RetryOptions): Promise<T> {
  const { what, logger, clock, signal } = options;
  for (let delayMs = FIRST_DELAY_MS; ; delayMs = Math.min(delayMs * 2, LONGEST_DELAY_MS)) {
    signal?.throwIfAborted();
    try {
      return await attempt();
    } catch (error) {
      if (!isRetryable(error)) throw error;
      logger.warn('not possible for now, will be tried again', { what, delayMs, error });
    }
    await pause(clock, delayMs, signal);
  }
}

/** Whether the same call may succeed later. */
export function isRetryable(error: unknown): boolean {
  return error instanceof Error && 'retryable' in error && error.retryable === true;
}
