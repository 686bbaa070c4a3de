// What a run asks of another workflow, as the command that goes to that workflow's partition. It follows from the event
// alone, so that it can be sent again: the request id tells the target that it is the same one.
import type { Command, CommandHeader, InitiatingWorkflow } from '../../../schemas/generated/messages.js';
import { messageOf } from '../../../schemas/message.js';
import type { Effect } from './input.js';
import type { ChildState, InitiatedEvent, PartitionState, RunState } from './state.js';

/** Who the services are in the commands that they send. */
export const HISTORY_IDENTITY = 'history';

const CLOSE_REASON = 'by parent close policy';

/** The effect of an event that asks another workflow for something. */
export function askOther(run: RunState, event: InitiatedEvent): Effect {
  return { kind: 'command', command: initiatedCommand(run, event) };
}

/** What becomes of the children of a run that has just closed, be it followed by another: children are a run's own. */
export function closeChildren(run: RunState, closedAt: number): Effect[] {
  const effects: Effect[] = [];
  for (const child of run.children.values()) {
    const command = closeCommand(run, child, closedAt);
    if (command !== undefined) effects.push({ kind: 'command', command });
  }
  return effects;
}

/** Whether a command of an initiator still has to reach its target, as far as the initiator's partition knows. */
export function isAwaited(state: PartitionState, command: Command): boolean {
  if (!('initiator' in command) || command.initiator === null) return true;
  const { runId, eventId } = command.initiator;
  const run = state.runs.get(runId);
  if (run === undefined) return true;
  if (run.closed === null) return run.outgoing.has(eventId);
  if (command.type !== 'StartWorkflow') return true;
  // A parent that has closed meanwhile starts only what outlives it.
  const child = run.children.get(eventId);
  return child?.startedEventId === 0 && child.parentClosePolicy === 'ABANDON';
}

function initiatedCommand(run: RunState, event: InitiatedEvent): Command {
  const initiator = { workflowId: run.workflowId, runId: run.runId, eventId: event.header.eventId };
  const { eventTime } = event.header;
  switch (event.type) {
    case 'StartChildWorkflowExecutionInitiated': {
      const { type: _t, header: _h, workflowTaskCompletedEventId: _w, parentClosePolicy: _p, ...start } = event;
      const { workflowId, childRunId, ...options } = start;
      const root = run.start.root ?? { workflowId: run.workflowId, runId: run.runId };
      const header = headerOf(initiator, eventTime, workflowId, childRunId);
      return messageOf('StartWorkflow', { ...options, header, workflowIdConflictPolicy: 'FAIL', initiator, root });
    }
    case 'SignalExternalWorkflowExecutionInitiated': {
      const { signalName, input, headers, childWorkflowOnly } = event;
      const header = headerOf(initiator, eventTime, event.targetWorkflowId, event.targetRunId);
      return messageOf('SignalWorkflow', { header, signalName, input, headers, childWorkflowOnly, initiator });
    }
    case 'RequestCancelExternalWorkflowExecutionInitiated': {
      const { reason, childWorkflowOnly } = event;
      const header = headerOf(initiator, eventTime, event.targetWorkflowId, event.targetRunId);
      return messageOf('RequestCancelWorkflow', { header, reason, childWorkflowOnly, initiator });
    }
  }
}

/** It means whichever run the child's chain has come to, and none of another chain under the same id. */
function closeCommand(run: RunState, child: ChildState, closedAt: number): Command | undefined {
  if (child.parentClosePolicy === 'ABANDON') return undefined;
  const initiator = { workflowId: run.workflowId, runId: run.runId, eventId: child.initiatedEventId };
  const header = headerOf(initiator, closedAt, child.workflowId, null, '/close');
  const body = { header, reason: CLOSE_REASON, firstExecutionRunId: child.runId };
  return child.parentClosePolicy === 'TERMINATE'
    ? messageOf('TerminateWorkflow', body)
    : messageOf('RequestCancelWorkflow', body);
}

function headerOf(
  { runId, eventId }: InitiatingWorkflow,
  sentAt: number,
  targetWorkflowId: string,
  targetRunId: string | null,
  purpose = '',
): CommandHeader {
  const requestId = `${runId}/${eventId}${purpose}`;
  return {
    requestId,
    workflowId: targetWorkflowId,
    runId: targetRunId,
    identity: HISTORY_IDENTITY,
    sentAt,
    replyTo: null,
  };
}
