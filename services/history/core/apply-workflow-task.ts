import type { Appliers } from './apply.js';
import { invariant } from './invariant.js';
import { expiresAt } from './open-run.js';
import type { RunState } from './state.js';
import { updatesForTask } from './updates.js';

export const applyToWorkflowTask: Appliers<
  'WorkflowTaskScheduled' | 'WorkflowTaskStarted' | 'WorkflowTaskCompleted' | 'WorkflowTaskFailed'
> = {
  WorkflowTaskScheduled(run, { header, attempt }) {
    const dispatchedAt = header.eventTime;
    if (header.eventId === 0) {
      const task = pending(run);
      const isSameAttempt = task.retryAt === null;
      const dispatches = isSameAttempt ? task.dispatches + 1 : 1;
      // A worker may answer the attempt as it was first put on the queue: it carries the same updates each time.
      const updateIds = isSameAttempt ? task.updateIds : updatesForTask(run);
      run.workflowTask = { ...task, attempt, dispatchedAt, dispatches, retryAt: null, updateIds };
      return;
    }
    run.startsAt = null;
    invariant(run.workflowTask === null, `a second workflow task of ${run.runId}`);
    run.workflowTask = {
      scheduledEventId: header.eventId,
      attempt,
      dispatchedAt,
      dispatches: 1,
      retryAt: null,
      lastFailure: null,
      updateIds: updatesForTask(run),
    };
  },
  WorkflowTaskStarted(run, { scheduledEventId, seenEventId }) {
    invariant(
      pending(run).scheduledEventId === scheduledEventId,
      `${run.runId}: the task started is not the pending one`,
    );
    invariant(seenEventId < run.nextEventId, `${run.runId}: a worker saw event ${seenEventId} before it was`);
    run.answeredSeenEventId = seenEventId;
  },
  WorkflowTaskCompleted(run, { header }) {
    const seen = run.answeredSeenEventId;
    invariant(seen !== null && header.eventId > seen, `${run.runId}: a workflow task completed without having started`);
    run.seenEventId = seen;
    run.answeredSeenEventId = null;
    run.workflowTask = null;
    for (const [key, ended] of run.endedUnseen) if (ended.endedEventId <= seen) run.endedUnseen.delete(key);
  },
  WorkflowTaskFailed(run, event) {
    const task = pending(run);
    run.answeredSeenEventId = null;
    if (event.cause === 'RESET_WORKFLOW') beginAnew(run, event.header.eventTime);
    if (event.cause === 'UNHANDLED_COMMAND' || event.cause === 'RESET_WORKFLOW') run.workflowTask = null;
    else {
      run.workflowTask = { ...task, attempt: event.attempt + 1, retryAt: event.retryAt, lastFailure: event.failure };
    }
  },
};

/** A reset run has the events of another, and with them its times: its time-outs count from the reset. */
function beginAnew(run: RunState, now: number): void {
  run.expiresAt = expiresAt(run.start, now);
  for (const [scheduledEventId, activity] of run.activities) {
    const times = { scheduledAt: now, attemptScheduledAt: now, dispatchedAt: now };
    run.activities.set(scheduledEventId, { ...activity, ...times });
  }
}

function pending(run: RunState): NonNullable<RunState['workflowTask']> {
  invariant(run.workflowTask !== null, `${run.runId} has no workflow task pending`);
  return run.workflowTask;
}
