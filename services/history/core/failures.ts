import type { Failure, Payload, TimeoutFailureInfo } from '../../../schemas/generated/messages.js';

const plain: Failure = {
  message: '',
  source: 'Millrace',
  stackTrace: '',
  encodedAttributes: null,
  cause: null,
  applicationInfo: null,
  timeoutInfo: null,
  canceledInfo: null,
  terminatedInfo: null,
  serverInfo: null,
  activityInfo: null,
};

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
  return { ...plain, message, cause, timeoutInfo: { timeoutType, lastHeartbeatDetails } };
}

/** The failure that a workflow's run or execution time-out is to its caller. */
export function workflowTimeout(): Failure {
  const timeoutInfo = { timeoutType: 'START_TO_CLOSE', lastHeartbeatDetails: [] } as const;
  return { ...plain, message: 'Workflow execution timed out', timeoutInfo };
}

export function terminated(reason: string, identity: string): Failure {
  return { ...plain, message: reason || 'Workflow execution terminated', terminatedInfo: { identity } };
}

export function canceled(details: readonly Payload[]): Failure {
  return { ...plain, message: 'Activity cancelled', canceledInfo: { details } };
}

/** A failure that the services raise and that trying again won't mend. */
export function refused(message: string): Failure {
  return { ...plain, message, serverInfo: { nonRetryable: true } };
}
