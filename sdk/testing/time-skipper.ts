// When time is skipped: Temporal's rules for its test server, with a clock for each environment.
//
// - Time is locked unless a test waits for a workflow's result or sleeps in it. Locked, it passes as it does everywhere.
// - While a task is out, with a worker or on its queue, time is not skipped: nobody can say what it will bring.
// - An activity that itself waits or sleeps by this clock doesn't hold time back.
// - Where nothing holds it, time goes to the next timer at once, and no further before that has had its effect: all
//   parts of the platform talk by microtasks here, so that one turn of the event loop is enough.

import type { TaskOut } from '../../services/history/core/tasks-out.js';
import { pause } from '../../services/platform/clock.js';
import type { SkippingClock } from '../../services/platform/skipping-clock.js';
import { asyncLocalStorage } from '../activity/context.js';

export class TimeSkipper {
  readonly #clock: SkippingClock;
  readonly #tasksOut: () => readonly TaskOut[];
  /** What waits: each time the task that it is a part of, or undefined for a test. */
  readonly #waits = new Set<{ readonly task: string | undefined }>();
  #look: NodeJS.Immediate | undefined;
  #closed = false;

  constructor(clock: SkippingClock, tasksOut: () => readonly TaskOut[]) {
    this.#clock = clock;
    this.#tasksOut = tasksOut;
  }

  /** Runs a wait for which time is unlocked; in an activity, one that doesn't hold time back. */
  readonly during = async <T>(wait: () => Promise<T>): Promise<T> => {
    const entry = { task: taskAtHand() };
    this.#waits.add(entry);
    this.lookSoon();
    try {
      return await wait();
    } finally {
      this.#waits.delete(entry);
    }
  };

  /** Resolves once this much time has passed, or was skipped; in an activity it ends as `Context.sleep` does. */
  sleep(ms: number): Promise<void> {
    const activity = asyncLocalStorage.getStore();
    return this.during(() => (activity === undefined ? pause(this.#clock, ms) : activity.sleep(ms)));
  }

  /** Something has happened: looks whether there is only time left to wait for. */
  lookSoon(): void {
    if (this.#closed) return;
    this.#look ??= setImmediate(() => {
      this.#look = undefined;
      if (this.#isFree && this.#clock.skip()) this.lookSoon();
    });
  }

  close(): void {
    this.#closed = true;
    clearImmediate(this.#look);
  }

  get #isFree(): boolean {
    const waiting = new Set([...this.#waits].map(({ task }) => task));
    return waiting.has(undefined) && this.#tasksOut().every((task) => waiting.has(keyOf(task)));
  }
}

/** The task that the current code is a part of. A local activity's is its workflow's task. */
function taskAtHand(): string | undefined {
  const info = asyncLocalStorage.getStore()?.info;
  if (info === undefined) return undefined;
  const { isLocal, activityId, attempt, workflowExecution } = info;
  return keyOf({ runId: workflowExecution.runId, activityId: isLocal ? null : activityId, attempt });
}

function keyOf({ runId, activityId, attempt }: TaskOut): string {
  return activityId === null ? runId : `${runId}/${activityId}/${attempt}`;
}
