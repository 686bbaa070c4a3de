// A run's first state, from the event that starts it.
import type { WorkflowExecutionStarted } from '../../../schemas/generated/messages.js';
import { executionExpiresAt } from '../../../sdk/common/execution-expiry.js';
import { timeAfter } from '../../../sdk/common/time-after.js';
import { MAX_CARRIED_REQUESTS } from '../../platform/limits.js';
import type { RunState, StartedEvent } from './state.js';

/** The state of a run that has just been started. `before` is the run that it goes on from, if any. */
export function openRun(event: StartedEvent, before: RunState | undefined): RunState {
  const { header } = event;
  const startsAt = timeAfter(header.eventTime, event.firstWorkflowTaskBackoffMs);
  return {
    workflowId: header.workflowId,
    runId: header.runId,
    firstExecutionRunId: event.firstExecutionRunId,
    workflowType: event.workflowType,
    taskQueue: event.taskQueue,
    startRequestId: event.requestId,
    startedAt: header.eventTime,
    expiresAt: expiresAt(event, startsAt),
    workflowTaskTimeoutMs: event.workflowTaskTimeoutMs,
    memo: event.memo,
    searchAttributes: event.searchAttributes,
    start: keptStart(event),
    status: 'RUNNING',
    paused: false,
    startsAt: event.firstWorkflowTaskBackoffMs > 0 ? startsAt : null,
    nextEventId: 1,
    nextSequence: 1,
    historyBytes: 0,
    seenEventId: 0,
    lastInboundEventId: 0,
    workflowTask: null,
    answeredSeenEventId: null,
    activities: new Map(),
    timers: new Map(),
    endedUnseen: new Map(),
    children: new Map(),
    outgoing: new Map(),
    signalRequestIds: new Set([...(before?.signalRequestIds ?? [])].slice(-MAX_CARRIED_REQUESTS)),
    updates: new Map(),
    cancelRequested: false,
    closed: null,
  };
}

/** The start without what is large and of no further use. */
export function withoutInput(start: StartedEvent): StartedEvent {
  return { ...start, input: [], headers: {} };
}

/** Its memo and search attributes live on in the run itself; its arguments are those of the next attempt, if there may be one. */
function keptStart(event: StartedEvent): StartedEvent {
  const start = { ...event, memo: {}, searchAttributes: {} };
  return event.retryPolicy === null && event.cronSchedule === null ? withoutInput(start) : start;
}

/** The run's time counts from its first workflow task, or from its reset. */
export function expiresAt(event: WorkflowExecutionStarted, from: number): number | null {
  const runLimit = event.workflowRunTimeoutMs === null ? Infinity : timeAfter(from, event.workflowRunTimeoutMs);
  const limit = Math.min(runLimit, executionExpiresAt(event) ?? Infinity);
  return limit === Infinity ? null : limit;
}
