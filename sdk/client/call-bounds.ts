import { after, type Clock } from '../../services/platform/clock.js';
import { ServiceError } from './errors.js';

/** What ends the calls of a part of a program before they are done. */
export interface CallBounds {
  /** In milliseconds since the epoch. */
  readonly deadlineAt?: number;
  readonly signals: readonly AbortSignal[];
}

/** The bounds of an inner part: the nearer deadline, and all signals. */
export function narrowBounds(outer: CallBounds | undefined, inner: Partial<CallBounds>): CallBounds {
  const deadlines = [outer?.deadlineAt, inner.deadlineAt].filter((at) => at !== undefined);
  return {
    ...(deadlines.length > 0 && { deadlineAt: Math.min(...deadlines) }),
    signals: [...(outer?.signals ?? []), ...(inner.signals ?? [])],
  };
}

/**
 * Makes a call with a signal that aborts at the bounds, with a ServiceError DEADLINE_EXCEEDED or CANCELLED as its
 * reason. A command that was sent by then may still take effect.
 */
export async function callWithin<T>(
  bounds: CallBounds,
  clock: Clock,
  own: AbortSignal | undefined,
  call: (signal: AbortSignal) => Promise<T>,
): Promise<T> {
  const over = new AbortController();
  const { deadlineAt, signals } = bounds;
  const cancel = (signal: AbortSignal) => () =>
    over.abort(new ServiceError('CANCELLED', 'the call was cancelled by its signal', { cause: signal.reason }));
  const expire = () => over.abort(new ServiceError('DEADLINE_EXCEEDED', 'the deadline of the call has passed'));
  const callOff = deadlineAt === undefined ? undefined : after(clock, deadlineAt - clock.now(), expire);
  const watches = signals.map((signal) => ({ signal, onAbort: cancel(signal) }));
  for (const { signal, onAbort } of watches) {
    if (signal.aborted) onAbort();
    signal.addEventListener('abort', onAbort, { once: true });
  }
  if (deadlineAt !== undefined && deadlineAt <= clock.now()) expire();
  try {
    return await call(own ? AbortSignal.any([own, over.signal]) : over.signal);
  } finally {
    callOff?.();
    for (const { signal, onAbort } of watches) signal.removeEventListener('abort', onAbort);
  }
}
