// Activity attempts: claims, heartbeats and outcomes. What is said of an attempt that is over is dropped (H6).
import type {
  ActivityCancelRequested,
  CancelActivityTask,
  ClaimActivityTask,
  CommandHeader,
  CompleteActivityTask,
  FailActivityTask,
  Failure,
  Payload,
  RecordActivityHeartbeat,
  ReplyAddress,
} from '../../../schemas/generated/messages.js';
import { Emission, nothing } from './emission.js';
import { activityTimeout, canceled } from './failures.js';
import type { Decision } from './input.js';
import { answer, attemptOf } from './lookup.js';
import { backoffMs, nextAttempt, type RetryDecision } from './retry.js';
import type { ActivityState, PartitionState, RunState } from './state.js';

/** The attempt's time-outs start and cancel requests are pushed to its worker. */
export function claimActivityTask(state: PartitionState, command: ClaimActivityTask, now: number): Decision {
  const found = attemptOf(state, command);
  if (found === undefined) return pushStop(command, 'NOT_FOUND');
  if (found.activity.claimedAt !== null) return nothing;
  const emission = new Emission(found.run, now);
  emission.progress('ActivityTaskClaimed', {
    scheduledEventId: command.scheduledEventId,
    attempt: command.attempt,
    identity: command.header.identity,
    worker: command.header.replyTo,
  });
  const stop = found.run.paused ? pushStop(command, 'PAUSED').effects : [];
  return { events: emission.events, effects: stop };
}

export function recordActivityHeartbeat(
  state: PartitionState,
  command: RecordActivityHeartbeat,
  now: number,
): Decision {
  const found = attemptOf(state, command);
  if (found === undefined) return pushStop(command, 'NOT_FOUND');
  const emission = new Emission(found.run, now);
  emission.progress('ActivityTaskHeartbeatRecorded', {
    scheduledEventId: command.scheduledEventId,
    attempt: command.attempt,
    details: command.details,
    identity: command.header.identity,
    worker: command.header.replyTo,
  });
  const reason = found.activity.cancelRequested ? 'CANCEL_REQUESTED' : found.run.paused ? 'PAUSED' : undefined;
  const stop = reason === undefined ? [] : pushStop(command, reason).effects;
  return { events: emission.events, effects: stop };
}

export function completeActivityTask(state: PartitionState, command: CompleteActivityTask, now: number): Decision {
  const found = attemptOf(state, command);
  if (found === undefined) return nothing;
  const emission = new Emission(found.run, now);
  completeActivity(emission, found.run, found.activity, command.result, worker(command));
  return emission.decision();
}

export function failActivityTask(state: PartitionState, command: FailActivityTask, now: number): Decision {
  const found = attemptOf(state, command);
  if (found === undefined) return nothing;
  const emission = new Emission(found.run, now);
  failAttempt(emission, found.run, found.activity, command.failure, worker(command));
  return emission.decision();
}

export function cancelActivityTask(state: PartitionState, command: CancelActivityTask, now: number): Decision {
  const found = attemptOf(state, command);
  if (found === undefined) return nothing;
  const { run, activity } = found;
  const emission = new Emission(run, now);
  if (activity.cancelRequested) cancelActivity(emission, run, activity, command.details, worker(command));
  // The worker stopped the attempt of its own accord: one more failed attempt.
  else failAttempt(emission, run, activity, canceled(command.details), worker(command));
  return emission.decision();
}

/** Who says how an activity ended: its worker, or one whose request is acknowledged by the event. */
export interface Resolver {
  readonly identity: string;
  readonly requestId: string;
  readonly replyTo: ReplyAddress | null;
}

/** One whose word needs no answer. */
export function unanswered(identity: string): Resolver {
  return { identity, requestId: '', replyTo: null };
}

function worker({ header }: { readonly header: CommandHeader }): Resolver {
  return unanswered(header.identity);
}

export function completeActivity(
  emission: Emission,
  run: RunState,
  activity: ActivityState,
  result: Payload | null,
  by: Resolver,
): void {
  const { scheduledEventId } = activity;
  const startedEventId = emitStarted(emission, activity, by.identity);
  emission.emit('ActivityTaskCompleted', { scheduledEventId, startedEventId, result, ...by });
  emission.scheduleWorkflowTask(run);
}

