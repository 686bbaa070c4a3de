import type { RequestCancelWorkflow, SignalWorkflow, TerminateWorkflow } from '../../../schemas/generated/messages.js';
import { Emission } from './emission.js';
import type { Decision } from './input.js';
import { accept, rejectNotFound, runOf, runOfChain } from './lookup.js';
import type { PartitionState, RunState } from './state.js';

/** Records a signal, once for each request id (H6). */
export function signalWorkflow(state: PartitionState, command: SignalWorkflow, now: number): Decision {
  const { header } = command;
  const run = runOf(state, header);
  if (run?.signalRequestIds.has(header.requestId)) return accept(header, run.runId);
  if (run?.status !== 'RUNNING') return rejectNotFound(header, run);
  const emission = new Emission(run, now);
  emission.emit('WorkflowExecutionSignaled', {
    signalName: command.signalName,
    input: command.input,
    headers: command.headers,
    identity: header.identity,
    requestId: header.requestId,
    replyTo: header.replyTo,
  });
  emission.scheduleWorkflowTask(signalled(run));
  return emission.decision();
}

/** The run once it is signalled: where its starter wanted it to begin later, that wait is over. Others go on. */
export function signalled(run: RunState): RunState {
  const { startsAt, start } = run;
  const isDelayed = startsAt !== null && start.cronSchedule === null && start.continuedExecutionRunId === null;
  return isDelayed ? { ...run, startsAt: null } : run;
}

/** Records the wish that the workflow cancel; further ones change nothing. A run that waits for its time is told at once. */
export function requestCancelWorkflow(state: PartitionState, command: RequestCancelWorkflow, now: number): Decision {
  const { header } = command;
  const run = runOfChain(state, command);
  if (run?.status !== 'RUNNING') return rejectNotFound(header, run);
  if (run.cancelRequested) return accept(header, run.runId);
  const emission = new Emission(run, now);
  emission.emit('WorkflowExecutionCancelRequested', {
    reason: command.reason,
    identity: header.identity,
    requestId: header.requestId,
    replyTo: header.replyTo,
  });
  emission.scheduleWorkflowTask({ ...run, startsAt: null });
  return emission.decision();
}

/** Ends the run at once. */
export function terminateWorkflow(state: PartitionState, command: TerminateWorkflow, now: number): Decision {
  const { header } = command;
  const run = runOfChain(state, command);
  if (run?.status !== 'RUNNING') {
    const close = run?.closed?.event;
    const isRetry = close?.type === 'WorkflowExecutionTerminated' && close.requestId === header.requestId;
    return isRetry && run ? accept(header, run.runId) : rejectNotFound(header, run);
  }
  const emission = new Emission(run, now);
  emission.emit('WorkflowExecutionTerminated', {
    reason: command.reason,
    details: command.details,
    identity: header.identity,
    requestId: header.requestId,
    replyTo: header.replyTo,
  });
  return emission.decision();
}
