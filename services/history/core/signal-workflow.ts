// What may be asked of a workflow from outside, by a client or by another workflow. A workflow is told what came of it
// by a command to its own partition.
import type {
  CommandHeader,
  InitiatingWorkflow,
  RequestCancelWorkflow,
  SignalWorkflow,
  TerminateWorkflow,
} from '../../../schemas/generated/messages.js';
import { Emission } from './emission.js';
import { cancelTaken, signalTaken, told } from './initiator-answers.js';
import type { Decision } from './input.js';
import { accept, rejectNotFound, runOf, runOfChain } from './lookup.js';
import { isWokenBySignals, type PartitionState, type RunState } from './state.js';

/** Records a signal, once for each request id (H6). */
export function signalWorkflow(state: PartitionState, command: SignalWorkflow, now: number): Decision {
  const { header, initiator } = command;
  const run = reachable(runOf(state, header), command);
  if (run?.signalRequestIds.has(header.requestId)) {
    return initiator === null ? accept(header, run.runId) : told(signalTaken(initiator, header, now, run));
  }
  if (run?.status !== 'RUNNING') {
    return initiator === null ? rejectNotFound(header, run) : told(signalTaken(initiator, header, now, undefined));
  }
  const emission = new Emission(run, now);
  emission.emit('WorkflowExecutionSignaled', {
    signalName: command.signalName,
    input: command.input,
    headers: command.headers,
    identity: header.identity,
    requestId: header.requestId,
    replyTo: header.replyTo,
    initiator,
  });
  // Signals need no workflow task to come in: without this they could go on for ever beside one that is pending.
  if (emission.isFull) emission.endByLength();
  else emission.scheduleWorkflowTask(asTold(run));
  return emission.decision();
}

/** The run once a signal or an update came. */
export function asTold(run: RunState): RunState {
  return isWokenBySignals(run) ? { ...run, startsAt: null } : run;
}

/** Records the wish that the workflow cancel; further ones change nothing. A run that waits for its time is told at once. */
export function requestCancelWorkflow(state: PartitionState, command: RequestCancelWorkflow, now: number): Decision {
  const { header, initiator } = command;
  const run = reachable(runOfChain(state, command), command);
  if (run?.status !== 'RUNNING') {
    return initiator === null ? rejectNotFound(header, run) : told(cancelTaken(initiator, header, now, undefined));
  }
  if (run.cancelRequested || run.signalRequestIds.has(header.requestId)) {
    return initiator === null ? accept(header, run.runId) : told(cancelTaken(initiator, header, now, run));
  }
  const emission = new Emission(run, now);
  emission.emit('WorkflowExecutionCancelRequested', {
    reason: command.reason,
    identity: header.identity,
    requestId: header.requestId,
    replyTo: header.replyTo,
    initiator,
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

interface Asked {
  readonly header: CommandHeader;
  readonly initiator: InitiatingWorkflow | null;
  readonly childWorkflowOnly: boolean;
}

/** A workflow can't reach itself in this way, as in Temporal, nor by a child's handle what is no child of its run. */
function reachable(run: RunState | undefined, { initiator, childWorkflowOnly }: Asked): RunState | undefined {
  if (run === undefined || initiator === null) return run;
  if (run.workflowId === initiator.workflowId) return undefined;
  return childWorkflowOnly && run.start.parent?.runId !== initiator.runId ? undefined : run;
}
