// The durable effects (H5): a function of an event and the state just after it, so that a new owner can send again
// what the last one may not have delivered.
import type {
  ActivityTask,
  HistoryEvent,
  HistoryEventTypes,
  ReplyAddress,
} from '../../../schemas/generated/messages.js';
import { askOther, closeChildren, isAwaited } from './initiated-commands.js';
import { cancelTaken, childClosed, childStarted, signalTaken } from './initiator-answers.js';
import type { Effect } from './input.js';
import { invariant } from './invariant.js';
import type { ActivityState, CloseEvent, PartitionState, RunState } from './state.js';

/** What the event asks the loop to do. `state` has the event as its latest. */
export function effectsOf(state: PartitionState, event: HistoryEvent): Effect[] {
  if (event.type === 'PartitionOwnerClaimed') return [];
  const run = state.runs.get(event.header.runId);
  invariant(run !== undefined, `effects of run ${event.header.runId}, which is not known`);
  // Numbered events that a reset has copied were acted on in the run that they come from.
  if (event.header.eventId !== 0 && event.header.eventId <= (run.start.copiedUntilEventId ?? 0)) return [];
  switch (event.type) {
    case 'WorkflowExecutionStarted':
      return [...accepted(run, event), ...childStarted(run)];
    case 'WorkflowExecutionSignaled':
      if (event.initiator !== null) return [signalTaken(event.initiator, event.header, event.header.eventTime, run)];
      return accepted(run, event);
    case 'WorkflowExecutionCancelRequested':
      if (event.initiator !== null) return [cancelTaken(event.initiator, event.header, event.header.eventTime, run)];
      return accepted(run, event);
    case 'StartChildWorkflowExecutionInitiated':
    case 'SignalExternalWorkflowExecutionInitiated':
    case 'RequestCancelExternalWorkflowExecutionInitiated':
      return [askOther(run, event)];
    case 'ExternalCommandRedispatched': {
      const asked = run.outgoing.get(event.initiatedEventId);
      return asked === undefined ? [] : [askOther(run, asked.event)];
    }
    case 'WorkflowExecutionUnpaused':
    case 'ActivityTaskCompleted':
    case 'ActivityTaskFailed':
    case 'ActivityTaskCanceled':
    case 'ActivityTaskAttemptFailed':
      return accepted(run, event);
    case 'WorkflowExecutionPaused':
      return [...accepted(run, event), ...[...run.activities.values()].flatMap((one) => pushStop(run, one, 'PAUSED'))];
    case 'WorkflowTaskScheduled':
      return run.workflowTask === null ? [] : [workflowTask(run, run.workflowTask)];
    case 'ActivityTaskScheduled':
      return attempt(run, event.header.eventId);
    case 'ActivityTaskAttemptScheduled':
      return attempt(run, event.scheduledEventId);
    case 'ActivityTaskCancelRequested': {
      const activity = run.activities.get(event.scheduledEventId);
      return activity === undefined ? [] : pushStop(run, activity, 'CANCEL_REQUESTED');
    }
    case 'WorkflowExecutionTerminated':
      return [...accepted(run, event), ...ended(run, event)];
    case 'WorkflowExecutionCompleted':
    case 'WorkflowExecutionFailed':
    case 'WorkflowExecutionCanceled':
    case 'WorkflowExecutionTimedOut':
    case 'WorkflowExecutionContinuedAsNew':
      return ended(run, event);
    default:
      return withoutEffect(event.type);
  }
}

/** Event types that ask for nothing. A new type doesn't compile until it stands here or above. */
function withoutEffect(
  _type: Extract<
    keyof HistoryEventTypes,
    | 'WorkflowTaskStarted'
    | 'WorkflowTaskCompleted'
    | 'WorkflowTaskFailed'
    | 'ActivityTaskStarted'
    | 'ActivityTaskTimedOut'
    | 'ActivityTaskClaimed'
    | 'ActivityTaskHeartbeatRecorded'
    | 'TimerStarted'
    | 'TimerFired'
    | 'TimerCanceled'
    | 'ChildWorkflowExecutionCanceled'
    | 'ChildWorkflowExecutionCompleted'
    | 'ChildWorkflowExecutionFailed'
    | 'ChildWorkflowExecutionStarted'
    | 'ChildWorkflowExecutionTerminated'
    | 'ChildWorkflowExecutionTimedOut'
    | 'ExternalWorkflowExecutionCancelRequested'
    | 'ExternalWorkflowExecutionSignaled'
    | 'MarkerRecorded'
    | 'RequestCancelExternalWorkflowExecutionFailed'
    | 'SignalExternalWorkflowExecutionFailed'
    | 'StartChildWorkflowExecutionFailed'
    | 'UpsertWorkflowSearchAttributes'
    | 'WorkflowExecutionUpdateAccepted'
    | 'WorkflowExecutionUpdateAdmitted'
    | 'WorkflowExecutionUpdateCompleted'
    | 'WorkflowExecutionUpdateRejected'
    | 'WorkflowPropertiesModified'
  >,
): Effect[] {
  return [];
}

