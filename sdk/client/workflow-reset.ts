import type { HistoryEvent } from '../../schemas/generated/messages.js';
import { ValueError } from '../common/errors.js';
import { type ClientContext, newHeader, type Target } from './client-context.js';
import { accepted } from './workflow-change.js';
import { fetchHistory } from './workflow-history.js';

/** Where a run goes on from: exactly one of these is set. */
export type ResetPoint =
  /** Its first workflow task: everything is done anew. */
  | { readonly toFirstWorkflowTask: true }
  /** Its last workflow task that was completed. */
  | { readonly toLastWorkflowTask: true }
  /** The workflow task that scheduled this activity, by its id, or else the first one of this type. */
  | { readonly toActivity: string }
  /** The last workflow task that was completed before this event, or with it. */
  | { readonly toEventId: number };

export type ResetOptions = ResetPoint & {
  /** Why, for people. */
  readonly reason?: string;
  /** What of the later history is not given to the new run. Default: signals and updates are. */
  readonly excludeReapply?: ReadonlyArray<'SIGNAL' | 'UPDATE'>;
};

/**
 * Ends the open run and makes a new one that goes on from an earlier point of its history. Resolves with the new run's id.
 * Errors: ValueError where the history has no such point, or none that a run can go on from; WorkflowNotFoundError;
 * ServiceError.
 */
export async function resetWorkflow(context: ClientContext, target: Target, options: ResetOptions): Promise<string> {
  const { events } = await fetchHistory(context, target);
  const [first] = events as readonly HistoryEvent[];
  // The run whose history was looked at, whichever is current by then.
  const runId = first?.type === 'WorkflowExecutionStarted' ? first.header.runId : target.runId;
  const connection = await context.connect();
  const command = {
    type: 'ResetWorkflow',
    header: newHeader(context, { workflowId: target.workflowId, runId }),
    workflowTaskFinishEventId: finishEventIdOf(events as readonly HistoryEvent[], options),
    reason: options.reason ?? '',
    excludeReapply: [...(options.excludeReapply ?? [])],
  } as const;
  const answer = await connection.request(command, { timeoutMs: context.requestTimeoutMs });
  return accepted(answer, command.type).runId;
}

function finishEventIdOf(events: readonly HistoryEvent[], point: ResetPoint): number {
  const completed = events.flatMap((event) => (event.type === 'WorkflowTaskCompleted' ? [event.header.eventId] : []));
  const found = finishOf(events, completed, point);
  if (found !== undefined) return found;
  throw new ValueError(`the history has no workflow task to reset to for ${JSON.stringify(point)}`);
}

function finishOf(events: readonly HistoryEvent[], completed: number[], point: ResetPoint): number | undefined {
  if ('toFirstWorkflowTask' in point) return completed[0];
  if ('toLastWorkflowTask' in point) return completed.at(-1);
  if ('toEventId' in point) return completed.findLast((eventId) => eventId <= point.toEventId);
  const scheduled = events.filter((event) => event.type === 'ActivityTaskScheduled');
  const { toActivity } = point;
  const activity =
    scheduled.find(({ activityId }) => activityId === toActivity) ??
    scheduled.find(({ activityType }) => activityType === toActivity);
  return activity?.workflowTaskCompletedEventId;
}
