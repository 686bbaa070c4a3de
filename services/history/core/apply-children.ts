// What a run has asked of other workflows, and which children it has.
import type { Appliers, RunEvent } from './apply.js';
import { invariant } from './invariant.js';
import type { InitiatedEvent, RunState } from './state.js';

type ChildEnd = Extract<
  RunEvent,
  { type: `ChildWorkflowExecution${'Completed' | 'Failed' | 'Canceled' | 'Terminated' | 'TimedOut'}` }
>;
type ExternalAnswer = Extract<
  RunEvent,
  {
    type:
      | 'ExternalWorkflowExecutionSignaled'
      | 'SignalExternalWorkflowExecutionFailed'
      | 'ExternalWorkflowExecutionCancelRequested'
      | 'RequestCancelExternalWorkflowExecutionFailed';
  }
>;
type OwnType = 'ChildWorkflowExecutionStarted' | 'StartChildWorkflowExecutionFailed' | 'ExternalCommandRedispatched';

export const applyToChildren: Appliers<InitiatedEvent['type'] | ChildEnd['type'] | ExternalAnswer['type'] | OwnType> = {
  StartChildWorkflowExecutionInitiated(run, event) {
    const { workflowId, childRunId: runId, workflowType, parentClosePolicy } = event;
    const initiatedEventId = event.header.eventId;
    const child = { initiatedEventId, workflowId, runId, workflowType, parentClosePolicy, startedEventId: 0 };
    run.children.set(initiatedEventId, child);
    ask(run, event);
  },
  SignalExternalWorkflowExecutionInitiated: ask,
  RequestCancelExternalWorkflowExecutionInitiated: ask,
  ExternalCommandRedispatched(run, { header, initiatedEventId }) {
    const asked = run.outgoing.get(initiatedEventId);
    invariant(asked !== undefined, `${run.runId} has asked nothing by event ${initiatedEventId}`);
    run.outgoing.set(initiatedEventId, {
      ...asked,
      dispatchedAt: header.eventTime,
      dispatches: asked.dispatches + 1,
    });
  },
  ChildWorkflowExecutionStarted(run, event) {
    const child = run.children.get(event.initiatedEventId);
    invariant(child !== undefined, `${run.runId} has no child by event ${event.initiatedEventId}`);
    run.children.set(event.initiatedEventId, {
      ...child,
      runId: event.childRunId,
      startedEventId: event.header.eventId,
    });
    answered(run, event);
  },
  StartChildWorkflowExecutionFailed: endChild,
  ChildWorkflowExecutionCompleted: endChild,
  ChildWorkflowExecutionFailed: endChild,
  ChildWorkflowExecutionCanceled: endChild,
  ChildWorkflowExecutionTerminated: endChild,
  ChildWorkflowExecutionTimedOut: endChild,
  ExternalWorkflowExecutionSignaled: answered,
  SignalExternalWorkflowExecutionFailed: answered,
  ExternalWorkflowExecutionCancelRequested: answered,
  RequestCancelExternalWorkflowExecutionFailed: answered,
};

function ask(run: RunState, event: InitiatedEvent): void {
  run.outgoing.set(event.header.eventId, { event, dispatchedAt: event.header.eventTime, dispatches: 1 });
}

type Answer = Extract<RunEvent, { initiatedEventId: number }>;

function endChild(run: RunState, event: Answer): void {
  invariant(
    run.children.delete(event.initiatedEventId),
    `${run.runId} has no child by event ${event.initiatedEventId}`,
  );
  answered(run, event);
}

/** Workflow code has to be told of it. */
function answered(run: RunState, event: Answer): void {
  run.outgoing.delete(event.initiatedEventId);
  run.lastInboundEventId = event.header.eventId;
}
