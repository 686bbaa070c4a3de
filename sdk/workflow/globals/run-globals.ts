import { DeterminismViolationError } from '../errors.js';
import type { WorkflowRun } from '../run.js';

/** Gives each run a global object of its own: what its code adds is taken out when the run is left. */
export class RunGlobals {
  readonly #shared = new Set<PropertyKey>(Reflect.ownKeys(globalThis));

  bringIn(run: WorkflowRun): void {
    if (run.globals === undefined) return;
    for (const [key, property] of run.globals) Object.defineProperty(globalThis, key, property);
  }

  takeOut(run: WorkflowRun): void {
    const keys = Reflect.ownKeys(globalThis);
    // Nearly no workflow touches the global object, so that counting is all there is to do.
    if (keys.length === this.#shared.size) {
      run.globals = undefined;
      return;
    }
    const added = new Map<PropertyKey, PropertyDescriptor>();
    for (const key of keys) {
      const property = this.#shared.has(key) ? undefined : Object.getOwnPropertyDescriptor(globalThis, key);
      if (property === undefined) continue;
      if (!Reflect.deleteProperty(globalThis, key)) {
        this.#shared.add(key);
        run.failTask(new DeterminismViolationError(`globalThis.${String(key)} must be configurable`));
      }
      added.set(key, property);
    }
    run.globals = added;
  }
}