/** Whether sending the effect again after a takeover still has a use. */
export function isOutstanding(state: PartitionState, effect: Effect): boolean {
  if (effect.kind === 'dispatch-workflow-task') {
    const task = state.runs.get(effect.runId)?.workflowTask;
    const isPending = task?.scheduledEventId === effect.scheduledEventId && task.attempt === effect.attempt;
    return isPending && task.retryAt === null;
  }
  if (effect.kind === 'dispatch-activity-task') {
    const activity = state.runs.get(effect.task.runId)?.activities.get(effect.task.scheduledEventId);
    return activity?.attempt === effect.task.attempt && activity.claimedAt === null && activity.nextAttemptAt === null;
  }
  return effect.kind !== 'command' || isAwaited(state, effect.command);
}

function accepted(
  run: RunState,
  event: { readonly requestId: string; readonly replyTo: ReplyAddress | null },
): Effect[] {
  if (event.replyTo === null) return [];
  const { workflowId, runId } = run;
  const reply = { type: 'CommandAccepted', requestId: event.requestId, workflowId, runId } as const;
  return [{ kind: 'reply', to: event.replyTo, reply }];
}

function workflowTask(run: RunState, task: NonNullable<RunState['workflowTask']>): Effect {
  return {
    kind: 'dispatch-workflow-task',
    workflowId: run.workflowId,
    runId: run.runId,
    workflowType: run.workflowType,
    taskQueue: run.taskQueue,
    scheduledEventId: task.scheduledEventId,
    attempt: task.attempt,
    firstEventId: run.seenEventId + 1,
    seenEventId: run.nextEventId - 1,
    startToCloseTimeoutMs: run.workflowTaskTimeoutMs,
    updates: task.updateIds.flatMap((updateId) => run.updates.get(updateId)?.request ?? []),
  };
}

function attempt(run: RunState, scheduledEventId: number): Effect[] {
  const activity = run.activities.get(scheduledEventId);
  // One that was scheduled while the run is paused is held back.
  if (activity === undefined || activity.dispatches === 0) return [];
  return [{ kind: 'dispatch-activity-task', task: activityTask(run, activity) }];
}

function activityTask(run: RunState, activity: ActivityState): ActivityTask {
  return {
    workflowId: run.workflowId,
    runId: run.runId,
    workflowType: run.workflowType,
    taskQueue: activity.taskQueue,
    scheduledEventId: activity.scheduledEventId,
    attempt: activity.attempt,
    activityId: activity.activityId,
    activityType: activity.activityType,
    input: activity.input,
    headers: activity.headers,
    scheduledAt: activity.scheduledAt,
    attemptScheduledAt: activity.attemptScheduledAt,
    scheduleToCloseTimeoutMs: activity.scheduleToCloseTimeoutMs,
    startToCloseTimeoutMs: activity.startToCloseTimeoutMs,
    heartbeatTimeoutMs: activity.heartbeatTimeoutMs,
    heartbeatDetails: activity.heartbeatDetails,
    retryPolicy: activity.retryPolicy,
    priority: null,
  };
}

/** A run has closed, of itself or from outside: whom that concerns gets to know. */
function ended(run: RunState, { header }: Pick<CloseEvent, 'header'>): Effect[] {
  return [...abandon(run), ...closeChildren(run, header.eventTime), ...childClosed(run)];
}

function abandon(run: RunState): Effect[] {
  return run.closed === null ? [] : run.closed.abandoned.flatMap((activity) => pushStop(run, activity, 'NOT_FOUND'));
}

function pushStop(
  run: RunState,
  activity: ActivityState,
  reason: 'CANCEL_REQUESTED' | 'NOT_FOUND' | 'PAUSED',
): Effect[] {
  if (activity.worker === null) return [];
  const { workflowId, runId } = run;
  const { scheduledEventId, attempt, worker } = activity;
  return [
    {
      kind: 'reply',
      to: worker,
      reply: { type: 'ActivityCancelRequested', workflowId, runId, scheduledEventId, attempt, reason },
    },
  ];
}
