// Time as an input (H7): what of a run is due when, and what happens then.
import { timeAfter } from '../../../sdk/common/time-after.js';
import { dispatchAttempt, timeOutAttempt } from './activity-task.js';
import { timeOutRun } from './chain.js';
import { Emission, nothing } from './emission.js';
import type { Decision } from './input.js';
import type { ActivityState, OutgoingRequest, PartitionState, RunState, TimerState } from './state.js';
import { redispatchWorkflowTask } from './workflow-task.js';

/** A task that nobody has answered for this long is put on its queue again; the wait doubles each time. */
const FIRST_REDISPATCH_MS = 60_000;
const LONGEST_REDISPATCH_MS = 3_600_000;

/** Another workflow that has not answered for this long is asked again; the wait doubles each time. */
const FIRST_ASKED_AGAIN_MS = 10_000;

const never = Number.POSITIVE_INFINITY;

/** When the run next needs `timer-due`, or undefined. */
export function dueAt(run: RunState): number | undefined {
  if (run.status !== 'RUNNING') return undefined;
  const { paused } = run;
  let at = Math.min(run.expiresAt ?? never, startDueAt(run), workflowTaskDueAt(run));
  for (const activity of run.activities.values()) at = Math.min(at, attemptDueAt(activity, paused), expiryOf(activity));
  for (const timer of run.timers.values()) at = Math.min(at, timer.fireAt);
  for (const asked of run.outgoing.values()) at = Math.min(at, askedAgainAt(asked));
  return at === never ? undefined : at;
}

/** Does everything of the run that is due. */
export function timerDue(state: PartitionState, runId: string, now: number): Decision {
  const run = state.runs.get(runId);
  if (run?.status !== 'RUNNING') return nothing;
  const emission = new Emission(run, now);
  if (run.expiresAt !== null && run.expiresAt <= now) {
    timeOutRun(emission, run);
    return emission.decision();
  }
  for (const [initiatedEventId, asked] of run.outgoing) {
    if (askedAgainAt(asked) <= now) emission.progress('ExternalCommandRedispatched', { initiatedEventId });
  }
  const firstEventId = emission.nextEventId;
  for (const activity of run.activities.values()) settleActivity(emission, activity, run.paused);
  for (const { timerId, startedEventId } of dueTimers(run, now))
    emission.emit('TimerFired', { timerId, startedEventId });
  // It may end the run: nothing that the run has open comes behind it.
  if (startDueAt(run) <= now) emission.scheduleWorkflowTask({ ...run, startsAt: null });
  else if (emission.nextEventId > firstEventId) emission.scheduleWorkflowTask(run);
  if (run.workflowTask !== null && workflowTaskDueAt(run) <= now)
    redispatchWorkflowTask(emission, run, run.workflowTask);
  return emission.decision();
}

/**
 * Does one thing that is due, and leaves out what may be large: the time-out of a run is not followed by another, and that
 * of an activity says nothing of its heartbeats and earlier failures. The rest is due again at once.
 */
export function timerDueInBrief(state: PartitionState, runId: string, now: number): Decision {
  const run = state.runs.get(runId);
  if (run?.status !== 'RUNNING') return nothing;
  const emission = new Emission(run, now);
  if (run.expiresAt !== null && run.expiresAt <= now) {
    emission.emit('WorkflowExecutionTimedOut', { retryState: 'NON_RETRYABLE_FAILURE', newExecutionRunId: null });
    return emission.decision();
  }
  for (const activity of run.activities.values()) {
    if (Math.min(expiryOf(activity), attemptDueAt(activity, run.paused)) > now) continue;
    settleActivity(emission, { ...activity, heartbeatDetails: [], lastFailure: null }, run.paused);
    // Where the attempt is made again, the code has nothing to be told of.
    if (emission.nextEventId > run.nextEventId) emission.scheduleWorkflowTask(run);
    return emission.decision();
  }
  const [timer] = dueTimers(run, now);
  if (timer === undefined) return nothing;
  emission.emit('TimerFired', { timerId: timer.timerId, startedEventId: timer.startedEventId });
  emission.scheduleWorkflowTask(run);
  return emission.decision();
}

function dueTimers({ timers }: RunState, now: number): TimerState[] {
  const due = [...timers.values()].filter((timer) => timer.fireAt <= now);
  return due.sort((a, b) => a.fireAt - b.fireAt || a.startedEventId - b.startedEventId);
}

/** When the first workflow task that waits for its time is due. A paused run puts nothing on any queue. */
function startDueAt({ startsAt, paused }: RunState): number {
  return paused ? never : (startsAt ?? never);
}

function workflowTaskDueAt({ workflowTask: task, paused }: RunState): number {
  if (task === null || paused) return never;
  return task.retryAt ?? redispatchAt(task.dispatchedAt, task.dispatches);
}

/** When the whole activity is over, however its attempts go. */
function expiryOf(activity: ActivityState): number {
  return after(activity.scheduledAt, activity.scheduleToCloseTimeoutMs);
}

/** When the current attempt is retried, times out or is put on its queue again. */
function attemptDueAt(activity: ActivityState, paused: boolean): number {
  if (activity.nextAttemptAt !== null) return paused ? never : activity.nextAttemptAt;
  if (activity.claimedAt === null) {
    const dispatchAt = paused ? never : redispatchAt(activity.dispatchedAt, activity.dispatches);
    return Math.min(after(activity.attemptScheduledAt, activity.scheduleToStartTimeoutMs), dispatchAt);
  }
  return Math.min(after(activity.claimedAt, activity.startToCloseTimeoutMs), heartbeatDueAt(activity));
}

function settleActivity(emission: Emission, activity: ActivityState, paused: boolean): void {
  const { now } = emission;
  if (expiryOf(activity) <= now) timeOutAttempt(emission, activity, 'SCHEDULE_TO_CLOSE');
  else if (attemptDueAt(activity, paused) > now) return;
  else if (activity.nextAttemptAt !== null) dispatchAttempt(emission, activity);
  else if (activity.claimedAt === null) {
    const waitedTooLong = after(activity.attemptScheduledAt, activity.scheduleToStartTimeoutMs) <= now;
    if (waitedTooLong) timeOutAttempt(emission, activity, 'SCHEDULE_TO_START');
    else dispatchAttempt(emission, activity);
  } else if (heartbeatDueAt(activity) <= now) timeOutAttempt(emission, activity, 'HEARTBEAT');
  else timeOutAttempt(emission, activity, 'START_TO_CLOSE');
}

function heartbeatDueAt(activity: ActivityState): number {
  const heardOf = activity.heartbeatAt ?? activity.claimedAt;
  return heardOf === null ? never : after(heardOf, activity.heartbeatTimeoutMs);
}

function after(start: number, timeoutMs: number | null): number {
  return timeoutMs === null ? never : timeAfter(start, timeoutMs);
}

function askedAgainAt({ dispatchedAt, dispatches }: OutgoingRequest): number {
  return redispatchAt(dispatchedAt, dispatches, FIRST_ASKED_AGAIN_MS);
}

function redispatchAt(dispatchedAt: number, dispatches: number, firstWaitMs = FIRST_REDISPATCH_MS): number {
  const waitMs = firstWaitMs * 2 ** Math.min(dispatches - 1, 30);
  return dispatchedAt + Math.min(waitMs, LONGEST_REDISPATCH_MS);
}
