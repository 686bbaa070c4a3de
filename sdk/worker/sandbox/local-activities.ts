import type { LocalActivityRequest, LocalActivityResolution } from '../../workflow/activation.js';

/** A local activity under way in the worker. */
export interface LocalActivityExecution {
  readonly outcome: Promise<LocalActivityResolution>;
  /** Asks it to stop. Its outcome comes all the same. */
  cancel(): void;
}

export type RunLocalActivity = (request: LocalActivityRequest) => LocalActivityExecution;

/**
 * The local activities of a run: those that its code asked for, those under way, and the outcomes it has not been told of
 * yet. On a replay they are only noted; what history has no marker of is run once the code is where history ends.
 */
export class LocalActivities {
  readonly #asked = new Map<number, LocalActivityRequest>();
  readonly #running = new Map<number, LocalActivityExecution>();
  readonly #outcomes: LocalActivityResolution[] = [];
  #wake: () => void = () => {};

  /** Whether none is asked for, under way or to be told of. */
  get isIdle(): boolean {
    return this.#asked.size === 0 && this.#running.size === 0 && this.#outcomes.length === 0;
  }

  note(asked: readonly LocalActivityRequest[], cancelled: readonly number[]): void {
    for (const request of asked) this.#asked.set(request.seq, request);
    for (const seq of cancelled) {
      this.#running.get(seq)?.cancel();
      this.#asked.delete(seq);
    }
  }

  /** History has the outcome. */
  recorded(seq: number): void {
    this.#asked.delete(seq);
  }

  /** Begins those that are not under way yet. */
  start(run: RunLocalActivity): void {
    for (const request of this.#asked.values()) {
      const execution = run(request);
      this.#running.set(request.seq, execution);
      void execution.outcome.then((outcome) => {
        this.#running.delete(request.seq);
        this.#outcomes.push(outcome);
        this.#wake();
      });
    }
    this.#asked.clear();
  }

  /** The next outcome; undefined when `giveUp` resolves first. */
  async next(giveUp: Promise<void>): Promise<LocalActivityResolution | undefined> {
    if (this.#outcomes.length === 0) {
      const woken = new Promise<void>((resolve) => {
        this.#wake = resolve;
      });
      await Promise.race([woken, giveUp]);
    }
    return this.#outcomes.shift();
  }

  /** The run is of no use any more. */
  dispose(): void {
    for (const execution of this.#running.values()) execution.cancel();
    this.#asked.clear();
  }
}
