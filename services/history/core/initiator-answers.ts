// What a workflow that was asked for something by another tells that one: commands for the initiator's partition. Where
// an event stands for the answer, it is that event's effect and can't be lost; a refusal stands on none, and the
// initiator asks again until it has one. The initiator drops what it knows already.
import type {
  Command,
  CommandHeader,
  InitiatingWorkflow,
  RecordChildWorkflowStartFailed,
} from '../../../schemas/generated/messages.js';
import { messageOf } from '../../../schemas/message.js';
import { HISTORY_IDENTITY } from './initiated-commands.js';
import type { Decision, Effect } from './input.js';
import type { CloseEvent, RunState } from './state.js';

/** The one reason why a signal or a cancellation between workflows fails, as in Temporal. */
export const NOT_FOUND = 'EXTERNAL_WORKFLOW_EXECUTION_NOT_FOUND';

/** An answer that stands on no event. */
export function told(...effects: readonly Effect[]): Decision {
  return { events: [], effects };
}

/** Tells the parent that its child has started. Of a chain's runs only the first one does. */
export function childStarted(run: RunState): Effect[] {
  const { parent, continuedExecutionRunId } = run.start;
  if (parent === null || continuedExecutionRunId !== null) return [];
  return [
    answer(
      messageOf('RecordChildWorkflowStarted', {
        header: headerOf(parent, 'started', run.startedAt),
        ...childOf(run, parent),
      }),
    ),
  ];
}

/** Tells the parent that its child could not be started. */
export function childNotStarted(
  parent: InitiatingWorkflow,
  cause: RecordChildWorkflowStartFailed['cause'],
  message: string,
  now: number,
): Effect {
  const header = headerOf(parent, 'not started', now);
  return answer(
    messageOf('RecordChildWorkflowStartFailed', { header, initiatedEventId: parent.eventId, cause, message }),
  );
}

/** Tells the parent how its child ended, unless another run of the child follows: that one will. */
export function childClosed(run: RunState): Effect[] {
  const { parent } = run.start;
  if (parent === null || run.closed === null) return [];
  const { event } = run.closed;
  const outcome = outcomeOf(event);
  if (outcome === undefined) return [];
  const header = headerOf(parent, 'closed', event.header.eventTime);
  return [answer(messageOf('RecordChildWorkflowClosed', { header, ...childOf(run, parent), ...outcome }))];
}

/** Tells what became of a signal between workflows: the run that has it or, without one, that there is none. */
export function signalTaken(
  initiator: InitiatingWorkflow,
  target: Target,
  now: number,
  run: RunState | undefined,
): Effect {
  const header = headerOf(initiator, 'signaled', now);
  return answer(messageOf('RecordExternalWorkflowSignaled', { header, ...outcomeFor(initiator, target, run) }));
}

/** Tells what became of a request to cancel. */
export function cancelTaken(
  initiator: InitiatingWorkflow,
  target: Target,
  now: number,
  run: RunState | undefined,
): Effect {
  const header = headerOf(initiator, 'cancel requested', now);
  return answer(messageOf('RecordExternalWorkflowCancelRequested', { header, ...outcomeFor(initiator, target, run) }));
}

type Target = Pick<CommandHeader, 'workflowId'>;

function outcomeFor({ eventId }: InitiatingWorkflow, target: Target, run: RunState | undefined) {
  return {
    initiatedEventId: eventId,
    targetWorkflowId: target.workflowId,
    targetRunId: run?.runId ?? null,
    failedCause: run === undefined ? NOT_FOUND : null,
  };
}

function childOf(run: RunState, { eventId }: InitiatingWorkflow) {
  return {
    initiatedEventId: eventId,
    childWorkflowId: run.workflowId,
    childRunId: run.runId,
    childWorkflowType: run.workflowType,
  };
}

function outcomeOf(event: CloseEvent) {
  if ('newExecutionRunId' in event && event.newExecutionRunId !== null) return undefined;
  switch (event.type) {
    case 'WorkflowExecutionCompleted':
      return { status: 'COMPLETED', result: event.result } as const;
    case 'WorkflowExecutionFailed':
      return { status: 'FAILED', failure: event.failure, retryState: event.retryState } as const;
    case 'WorkflowExecutionCanceled':
      return { status: 'CANCELLED', details: event.details } as const;
    case 'WorkflowExecutionTerminated':
      return { status: 'TERMINATED' } as const;
    case 'WorkflowExecutionTimedOut':
      return { status: 'TIMED_OUT', retryState: event.retryState } as const;
    case 'WorkflowExecutionContinuedAsNew':
      return undefined;
  }
}

function answer(command: Command): Effect {
  return { kind: 'command', command };
}

function headerOf({ workflowId, runId, eventId }: InitiatingWorkflow, what: string, sentAt: number): CommandHeader {
  const requestId = `${runId}/${eventId}/${what}`;
  return { requestId, workflowId, runId, identity: HISTORY_IDENTITY, sentAt, replyTo: null };
}
