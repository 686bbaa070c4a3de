import { ActivityFailure, ApplicationFailure, CancellationScope } from 'millrace/workflow';
import type { Compensation } from './outcome.js';
import { isRefusalReason, type RefusalReason } from './refusal.js';

interface Undo {
  readonly name: Compensation;
  readonly run: () => Promise<void>;
}

/** Steps that can be undone. */
export class Saga {
  readonly #undos: Undo[] = [];

  async step<T>(run: () => Promise<T>, undo: Undo): Promise<T> {
    // Noted before the step runs: one that fails without an answer may have had its effect. A refused one has had none.
    this.#undos.push(undo);
    try {
      return await run();
    } catch (error) {
      if (refusalOf(error)) this.#undos.pop();
      throw error;
    }
  }

  /** Undoes the steps, the latest first. Not even the workflow's own cancellation interrupts it. */
  async compensate(): Promise<readonly Compensation[]> {
    return await CancellationScope.nonCancellable(async () => {
      const undone: Compensation[] = [];
      for (let undo = this.#undos.pop(); undo; undo = this.#undos.pop()) {
        await undo.run();
        undone.push(undo.name);
      }
      return undone;
    });
  }
}

/** The reason, when the error is someone's refusal. */
export function refusalOf(error: unknown): RefusalReason | undefined {
  const failure = error instanceof ActivityFailure ? error.cause : error;
  return failure instanceof ApplicationFailure && isRefusalReason(failure.type) ? failure.type : undefined;
}
