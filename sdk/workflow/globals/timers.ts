import { CancellationScope } from '../cancellation-scope.js';
import { currentRun } from '../current-run.js';
import { cancelTimer, startTimer } from '../timers.js';

/** A durable timer, cancelled with the scope that it was set in. The callback runs in that scope. */
export function setTimeout(callback: (...args: unknown[]) => unknown, ms = 0, ...args: unknown[]): number {
  if (typeof callback !== 'function') throw new TypeError('setTimeout needs a function');
  const run = currentRun();
  const scope = CancellationScope.current();
  if (scope.consideredCancelled) return 0;
  let forget = () => {};
  const seq = startTimer(run, Number(ms) || 0, () => {
    forget();
    // Not awaited: what the callback throws is an unhandled rejection of the run.
    void scope.run(async () => callback(...args));
  });
  if (scope.cancellable) forget = scope.onCancel(() => void cancelTimer(run, seq));
  return seq;
}

export function clearTimeout(handle: unknown): void {
  if (typeof handle === 'number') cancelTimer(currentRun(), handle);
}

/** Time since the run's start, by the workflow's clock. */
export const performance = {
  now(): number {
    const { activation, info } = currentRun();
    return activation.now - info.runStartTime.getTime();
  },
  get timeOrigin(): number {
    return currentRun().info.runStartTime.getTime();
  },
};
