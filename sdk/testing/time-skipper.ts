// When time is skipped: Temporal's rules for its test server, with a clock for each environment.
//
// - Time is locked unless a test waits for a workflow's result or sleeps in it. Locked, it passes as it does everywhere.
// - While a task is out, with a worker or on its queue, time is not skipped: nobody can say what it will bring.
// - An activity that itself waits or sleeps by this clock doesn't hold time back.
// - Where nothing holds it, time goes to the next timer at once, and no further before that has had its effect: all
//   parts of the platform talk by microtasks here, so that one turn of the event loop is enough.

import type { TaskOut } from '../../services/history/core/tasks-out.js';
import { after, type Clock, pause, systemClock } from '../../services/platform/clock.js';
import type { Logger } from '../../services/platform/logger.js';
import type { SkippingClock } from '../../services/platform/skipping-clock.js';
import { asyncLocalStorage } from '../activity/context.js';

/** How long a test waits, in milliseconds of real time, before the log says what for. */
const PATIENCE_MS = 5_000;

export interface TimeSkipperOptions {
  readonly clock: SkippingClock;
  readonly tasksOut: () => readonly TaskOut[];
  readonly logger: Logger;
  /** Real time. Default: the system's. */
  readonly realClock?: Clock;
}

export class TimeSkipper {
  readonly #options: TimeSkipperOptions;
  /** What waits: each time the task that it is a part of, or undefined for a test. */
  readonly #waits = new Set<{ readonly task: string | undefined }>();
  #look: NodeJS.Immediate | undefined;
  #closed = false;

  constructor(options: TimeSkipperOptions) {
    this.#options = options;
  }

  /** Runs a wait for which time is unlocked; in an activity, one that doesn't hold time back. */
  readonly during = async <T>(wait: () => Promise<T>): Promise<T> => {
    const entry = { task: taskAtHand() };
    this.#waits.add(entry);
    this.lookSoon();
    const callOff = after(this.#options.realClock ?? systemClock, PATIENCE_MS, () => this.#explain());
    try {
      return await wait();
    } finally {
      this.#waits.delete(entry);
      callOff();
    }
  };

  /** Resolves once this much time has passed, or was skipped; in an activity it ends as `Context.sleep` does. */
  sleep(ms: number): Promise<void> {
    const activity = asyncLocalStorage.getStore();
    return this.during(() => (activity === undefined ? pause(this.#options.clock, ms) : activity.sleep(ms)));
  }

  /** Something has happened: looks whether there is only time left to wait for. */
  lookSoon(): void {
    if (this.#closed) return;
    this.#look ??= setImmediate(() => {
      this.#look = undefined;
      if (this.#isUnlocked && this.#holding.length === 0 && this.#options.clock.skip()) this.lookSoon();
    });
  }

  close(): void {
    this.#closed = true;
    clearImmediate(this.#look);
  }

  get #isUnlocked(): boolean {
    return [...this.#waits].some(({ task }) => task === undefined);
  }

  /** The tasks for which time stands still. */
  get #holding(): TaskOut[] {
    const waiting = new Set([...this.#waits].map(({ task }) => task));
    return this.#options.tasksOut().filter((task) => !waiting.has(keyOf(task)));
  }

  #explain(): void {
    const { logger } = this.#options;
    const tasks = this.#holding;
    if (!this.#isUnlocked) logger.warn('an activity sleeps in real time: time is only skipped while a test waits, too');
    else if (tasks.length > 0)
      logger.warn('time stands still for tasks: is there a worker for each of them?', { tasks });
    else logger.warn('time can not bring this on: no task is out and no timer set. Does a workflow wait for a signal?');
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
