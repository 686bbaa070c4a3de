import { type Duration, msToNumber } from '../common/duration.js';
import { CancellationScope } from './cancellation-scope.js';
import { currentRun } from './current-run.js';
import type { BlockedCondition, WorkflowRun } from './run.js';
import { cancelTimer, startTimer, type TimerOptions } from './timers.js';

/** Waits until the function returns true. It is called once at once, and then after each thing that happens. */
export function condition(fn: () => boolean): Promise<void>;
/** As above, for a time at most: resolves with whether the function returned true in it. */
export function condition(fn: () => boolean, timeout: Duration, options?: TimerOptions): Promise<boolean>;
// biome-ignore lint/suspicious/noConfusingVoidType: Temporal's two forms share one implementation
export function condition(fn: () => boolean, timeout?: Duration): Promise<void | boolean> {
  const run = currentRun();
  const timeoutMs = timeout === undefined ? undefined : msToNumber(timeout);
  return new Promise((resolve, reject) => {
    const scope = CancellationScope.current();
    if (scope.consideredCancelled) {
      scope.onCancel(reject);
      return;
    }
    if (fn()) {
      resolve(timeoutMs === undefined ? undefined : true);
      return;
    }
    block(run, scope, fn, timeoutMs, resolve, reject);
  });
}

function block(
  run: WorkflowRun,
  scope: CancellationScope,
  isMet: () => boolean,
  timeoutMs: number | undefined,
  resolve: (met: true | false | undefined) => void,
  reject: (error: unknown) => void,
): void {
  // A query could not wait for it, and would leave it behind in the run.
  run.assertMayChange();
  // Whatever comes first (the condition, its time-out, cancellation) puts the others away.
  let forget = () => {};
  const settled = () => {
    run.conditions.delete(blocked);
    if (timer !== undefined) cancelTimer(run, timer);
    forget();
  };
  const blocked: BlockedCondition = {
    isMet,
    resolve: () => {
      settled();
      resolve(timeoutMs === undefined ? undefined : true);
    },
    reject: (error) => {
      settled();
      reject(error);
    },
  };
  const timer =
    timeoutMs === undefined
      ? undefined
      : startTimer(run, timeoutMs, () => {
          settled();
          resolve(false);
        });
  run.conditions.add(blocked);
  if (scope.cancellable) forget = scope.onCancel(blocked.reject);
}

/** Settles the conditions that are met now; returns how many. */
export function tryUnblockConditions(run: WorkflowRun): number {
  let settled = 0;
  for (const blocked of [...run.conditions]) {
    try {
      if (!blocked.isMet()) continue;
      blocked.resolve();
    } catch (error) {
      blocked.reject(error);
    }
    settled++;
  }
  return settled;
}
