import { type Duration, msToNumber } from '../common/duration.js';
import { CancellationScope } from './cancellation-scope.js';
import { currentRun } from './current-run.js';
import { outbound, type TimerInput } from './interceptors.js';
import type { WorkflowRun } from './run.js';
import { summaryOf } from './summary.js';

export interface TimerOptions {
  /** One line for people. */
  readonly summary?: string;
}

/** Starts a durable timer: it goes on while no worker is there. Returns its sequence number. */
export function startTimer(
  run: WorkflowRun,
  ms: number,
  fired: () => void,
  { summary }: TimerOptions = {},
  seq = run.nextSeq('timer'),
): number {
  const startToFireTimeoutMs = wholeMs(ms);
  run.command('startTimer', { timerId: String(seq), startToFireTimeoutMs, summary: summaryOf(run, summary) }, seq);
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
export async function sleep(ms: Duration, options?: TimerOptions): Promise<void> {
  const durationMs = wholeMs(msToNumber(ms));
  const start = outbound('startTimer', sleepNow);
  const seq = currentRun().nextSeq('timer');
  return start({ durationMs, seq, options });
}

function sleepNow({ durationMs, seq, options }: TimerInput): Promise<void> {
  const run = currentRun();
  return new Promise((resolve, reject) => {
    const scope = CancellationScope.current();
    if (scope.consideredCancelled) {
      scope.onCancel(reject);
      return;
    }
    let forget = () => {};
    const fired = () => {
      forget();
      resolve();
    };
    startTimer(run, durationMs, fired, options, seq);
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