export function cancelActivity(
  emission: Emission,
  run: RunState,
  activity: ActivityState,
  details: readonly Payload[],
  by: Resolver,
): void {
  const { scheduledEventId } = activity;
  const startedEventId = emitStarted(emission, activity, by.identity);
  emission.emit('ActivityTaskCanceled', { scheduledEventId, startedEventId, details, ...by });
  emission.scheduleWorkflowTask(run);
}

/** Ends the activity by a time-out, or its attempt where the policy allows another. */
export function timeOutAttempt(
  emission: Emission,
  activity: ActivityState,
  timeoutType: 'START_TO_CLOSE' | 'SCHEDULE_TO_START' | 'SCHEDULE_TO_CLOSE' | 'HEARTBEAT',
): void {
  const failure = activityTimeout(timeoutType, activity.heartbeatDetails, null);
  const next = nextAttempt(activity, failure, emission.now);
  if ('nextAttemptAt' in next) {
    emitAttemptFailed(emission, activity, failure, unanswered(activity.identity), next.nextAttemptAt);
    return;
  }
  const { scheduledEventId } = activity;
  const startedEventId = activity.claimedAt === null ? 0 : emitStarted(emission, activity, activity.identity);
  emission.emit('ActivityTaskTimedOut', {
    scheduledEventId,
    startedEventId,
    failure: { ...failure, cause: activity.lastFailure },
    retryState: timeoutType === 'SCHEDULE_TO_CLOSE' ? 'TIMEOUT' : next.retryState,
  });
}

/** Puts an attempt on its queue: the next one is due, or nobody has claimed it for long. */
export function dispatchAttempt(emission: Emission, activity: ActivityState): void {
  emission.progress('ActivityTaskAttemptScheduled', {
    scheduledEventId: activity.scheduledEventId,
    attempt: activity.attempt,
  });
}

/** Ends the activity by the failure, or its attempt where the policy allows another. */
export function failAttempt(
  emission: Emission,
  run: RunState,
  activity: ActivityState,
  failure: Failure,
  by: Resolver,
): void {
  const next = afterPause(activity, failure, emission.now) ?? nextAttempt(activity, failure, emission.now);
  if ('nextAttemptAt' in next) {
    emitAttemptFailed(emission, activity, failure, by, next.nextAttemptAt);
    return;
  }
  const { scheduledEventId } = activity;
  const startedEventId = emitStarted(emission, activity, by.identity);
  emission.emit('ActivityTaskFailed', {
    scheduledEventId,
    startedEventId,
    failure,
    retryState: next.retryState,
    ...by,
  });
  emission.scheduleWorkflowTask(run);
}

/** What a worker calls the failure of an attempt that stopped because its run is paused. */
const PAUSED_FAILURE_TYPE = 'ActivityPause';

/** An attempt that gave way to a pause is made again, however many its policy allows: it did not fail by itself. */
function afterPause(activity: ActivityState, failure: Failure, now: number): RetryDecision | undefined {
  if (failure.applicationInfo?.failureType !== PAUSED_FAILURE_TYPE || activity.cancelRequested) return undefined;
  return { nextAttemptAt: now + backoffMs(activity.retryPolicy, 1) };
}

function emitAttemptFailed(
  emission: Emission,
  activity: ActivityState,
  failure: Failure,
  by: Resolver,
  nextAttemptAt: number,
): void {
  const { scheduledEventId, attempt } = activity;
  emission.progress('ActivityTaskAttemptFailed', { scheduledEventId, attempt, failure, ...by, nextAttemptAt });
}

function emitStarted(emission: Emission, activity: ActivityState, identity: string): number {
  const { scheduledEventId, attempt, lastFailure } = activity;
  return emission.emit('ActivityTaskStarted', { scheduledEventId, identity, attempt, lastFailure });
}

function pushStop(
  command: Pick<RecordActivityHeartbeat, 'header' | 'scheduledEventId' | 'attempt'>,
  reason: ActivityCancelRequested['reason'],
): Decision {
  const { header, scheduledEventId, attempt } = command;
  return answer(header, {
    type: 'ActivityCancelRequested',
    workflowId: header.workflowId,
    runId: header.runId ?? '',
    scheduledEventId,
    attempt,
    reason,
  });
}
