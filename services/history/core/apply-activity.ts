import type { Appliers, RunEvent } from './apply.js';
import { invariant } from './invariant.js';
import { type ActivityState, activityKey, type RunState } from './state.js';

type ActivityEventType = Extract<RunEvent['type'], `ActivityTask${string}`>;

export const applyToActivities: Appliers<ActivityEventType> = {
  ActivityTaskScheduled(run, event) {
    const { header } = event;
    run.activities.set(header.eventId, {
      scheduledEventId: header.eventId,
      activityId: event.activityId,
      activityType: event.activityType,
      taskQueue: event.taskQueue,
      input: event.input,
      headers: event.headers,
      scheduleToCloseTimeoutMs: event.scheduleToCloseTimeoutMs,
      scheduleToStartTimeoutMs: event.scheduleToStartTimeoutMs,
      startToCloseTimeoutMs: event.startToCloseTimeoutMs,
      heartbeatTimeoutMs: event.heartbeatTimeoutMs,
      retryPolicy: event.retryPolicy,
      scheduledAt: header.eventTime,
      attempt: 1,
      attemptScheduledAt: header.eventTime,
      dispatchedAt: header.eventTime,
      dispatches: run.paused ? 0 : 1,
      claimedAt: null,
      heartbeatAt: null,
      heartbeatDetails: [],
      identity: '',
      worker: null,
      lastFailure: null,
      nextAttemptAt: null,
      cancelRequested: false,
    });
  },
  ActivityTaskClaimed(run, event) {
    const activity = pending(run, event);
    activity.claimedAt = event.header.eventTime;
    activity.identity = event.identity;
    activity.worker = event.worker;
  },
  ActivityTaskHeartbeatRecorded(run, event) {
    const activity = pending(run, event);
    activity.claimedAt ??= event.header.eventTime;
    activity.heartbeatAt = event.header.eventTime;
    activity.heartbeatDetails = event.details;
    activity.identity = event.identity;
    activity.worker = event.worker;
  },
  ActivityTaskAttemptFailed(run, event) {
    const activity = pending(run, event);
    activity.attempt = event.attempt + 1;
    activity.nextAttemptAt = event.nextAttemptAt;
    activity.lastFailure = event.failure;
    activity.identity = event.identity;
    activity.claimedAt = null;
    activity.heartbeatAt = null;
    activity.worker = null;
  },
  ActivityTaskAttemptScheduled(run, event) {
    const activity = pending(run, event);
    const isNewAttempt = activity.nextAttemptAt !== null;
    if (isNewAttempt) activity.attemptScheduledAt = event.header.eventTime;
    activity.dispatchedAt = event.header.eventTime;
    activity.dispatches = isNewAttempt ? 1 : activity.dispatches + 1;
    activity.nextAttemptAt = null;
  },
  ActivityTaskStarted(run, event) {
    pending(run, event);
  },
  ActivityTaskCancelRequested(run, { scheduledEventId }) {
    // One that ended when the code could not know it yet is gone already.
    const activity = run.activities.get(scheduledEventId);
    if (activity !== undefined) activity.cancelRequested = true;
  },
  ActivityTaskCompleted: end,
  ActivityTaskFailed: end,
  ActivityTaskTimedOut: end,
  ActivityTaskCanceled: end,
};

function pending(run: RunState, { scheduledEventId }: { readonly scheduledEventId: number }): ActivityState {
  const activity = run.activities.get(scheduledEventId);
  invariant(activity !== undefined, `activity ${scheduledEventId} of ${run.runId} is not pending`);
  return activity;
}

function end(run: RunState, event: Extract<RunEvent, { scheduledEventId: number; startedEventId: number }>): void {
  const { activityId, scheduledEventId } = pending(run, event);
  run.activities.delete(scheduledEventId);
  run.endedUnseen.set(activityKey(activityId), { firstEventId: scheduledEventId, endedEventId: event.header.eventId });
  run.lastInboundEventId = event.header.eventId;
}
