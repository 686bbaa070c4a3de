import { IllegalStateError } from '../common/errors.js';
import type { WorkflowRun } from './run.js';

// All runs of a thread share this module. The host enters one run at a time and leaves it only when its microtasks
// have drained, so that whatever code runs in between is that run's.
let entered: WorkflowRun | undefined;

/** The run whose code is running. */
export function currentRun(): WorkflowRun {
  if (entered === undefined) {
    throw new IllegalStateError('Workflow uninitialized: this function works in workflow code only');
  }
  return entered;
}

/** Whether the caller is workflow code. */
export function inWorkflowContext(): boolean {
  return entered !== undefined;
}

/** Makes a run the current one; undefined leaves it. */
export function enterRun(run: WorkflowRun | undefined): void {
  entered = run;
}
