import { type Duration, msToNumber } from '../common/duration.js';
import { CancellationScope } from './cancellation-scope.js';
import { currentRun } from './current-run.js';
import type { WorkflowRun } from './run.js';

export interface TimerOptions {
  /** Shown with the timer. Not kept yet. */
  readonly summary?: string;
}

/** Starts a durable timer: it goes on while no worker is there. Returns its sequence number. */
export function startTimer(run: WorkflowRun, ms: number, fired: () => void): number {
  const seq = run.nextSeq('timer');
  run.command('startTimer', { timerId: String(seq), startToFireTimeoutMs: wholeMs(ms), summary: null }, seq);
  run.timers.set(seq, fired);
  return seq;
}

/** Takes a pending timer back; false when it isn't pending. One started in the same activation leaves no trace. */
export function cancelTimer(run: WorkflowRun, seq: number): boolean {
  if (!run.timers.delete(seq)) return false;
  if (!run.takeBack('startTimer', seq)) run.command('cancelTimer', { timerId: String(seq) }, seq);
  return true;
}

/** Resolves after a time, 1 ms at least. Rejects with a CancelledFailure when the current scope is cancelled. */
export function sleep(ms: Duration, _options?: TimerOptions): Promise<void> {
  const run = currentRun();
  const duration = msToNumber(ms);
  return new Promise((resolve, reject) => {
    const scope = CancellationScope.current();
    if (scope.consideredCancelled) {
      scope.onCancel(reject);
      return;
    }
    let forget = () => {};
    const seq = startTimer(run, duration, () => {
      forget();
      resolve();
    });
    if (scope.cancellable) {
      forget = scope.onCancel((error) => {
        if (cancelTimer(run, seq)) reject(error);
      });
    }
  });
}

/** A record's long holds whole milliseconds; at least one, so that time always passes. */
function wholeMs(ms: number): number {
  if (!Number.isFinite(ms)) throw new TypeError(`a timer needs a finite number of milliseconds, not ${ms}`);
  return Math.max(1, Math.ceil(ms));
}
