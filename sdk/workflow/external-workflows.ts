import type { RequestCancelExternalWorkflowExecution } from '../../schemas/generated/messages.js';
import { encodeArguments } from '../common/converter/payloads.js';
import { ApplicationFailure } from '../common/failure/application-failure.js';
import { CancelledFailure } from '../common/failure/failure.js';
import type { SignalDefinition } from '../common/workflow-definition.js';
import { CancellationScope } from './cancellation-scope.js';
import { workflowConverters } from './converters.js';
import { currentRun } from './current-run.js';
import { outbound, type SignalWorkflowInput } from './interceptors.js';
import type { WorkflowRun } from './run.js';

/** Another workflow, which may be signalled and asked to cancel. */
export interface ExternalWorkflowHandle {
  readonly workflowId: string;
  readonly runId?: string | undefined;
  /** Sends a signal. Resolves once the workflow has it; rejects with an ApplicationFailure when it can't be found. */
  signal<Args extends unknown[] = []>(definition: SignalDefinition<Args> | string, ...args: Args): Promise<void>;
  /**
   * Asks the workflow to cancel. Resolves once it was told; rejects with an ApplicationFailure when it can't be found.
   * Cancelling the scope ends the wait, but doesn't take the request back.
   */
  cancel(): Promise<void>;
}

/** A handle of the workflow, be it there or not. Without a run id it means whichever run is the latest. */
export function getExternalWorkflowHandle(workflowId: string, runId?: string): ExternalWorkflowHandle {
  const run = currentRun();
  const target = { workflowId, runId: runId ?? null, childWorkflowOnly: false };
  return {
    workflowId,
    runId,
    signal: (definition, ...args) => signalOther(run, target, definition, args),
    cancel: () => cancelOther(run, target),
  };
}

type Target = Pick<RequestCancelExternalWorkflowExecution, 'workflowId' | 'runId' | 'childWorkflowOnly'>;

/** What waits for the answer of another workflow. */
export interface PendingAnswer {
  readonly resolve: () => void;
  readonly reject: (error: Error) => void;
}

/** Signals another workflow. A signal that was not sent yet is taken back when its scope is cancelled. */
export async function signalOther(
  run: WorkflowRun,
  target: Target,
  definition: { readonly name: string } | string,
  args: readonly unknown[],
): Promise<void> {
  const signalName = typeof definition === 'string' ? definition : definition.name;
  const { workflowId, runId, childWorkflowOnly } = target;
  const execute = outbound('signalWorkflow', (input) => signalNow(run, target, input));
  const seq = run.nextSeq('signal');
  await execute({
    seq,
    signalName,
    args: [...args],
    headers: {},
    target: childWorkflowOnly
      ? { type: 'child', childWorkflowId: workflowId }
      : { type: 'external', workflowExecution: runId === null ? { workflowId } : { workflowId, runId } },
  });
}

function signalNow(run: WorkflowRun, target: Target, { seq, signalName, args, headers }: SignalWorkflowInput) {
  const { payloadConverter } = workflowConverters(run, target.workflowId);
  const scope = CancellationScope.current();
  return new Promise<void>((resolve, reject) => {
    if (scope.consideredCancelled) {
      scope.onCancel(reject);
      return;
    }
    const input = encodeArguments(payloadConverter, `signal '${signalName}'`, args);
    run.command('signalExternalWorkflowExecution', { ...target, signalName, input, headers }, seq);
    run.signals.set(seq, { resolve, reject });
    if (!scope.cancellable) return;
    scope.onCancel(() => {
      if (!run.takeBack('signalExternalWorkflowExecution', seq)) return;
      run.signals.delete(seq);
      reject(new CancelledFailure('Signal was cancelled before being sent'));
    });
  });
}

function cancelOther(run: WorkflowRun, target: Target): Promise<void> {
  return new Promise((resolve, reject) => {
    const scope = CancellationScope.current();
    if (scope.cancellable) scope.onCancel(reject);
    if (!scope.consideredCancelled) requestCancel(run, target, '', resolve, reject);
  });
}

/** Asks another workflow to cancel. */
export function requestCancel(
  run: WorkflowRun,
  target: Target,
  reason: string,
  resolve: () => void,
  reject: (error: Error) => void,
): void {
  const seq = run.nextSeq('cancellation');
  run.command('requestCancelExternalWorkflowExecution', { ...target, reason }, seq);
  run.cancellations.set(seq, { resolve, reject });
}

/** Why a signal or a cancellation could not reach its workflow, in Temporal's words. */
export function notReached(what: 'signal' | 'cancel', failedCause: string): ApplicationFailure {
  const reason = what === 'signal' ? 'it was not found' : 'not found';
  const type =
    failedCause === 'EXTERNAL_WORKFLOW_EXECUTION_NOT_FOUND' ? 'ExternalWorkflowExecutionNotFound' : failedCause;
  return new ApplicationFailure(`Unable to ${what} external workflow because ${reason}`, type);
}
