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
 * yet. On a replay they are only noted; what history has no marker of is run once the code is where history ends. Those
 * that the code has let go of count for nothing: it is not told of them, as no replay could tell it.
 */
export class LocalActivities {
  /** Those that the code waits for, by their numbers; the code's own map. */
  readonly #awaited: ReadonlyMap<number, unknown>;
  readonly #asked = new Map<number, LocalActivityRequest>();
  /** Of those asked for, what was cancelled before it began: the code may wait for its end. */
  readonly #cancelled = new Set<number>();
  readonly #running = new Map<number, LocalActivityExecution>();
  readonly #outcomes: LocalActivityResolution[] = [];
  #wake: () => void = () => {};

  constructor(awaited: ReadonlyMap<number, unknown>) {
    this.#awaited = awaited;
  }

  /** Whether the code waits for none. */
  get isIdle(): boolean {
    return this.#awaited.size === 0;
  }

  note(asked: readonly LocalActivityRequest[], cancelled: readonly number[]): void {
    for (const request of asked) this.#asked.set(request.seq, request);
    for (const seq of cancelled) {
      const execution = this.#running.get(seq);
      if (execution === undefined) this.#cancelled.add(seq);
      else execution.cancel();
    }
  }

  /** History has the outcome. */
  recorded(seq: number): void {
    this.#asked.delete(seq);
    this.#cancelled.delete(seq);
  }

  /** Begins those that are not under way yet. */
  start(run: RunLocalActivity): void {
    for (const request of this.#asked.values()) {
      if (!this.#awaited.has(request.seq)) continue;
      const execution = run(request);
      this.#running.set(request.seq, execution);
      void execution.outcome.then((outcome) => {
        this.#running.delete(request.seq);
        this.#outcomes.push(outcome);
        this.#wake();
      });
      if (this.#cancelled.has(request.seq)) execution.cancel();
    }
    this.#asked.clear();
    this.#cancelled.clear();
  }

  /** The next outcome that the code waits for; undefined when `giveUp` resolves first. */
  async next(giveUp: Promise<void>): Promise<LocalActivityResolution | undefined> {
    let isOver = false;
    const over = giveUp.then(() => {
      isOver = true;
    });
    for (;;) {
      const outcome = this.#outcomes.shift();
      if (outcome !== undefined && this.#awaited.has(outcome.seq)) return outcome;
      if (outcome !== undefined) continue;
      if (isOver) return undefined;
      const woken = new Promise<void>((resolve) => {
        this.#wake = resolve;
      });
      await Promise.race([woken, over]);
    }
  }

  /** The run is of no use any more. */
  dispose(): void {
    for (const execution of this.#running.values()) execution.cancel();
    this.#asked.clear();
  }
}
