// What each event of a history tells a run.
import type { Failure, HistoryEventTypes, UpdateRequest } from '../../../schemas/generated/messages.js';
import { emptyFailure } from '../../common/failure/empty-failure.js';
import { RetryState } from '../../common/failure/failure.js';
import type { Job } from '../../workflow/activation.js';
import { externalJobOf } from './external-event-jobs.js';
import type { RunEvent } from './history-events.js';
import { patchOf } from './markers.js';
import { NondeterminismError } from './nondeterminism.js';
import type { ActivityIdentity, RunProgress } from './run-progress.js';

export type JobOf = {
  readonly [K in keyof HistoryEventTypes]:
    | ((event: HistoryEventTypes[K], progress: RunProgress) => Job | undefined)
    | null;
};

/** Null for events that the code doesn't see: progress, workflow tasks, and those that its own commands became. */
const jobOf: JobOf = {
  ...externalJobOf,
  ActivityTaskAttemptFailed: null,
  ActivityTaskAttemptScheduled: null,
  ActivityTaskCancelRequested: null,
  ActivityTaskCanceled: (event, progress) => {
    const activity = activityOf(event, progress);
    const cause = { ...emptyFailure('Activity cancelled'), canceledInfo: { details: event.details } };
    return failActivity(activity, event, 'Activity cancelled', RetryState.CANCEL_REQUESTED, cause);
  },
  ActivityTaskClaimed: null,
  ActivityTaskCompleted: (event, progress) => {
    const { seq } = activityOf(event, progress);
    return { type: 'completeActivity', seq, result: event.result };
  },
  ActivityTaskFailed: (event, progress) => {
    const activity = activityOf(event, progress);
    return failActivity(activity, event, 'Activity task failed', event.retryState, event.failure);
  },
  ActivityTaskHeartbeatRecorded: null,
  ActivityTaskScheduled: null,
  ActivityTaskStarted: null,
  ActivityTaskTimedOut: (event, progress) => {
    const activity = activityOf(event, progress);
    return failActivity(
      activity,
      { ...event, identity: '' },
      'Activity task timed out',
      event.retryState,
      event.failure,
    );
  },
  PartitionOwnerClaimed: null,
  TimerCanceled: null,
  // The SDK names its timers by their sequence numbers.
  TimerFired: ({ timerId }) => ({ type: 'fireTimer', seq: Number(timerId) }),
  TimerStarted: null,
  WorkflowExecutionCancelRequested: ({ reason }) => ({ type: 'cancelWorkflow', reason }),
  WorkflowExecutionCanceled: null,
  WorkflowExecutionCompleted: null,
  WorkflowExecutionFailed: null,
  WorkflowExecutionSignaled: ({ signalName, input, headers }) => ({
    type: 'signalWorkflow',
    signalName,
    input,
    headers,
  }),
  WorkflowExecutionStarted: (started) => ({ type: 'initializeWorkflow', started }),
  WorkflowExecutionTerminated: null,
  WorkflowExecutionTimedOut: null,
  WorkflowTaskCompleted: null,
  // What follows the point that a run was reset to has a randomness of its own.
  WorkflowTaskFailed: ({ cause, newRunId }) =>
    cause === 'RESET_WORKFLOW' && newRunId !== null ? { type: 'updateRandomSeed', seed: newRunId } : undefined,
  WorkflowTaskScheduled: null,
  WorkflowTaskStarted: null,
  MarkerRecorded: null,
  UpsertWorkflowSearchAttributes: null,
  WorkflowExecutionContinuedAsNew: null,
  WorkflowExecutionPaused: null,
  WorkflowExecutionUnpaused: null,
  WorkflowExecutionUpdateAccepted: null,
  WorkflowExecutionUpdateAdmitted: null,
  WorkflowExecutionUpdateCompleted: null,
  WorkflowExecutionUpdateRejected: null,
  WorkflowPropertiesModified: null,
};

/** Temporal's order: the start's facts, patches, signals, updates, then all else, each in the order of their events. */
const order: Readonly<Partial<Record<Job['type'], number>>> = {
  initializeWorkflow: 0,
  notifyHasPatch: 1,
  updateRandomSeed: 2,
  signalWorkflow: 3,
  doUpdate: 4,
};
const LAST = 5;

/**
 * The jobs that a run's next activation is made of: what the events tell it, and on replay what the code recorded in
 * this activation when it first ran: updates that it accepted are carried out again. `updates` are the new ones.
 */
export function jobsOf(
  events: readonly RunEvent[],
  recorded: readonly RunEvent[],
  updates: readonly UpdateRequest[],
  progress: RunProgress,
): Job[] {
  const jobs: Job[] = [];
  for (const event of recorded) {
    const patch = patchOf(event);
    if (patch !== undefined) jobs.push({ type: 'notifyHasPatch', patchId: patch.id });
    if (event.type === 'WorkflowExecutionUpdateAccepted') {
      jobs.push({ type: 'doUpdate', ...event.update, runValidator: false });
    }
  }
  for (const update of updates) jobs.push({ type: 'doUpdate', ...update, runValidator: true });
  for (const event of events) {
    const job = jobOfEvent(event.type, event, progress);
    if (job !== undefined) jobs.push(job);
  }
  // The sort is stable.
  return jobs.sort((a, b) => (order[a.type] ?? LAST) - (order[b.type] ?? LAST));
}

function jobOfEvent<K extends keyof HistoryEventTypes>(
  type: K,
  event: HistoryEventTypes[K],
  progress: RunProgress,
): Job | undefined {
  return jobOf[type]?.(event, progress);
}

function activityOf(
  event: { readonly scheduledEventId: number; readonly header: HistoryEventTypes['TimerFired']['header'] },
  progress: RunProgress,
): ActivityIdentity {
  const activity = progress.activities.get(event.scheduledEventId);
  if (activity !== undefined) return activity;
  throw new NondeterminismError(
    `event ${event.header.eventId} is about an activity of event ${event.scheduledEventId}, which the code never scheduled`,
  );
}

function failActivity(
  { seq, activityType, activityId }: ActivityIdentity,
  event: { readonly scheduledEventId: number; readonly startedEventId: number; readonly identity: string },
  message: string,
  retryState: string,
  cause: Failure,
): Job {
  const { scheduledEventId, startedEventId, identity } = event;
  const known = Object.values(RetryState).find((state) => state === retryState) ?? RetryState.INTERNAL_SERVER_ERROR;
  const activityInfo = { scheduledEventId, startedEventId, identity, activityType, activityId, retryState: known };
  return { type: 'failActivity', seq, failure: { ...emptyFailure(message), cause, activityInfo } };
}
