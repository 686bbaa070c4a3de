// How a run ends, and what an error makes of it.
import { encodeValue } from '../common/converter/payloads.js';
import { ensureTemporalFailure } from '../common/failure/application-failure.js';
import { TemporalFailure } from '../common/failure/failure.js';
import { ContinueAsNew } from './continue-as-new.js';
import { isCancellation } from './errors.js';
import type { WorkflowRun } from './run.js';

/** The workflow returned. A result that can't be encoded is an error of its code. */
export function completeWith(run: WorkflowRun, result: unknown): void {
  const { payloadConverter } = run.converters;
  const payload = encodeValue(payloadConverter, `the result of workflow '${run.info.workflowType}'`, result);
  run.close('completeWorkflowExecution', { result: payload });
}

/**
 * The workflow or a signal handler threw. A ContinueAsNew, a TemporalFailure, or an error of a class that the workflow's
 * options name, is meant and ends the run; any other is a mistake that fails the task only, so that the run goes on once
 * the code is mended.
 */
export function failWith(run: WorkflowRun, error: unknown): void {
  if (run.rootScope.consideredCancelled && isCancellation(error)) {
    run.close('cancelWorkflowExecution', { details: [] });
  } else if (error instanceof ContinueAsNew) {
    run.close('continueAsNewWorkflowExecution', error.command);
  } else if (error instanceof TemporalFailure || run.failureExceptionTypes.some((type) => error instanceof type)) {
    failOnPurpose(run, error);
  } else {
    run.failTask(error);
  }
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
