import { defaultsOf } from '../../../schemas/generated/defaults.js';
import type { Failure, Payload, TimeoutFailureInfo } from '../../../schemas/generated/messages.js';
import { emptyFailure } from '../../../sdk/common/failure/empty-failure.js';

/** What the services made, as a failure's source. */
const SOURCE = 'Millrace';

const timeoutNames = {
  START_TO_CLOSE: 'StartToClose',
  SCHEDULE_TO_START: 'ScheduleToStart',
  SCHEDULE_TO_CLOSE: 'ScheduleToClose',
  HEARTBEAT: 'Heartbeat',
} as const;

/** The failure of an activity that ran into a time-out. */
export function activityTimeout(
  timeoutType: TimeoutFailureInfo['timeoutType'],
  lastHeartbeatDetails: readonly Payload[],
  cause: Failure | null,
): Failure {
  const message = `activity ${timeoutNames[timeoutType]} timeout`;
  return { ...emptyFailure(message, SOURCE), cause, timeoutInfo: { timeoutType, lastHeartbeatDetails } };
}

/** The failure that a workflow's run or execution time-out is to its caller. */
export function workflowTimeout(): Failure {
  const timeoutInfo = { timeoutType: 'START_TO_CLOSE', lastHeartbeatDetails: [] } as const;
  return { ...emptyFailure('Workflow execution timed out', SOURCE), timeoutInfo };
}

export function terminated(reason: string, identity: string): Failure {
  return { ...emptyFailure(reason || 'Workflow execution terminated', SOURCE), terminatedInfo: { identity } };
}

export function canceled(details: readonly Payload[]): Failure {
  return { ...emptyFailure('Activity cancelled', SOURCE), canceledInfo: { details } };
}

/** A failure that the services raise and that trying again won't mend. */
export function refused(message: string): Failure {
  return { ...emptyFailure(message, SOURCE), serverInfo: { nonRetryable: true } };
}

/** The failure of an activity that was failed from outside without one. */
export function emptyOutcomeFailure(): Failure {
  return emptyFailure('Activity failed', SOURCE);
}

/** What an update comes to whose handler was under way when the run ended: Temporal's words, which programs look for. */
export function acceptedUpdateUnfinished(): Failure {
  const message = 'Workflow Update failed because the Workflow completed before the Update completed.';
  const applicationInfo = {
    ...defaultsOf.ApplicationFailureInfo,
    failureType: 'AcceptedUpdateCompletedWorkflow',
    nonRetryable: true,
  };
  return { ...emptyFailure(message, SOURCE), applicationInfo };
}
