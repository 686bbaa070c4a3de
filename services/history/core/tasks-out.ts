// What of a run somebody else has in hand, so that it can't be said when it goes on.
import type { RunState } from './state.js';

/** A task on its queue or with a worker; a workflow task has no activity id. */
export interface TaskOut {
  readonly runId: string;
  readonly activityId: string | null;
  readonly attempt: number;
}

/**
 * The run's tasks that are out. An activity that waits for its next attempt is not; a workflow task that does is: what
 * has failed is the code, which only a worker can make good, however long one waits.
 */
export function tasksOut({ runId, status, workflowTask, activities }: RunState): TaskOut[] {
  if (status !== 'RUNNING') return [];
  const out: TaskOut[] = [];
  if (workflowTask !== null) out.push({ runId, activityId: null, attempt: workflowTask.attempt });
  for (const { activityId, attempt, nextAttemptAt } of activities.values()) {
    if (nextAttemptAt === null) out.push({ runId, activityId, attempt });
  }
  return out;
}
