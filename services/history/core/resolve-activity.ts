// Activities that somebody other than their worker ends or keeps alive (asynchronous completion).
//
// A1 The acceptance of an outcome stands on its event, so that it is not lost with an owner: when the request comes
//    again, the activity is gone, and the refusal that this gets reaches its sender after the acceptance.
//    A refusal stands on no event. A request that names the activity by its id and is in the log twice, as after a
//    change of owners, may be refused before the activity is there and taken after that, while its sender was told of the
//    refusal; one by task token can't, since the token is as old as the attempt.
// A2 A heartbeat changes nothing that counts twice: it is answered on no event, and may be sent again.
import type { HeartbeatActivity, ResolveActivity } from '../../../schemas/generated/messages.js';
import { cancelActivity, completeActivity, failAttempt } from './activity-task.js';
import { Emission } from './emission.js';
import { emptyOutcomeFailure } from './failures.js';
import type { Decision } from './input.js';
import { answer, reject, rejectNotFound, runOf } from './lookup.js';
import type { ActivityState, PartitionState, RunState } from './state.js';

type Address = Pick<ResolveActivity, 'activityId' | 'scheduledEventId' | 'attempt'>;

export function resolveActivity(state: PartitionState, command: ResolveActivity, now: number): Decision {
  const { header } = command;
  const run = runOf(state, header);
  if (run?.status !== 'RUNNING') return rejectNotFound(header, run);
  const activity = pendingActivity(run, command);
  if (activity === undefined) return rejectActivity(run, command);
  const emission = new Emission(run, now);
  const { identity, requestId, replyTo } = header;
  const by = { identity, requestId, replyTo };
  switch (command.outcome) {
    case 'COMPLETED':
      completeActivity(emission, run, activity, command.result, by);
      break;
    case 'FAILED':
      if (isBetweenAttempts(activity)) return rejectActivity(run, command);
      failAttempt(emission, run, activity, command.failure ?? emptyOutcomeFailure(), by);
      break;
    case 'CANCELED':
      if (isBetweenAttempts(activity)) return rejectActivity(run, command);
      if (!activity.cancelRequested) {
        const message = `nobody has asked activity '${activity.activityId}' to cancel: complete or fail it instead`;
        return reject(header, 'INVALID_ARGUMENT', message, run);
      }
      cancelActivity(emission, run, activity, command.details, by);
  }
  return emission.decision();
}

export function heartbeatActivity(state: PartitionState, command: HeartbeatActivity, now: number): Decision {
  const { header, details } = command;
  const run = runOf(state, header);
  if (run?.status !== 'RUNNING') return rejectNotFound(header, run);
  const activity = pendingActivity(run, command);
  if (activity === undefined || isBetweenAttempts(activity)) return rejectActivity(run, command);
  const { scheduledEventId, attempt, worker, cancelRequested } = activity;
  const { requestId, workflowId, identity } = header;
  const { runId } = run;
  const emission = new Emission(run, now);
  // Requests to cancel are still pushed to the worker: whoever heartbeats for it asks by this very call.
  emission.progress('ActivityTaskHeartbeatRecorded', { scheduledEventId, attempt, details, identity, worker });
  const { effects } = answer(header, {
    type: 'ActivityHeartbeatAnswered',
    requestId,
    workflowId,
    runId,
    cancelRequested,
    paused: run.paused,
    reset: false,
  });
  return { events: emission.events, effects };
}

/** By its id alone an activity may be completed while no attempt is in hand; an attempt that is named must be. */
function pendingActivity(run: RunState, { activityId, scheduledEventId, attempt }: Address): ActivityState | undefined {
  if (activityId === null && scheduledEventId === null) return undefined;
  for (const activity of run.activities.values()) {
    if (activityId !== null && activity.activityId !== activityId) continue;
    if (scheduledEventId !== null && activity.scheduledEventId !== scheduledEventId) continue;
    if (attempt !== null && (activity.attempt !== attempt || isBetweenAttempts(activity))) continue;
    return activity;
  }
  return undefined;
}

/** While it waits for its next attempt, nobody has one in hand. */
function isBetweenAttempts(activity: ActivityState): boolean {
  return activity.nextAttemptAt !== null;
}

function rejectActivity(run: RunState, command: ResolveActivity | HeartbeatActivity): Decision {
  const { header, activityId, scheduledEventId, attempt } = command;
  const which = activityId === null ? `of event ${scheduledEventId}` : `'${activityId}'`;
  const tried = attempt === null ? '' : `, attempt ${attempt},`;
  const message = `activity ${which}${tried} is not running in workflow '${run.workflowId}': it has ended or timed out`;
  return reject(header, 'ACTIVITY_NOT_FOUND', message, run);
}
