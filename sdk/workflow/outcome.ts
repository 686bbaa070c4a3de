// How a run ends, and what an error makes of it.
import { encodeValue } from '../common/converter/payloads.js';
import { ensureTemporalFailure } from '../common/failure/application-failure.js';
import { TemporalFailure } from '../common/failure/failure.js';
import { ContinueAsNew } from './continue-as-new.js';
import { isCancellation } from './errors.js';
import { isNamed } from './named-failures.js';
import type { WorkflowRun } from './run.js';

/** The workflow returned. A result that can't be encoded is an error of its code. */
export function completeWith(run: WorkflowRun, result: unknown): void {
  const { payloadConverter } = run.converters;
  const payload = encodeValue(payloadConverter, `the result of workflow '${run.info.workflowType}'`, result);
  run.close('completeWorkflowExecution', { result: payload });
}

/**
 * The workflow or a signal handler threw. A ContinueAsNew, or an error that is meant, ends the run; any other is a mistake
 * that fails the task only, so that the run goes on once the code is mended.
 */
export function failWith(run: WorkflowRun, error: unknown): void {
  if (run.rootScope.consideredCancelled && isCancellation(error)) {
    run.close('cancelWorkflowExecution', { details: [] });
  } else if (error instanceof ContinueAsNew) {
    run.close('continueAsNewWorkflowExecution', error.command);
  } else if (isMeant(run, error)) {
    failOnPurpose(run, error);
  } else {
    run.failTask(error);
  }
}

/** Whether an error is a failure of what the workflow does: a TemporalFailure, or one that its or the worker's options name. */
export function isMeant(run: WorkflowRun, error: unknown): boolean {
  if (error instanceof TemporalFailure) return true;
  if (run.failureExceptionTypes.some((type) => error instanceof type)) return true;
  return error instanceof Error && isNamed(run, error);
}

/** Details that can't be encoded are a mistake of the code. */
function failOnPurpose(run: WorkflowRun, error: unknown): void {
  try {
    const { failureConverter, payloadConverter } = run.converters;
    const failure = failureConverter.errorToFailure(ensureTemporalFailure(error), payloadConverter);
    run.close('failWorkflowExecution', { failure });
  } catch (reason) {
    run.failTask(reason);
  }
}
