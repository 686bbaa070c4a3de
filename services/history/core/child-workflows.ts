// Child workflows. The parent's side: the command of its code, and what it is told of the child. The child's side: its
// start. The two may live in different partitions, and speak by commands.
//
// W1  A child is started once for each StartChildWorkflowExecutionInitiated: its run id derives from that event.
// W2  A parent is told of its child's start and end once each, in that order; what comes again is dropped.
// W3  A child whose chain goes on has not ended: its last run tells the parent.
import type {
  RecordChildWorkflowClosed,
  RecordChildWorkflowStarted,
  RecordChildWorkflowStartFailed,
  StartWorkflow,
} from '../../../schemas/generated/messages.js';
import { Emission, nothing } from './emission.js';
import { emptyOutcomeFailure } from './failures.js';
import { childClosed, childNotStarted, childStarted, told } from './initiator-answers.js';
import type { Decision } from './input.js';
import { startProblem, startWorkflow } from './start-workflow.js';
import type { ChildState, PartitionState, RunState } from './state.js';

/** Starts a workflow: for a client, or as a child whose parent is told what came of it. */
export function startAny(state: PartitionState, command: StartWorkflow, now: number): Decision {
  const { header, initiator } = command;
  if (initiator === null) return startWorkflow(state, command, now);
  const known = header.runId === null ? undefined : state.runs.get(header.runId);
  if (known?.startRequestId === header.requestId) return told(...childStarted(known), ...childClosed(known));
  const decision = startWorkflow(state, command, now);
  if (decision.events.length > 0) return decision;
  const problem = startProblem(command);
  if (problem !== undefined) return told(childNotStarted(initiator, 'INVALID_ARGUMENT', problem, now));
  const taken = `workflow '${header.workflowId}' has a run already that its reuse policy doesn't allow to follow`;
  return told(childNotStarted(initiator, 'WORKFLOW_ALREADY_EXISTS', taken, now));
}

export function recordChildStarted(state: PartitionState, command: RecordChildWorkflowStarted, now: number): Decision {
  const found = childOf(state, command, command.childWorkflowId);
  if (found === undefined || found.child.startedEventId > 0) return nothing;
  const emission = new Emission(found.run, now);
  emitStarted(emission, command);
  emission.scheduleWorkflowTask(found.run);
  return emission.decision();
}

export function recordChildStartFailed(
  state: PartitionState,
  command: RecordChildWorkflowStartFailed,
  now: number,
): Decision {
  const found = childOf(state, command);
  if (found === undefined || found.child.startedEventId > 0) return nothing;
  const { initiatedEventId, workflowId: childWorkflowId, workflowType: childWorkflowType } = found.child;
  const { cause, message } = command;
  const emission = new Emission(found.run, now);
  const body = { initiatedEventId, childWorkflowId, childWorkflowType, cause, message };
  emission.emit('StartChildWorkflowExecutionFailed', body);
  emission.scheduleWorkflowTask(found.run);
  return emission.decision();
}

export function recordChildClosed(state: PartitionState, command: RecordChildWorkflowClosed, now: number): Decision {
  const found = childOf(state, command, command.childWorkflowId);
  if (found === undefined) return nothing;
  const emission = new Emission(found.run, now);
  // The start is told before the end. Should it have been lost, the end says as much.
  const startedEventId = found.child.startedEventId || emitStarted(emission, command);
  emitEnd(emission, command, startedEventId);
  emission.scheduleWorkflowTask(found.run);
  return emission.decision();
}

type Told = Pick<RecordChildWorkflowStarted, 'header' | 'initiatedEventId'>;

/** The child that a run is told of, unless the run has closed or knows of the child's end. */
function childOf(
  state: PartitionState,
  { header, initiatedEventId }: Told,
  childWorkflowId?: string,
): { readonly run: RunState; readonly child: ChildState } | undefined {
  const run = header.runId === null ? undefined : state.runs.get(header.runId);
  if (run?.status !== 'RUNNING') return undefined;
  const child = run.children.get(initiatedEventId);
  if (child === undefined || (childWorkflowId !== undefined && child.workflowId !== childWorkflowId)) return undefined;
  return { run, child };
}

function emitStarted(emission: Emission, command: RecordChildWorkflowStarted): number {
  const { initiatedEventId, childWorkflowId, childRunId, childWorkflowType } = command;
  const body = { initiatedEventId, childWorkflowId, childRunId, childWorkflowType };
  return emission.emit('ChildWorkflowExecutionStarted', body);
}

function emitEnd(emission: Emission, command: RecordChildWorkflowClosed, startedEventId: number): void {
  const { initiatedEventId, childWorkflowId, childRunId, childWorkflowType } = command;
  const child = { initiatedEventId, startedEventId, childWorkflowId, childRunId, childWorkflowType };
  const retryState = command.retryState ?? 'RETRY_POLICY_NOT_SET';
  switch (command.status) {
    case 'COMPLETED':
      emission.emit('ChildWorkflowExecutionCompleted', { ...child, result: command.result });
      return;
    case 'FAILED': {
      const failure = command.failure ?? emptyOutcomeFailure();
      emission.emit('ChildWorkflowExecutionFailed', { ...child, failure, retryState });
      return;
    }
    case 'CANCELLED':
      emission.emit('ChildWorkflowExecutionCanceled', { ...child, details: command.details });
      return;
    case 'TERMINATED':
      emission.emit('ChildWorkflowExecutionTerminated', child);
      return;
    case 'TIMED_OUT':
      emission.emit('ChildWorkflowExecutionTimedOut', { ...child, retryState });
      return;
  }
}
