// Commands that only ask. Their answers stand on no event.
import { defaultsOf } from '../../../schemas/generated/defaults.js';
import type {
  AwaitWorkflowResult,
  DescribeWorkflow,
  GetWorkflowHistory,
  PendingActivity,
  QueryWorkflow,
  Reply,
} from '../../../schemas/generated/messages.js';
import { timeAfter } from '../../../sdk/common/time-after.js';
import { terminated, workflowTimeout } from './failures.js';
import type { Decision, Effect } from './input.js';
import { answer, reject, rejectNotFound, runOf } from './lookup.js';
import type { ActivityState, PartitionState, RunState } from './state.js';

export function describeWorkflow(state: PartitionState, { header }: DescribeWorkflow): Decision {
  const run = runOf(state, header);
  if (run === undefined) return rejectNotFound(header, run);
  const backoffMs = run.start.firstWorkflowTaskBackoffMs;
  return answer(header, {
    type: 'WorkflowDescribed',
    ...defaultsOf.WorkflowDescribed,
    requestId: header.requestId,
    workflowId: run.workflowId,
    runId: run.runId,
    firstExecutionRunId: run.firstExecutionRunId,
    workflowType: run.workflowType,
    taskQueue: run.taskQueue,
    status: run.paused ? 'PAUSED' : run.status,
    historyLength: run.nextEventId - 1,
    historySizeBytes: run.historyBytes,
    startedAt: run.startedAt,
    closedAt: run.closed?.event.header.eventTime ?? null,
    memo: run.memo,
    searchAttributes: run.searchAttributes,
    pendingActivities: run.status === 'RUNNING' ? [...run.activities.values()].map(pendingActivity) : [],
    workflowTaskAttempt: run.workflowTask?.attempt ?? 0,
    workflowTaskFailure: run.workflowTask?.lastFailure ?? null,
    executionTime: backoffMs === 0 ? null : timeAfter(run.startedAt, backoffMs),
    parent: run.start.parent,
    root: run.start.root,
    cronSchedule: run.start.cronSchedule,
    priority: run.start.priority,
    staticSummary: run.start.staticSummary,
    staticDetails: run.start.staticDetails,
  });
}

function pendingActivity(activity: ActivityState): PendingActivity {
  const state = activity.cancelRequested ? 'CANCEL_REQUESTED' : activity.claimedAt === null ? 'SCHEDULED' : 'STARTED';
  return {
    activityId: activity.activityId,
    activityType: activity.activityType,
    state,
    attempt: activity.attempt,
    scheduledAt: activity.scheduledAt,
    lastStartedAt: activity.claimedAt,
    lastHeartbeatAt: activity.heartbeatAt,
    nextAttemptAt: activity.nextAttemptAt,
    lastFailure: activity.lastFailure,
    lastWorkerIdentity: activity.identity,
  };
}

export function awaitWorkflowResult(state: PartitionState, { header }: AwaitWorkflowResult): Decision {
  const run = runOf(state, header);
  if (run === undefined) return rejectNotFound(header, run);
  if (run.closed !== null) return answer(header, closedReply(run, header.requestId));
  if (header.replyTo === null) return only();
  const { requestId, replyTo } = header;
  return only({ kind: 'await-close', to: replyTo, requestId, runId: run.runId });
}

export function getWorkflowHistory(state: PartitionState, command: GetWorkflowHistory): Decision {
  const { header, firstEventId } = command;
  const run = runOf(state, header);
  if (run === undefined) return rejectNotFound(header, run);
  if (header.replyTo === null) return only();
  const { requestId, replyTo } = header;
  return only({ kind: 'send-history', to: replyTo, requestId, runId: run.runId, firstEventId });
}

export function queryWorkflow(state: PartitionState, command: QueryWorkflow): Decision {
  const { header } = command;
  const run = runOf(state, header);
  if (run === undefined) return rejectNotFound(header, run);
  const notOpen = run.status !== 'RUNNING';
  const unclean = notOpen && run.status !== 'COMPLETED';
  if (
    (command.rejectCondition === 'NOT_OPEN' && notOpen) ||
    (command.rejectCondition === 'NOT_COMPLETED_CLEANLY' && unclean)
  ) {
    return reject(header, 'QUERY_REJECTED', `workflow '${run.workflowId}' is ${run.status}`, run);
  }
  if (header.replyTo === null) return only();
  return only({
    kind: 'dispatch-query',
    task: {
      workflowId: run.workflowId,
      runId: run.runId,
      workflowType: run.workflowType,
      taskQueue: run.taskQueue,
      queryId: header.requestId,
      queryType: command.queryType,
      input: command.input,
      headers: command.headers,
      seenEventId: run.seenEventId,
      replyTo: header.replyTo,
    },
    afterEventId: run.lastInboundEventId,
  });
}

/**
 * Whether a query that is to account for the event can be answered: workflow code has been told of it, or won't be soon,
 * since the run is closed or its workflow task fails.
 */
export function mayAnswer(run: RunState, afterEventId: number): boolean {
  return run.closed !== null || run.seenEventId >= afterEventId || (run.workflowTask?.attempt ?? 1) > 1;
}

function only(...effects: Effect[]): Decision {
  return { events: [], effects };
}

/** How a closed run ended, as an answer to the request. Throws for an open run. */
export function closedReply(run: RunState, requestId: string): Reply {
  const event = run.closed?.event;
  if (event === undefined || run.status === 'RUNNING') throw new TypeError(`run ${run.runId} is open`);
  const base = {
    type: 'WorkflowClosed',
    requestId,
    workflowId: run.workflowId,
    runId: run.runId,
    status: run.status,
    result: null,
    failure: null,
    details: [],
    retryState: null,
    newExecutionRunId: null,
  } as const;
  switch (event.type) {
    case 'WorkflowExecutionCompleted':
      return { ...base, result: event.result, newExecutionRunId: event.newExecutionRunId };
    case 'WorkflowExecutionFailed': {
      const { failure, retryState, newExecutionRunId } = event;
      return { ...base, failure, retryState, newExecutionRunId };
    }
    case 'WorkflowExecutionCanceled':
      return { ...base, details: event.details };
    case 'WorkflowExecutionTerminated':
      return { ...base, failure: terminated(event.reason, event.identity), details: event.details };
    case 'WorkflowExecutionTimedOut':
      return {
        ...base,
        failure: workflowTimeout(),
        retryState: event.retryState,
        newExecutionRunId: event.newExecutionRunId,
      };
    case 'WorkflowExecutionContinuedAsNew':
      return { ...base, newExecutionRunId: event.newExecutionRunId };
  }
}
