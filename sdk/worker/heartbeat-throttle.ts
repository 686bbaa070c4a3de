import type { Payload } from '../../schemas/generated/messages.js';
import { after, type Clock } from '../../services/platform/clock.js';

/** Share of the heartbeat time-out after which the next heartbeat is sent: time enough left for it to arrive. */
const TIMEOUT_SHARE = 0.8;

/** Time between the heartbeats sent for an attempt, in milliseconds; Temporal's rule. */
export function heartbeatIntervalMs(
  heartbeatTimeoutMs: number | null,
  limits: { readonly defaultThrottleMs: number; readonly maxThrottleMs: number },
): number {
  const wanted = heartbeatTimeoutMs === null ? limits.defaultThrottleMs : heartbeatTimeoutMs * TIMEOUT_SHARE;
  return Math.min(wanted, limits.maxThrottleMs);
}

export interface HeartbeatThrottle {
  /** Sends the details now, or at the end of the interval that runs; of several only the last are sent. */
  record(details: readonly Payload[]): void;
  /** Ends the throttle, and sends what it still holds back if that should reach the next attempt. */
  end(options: { readonly flush: boolean }): Promise<void>;
}

/**
 * The first heartbeat goes out at once, then at most one an interval. Details that couldn't be sent are sent with the
 * next interval unless newer ones have come: `send` may reject, and says so itself.
 */
export function throttleHeartbeats(
  clock: Clock,
  intervalMs: number,
  send: (details: readonly Payload[]) => Promise<void>,
): HeartbeatThrottle {
  let unsent: readonly Payload[] | undefined;
  let sending: Promise<void> | undefined;
  let callOff: () => void = () => undefined;
  let ended = false;

  async function sendLatest(): Promise<void> {
    const details = unsent;
    if (details === undefined) return;
    unsent = undefined;
    try {
      await send(details);
    } catch {
      unsent ??= details;
    }
  }

  function startInterval(): void {
    sending = sendLatest().finally(() => {
      if (ended) return;
      callOff = after(clock, intervalMs, () => {
        sending = undefined;
        if (unsent !== undefined) startInterval();
      });
    });
  }

  return {
    record(details) {
      if (ended) return;
      unsent = details;
      if (sending === undefined) startInterval();
    },
    async end({ flush }) {
      ended = true;
      callOff();
      await sending;
      if (flush) await sendLatest();
    },
  };
}
