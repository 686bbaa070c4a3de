import type { ActivityTask } from '../../schemas/generated/messages.js';
import type { Info } from '../activity/info.js';
import { decodePriority } from '../common/priority.js';
import { decompileRetryPolicy } from '../common/retry-policy.js';
import { taskTokenOf } from '../common/task-token.js';

/** What an activity is told about the attempt it runs in. */
export function activityInfo(task: ActivityTask, namespace: string, heartbeatDetails: unknown): Info {
  const { workflowId, runId, scheduleToCloseTimeoutMs, startToCloseTimeoutMs, heartbeatTimeoutMs } = task;
  // No attempt may take longer than all of them together.
  const attemptMs = Math.min(startToCloseTimeoutMs ?? Infinity, scheduleToCloseTimeoutMs ?? Infinity);
  const taskToken = taskTokenOf(task);
  return {
    taskToken,
    base64TaskToken: Buffer.from(taskToken).toString('base64'),
    activityId: task.activityId,
    activityType: task.activityType,
    attempt: task.attempt,
    isLocal: false,
    inWorkflow: true,
    workflowExecution: { workflowId, runId },
    workflowType: task.workflowType,
    namespace,
    workflowNamespace: namespace,
    activityNamespace: namespace,
    scheduledTimestampMs: task.scheduledAt,
    currentAttemptScheduledTimestampMs: task.attemptScheduledAt,
    scheduleToCloseTimeoutMs: scheduleToCloseTimeoutMs ?? 0,
    startToCloseTimeoutMs: attemptMs === Infinity ? 0 : attemptMs,
    heartbeatTimeoutMs: heartbeatTimeoutMs ?? undefined,
    heartbeatDetails,
    taskQueue: task.taskQueue,
    retryPolicy: decompileRetryPolicy(task.retryPolicy),
    priority: decodePriority(task.priority),
    activityRunId: undefined,
  };
}
