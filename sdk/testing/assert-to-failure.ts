// A module of workflow interceptors. It runs in the sandbox, as a part of the bundle that names it.
import { AssertionError } from 'node:assert';
import { ApplicationFailure, type WorkflowInterceptors } from 'millrace/workflow';

/** Passes a call on; an assertion that fails in it fails for good, where any other error would fail the task only. */
async function failingForGood<Input, Result>(input: Input, next: (input: Input) => Promise<Result>): Promise<Result> {
  try {
    return await next(input);
  } catch (error) {
    if (!(error instanceof AssertionError)) throw error;
    const failure = ApplicationFailure.nonRetryable(error.message);
    if (error.stack !== undefined) failure.stack = error.stack;
    throw failure;
  }
}

export const interceptors = (): WorkflowInterceptors => ({
  inbound: [{ execute: failingForGood, handleSignal: failingForGood, handleUpdate: failingForGood }],
});
