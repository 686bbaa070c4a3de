// Brings a run forward along its history: one activation for each workflow task that was completed.
import type { HistoryEventTypes, UpdateRequest } from '../../../schemas/generated/messages.js';
import type { Conclusion, LocalActivityResolution } from '../../workflow/activation.js';
import { jobsOf } from './event-jobs.js';
import type { RunEvent, SizedEvent } from './history-events.js';
import { localActivityOf } from './markers.js';
import { matchCommands } from './nondeterminism.js';
import { type AnsweredTask, type RunProgress, seenEventId } from './run-progress.js';
import type { WorkflowContext } from './workflow-context.js';

/** A step of a run: which workflow task it is, and the time its code sees. */
export type Step = Omit<AnsweredTask, 'commands'>;

/** A step that history has the outcome of. */
interface CompletedStep extends Step {
  /** The events that the step's commands became. */
  readonly recorded: RunEvent[];
}

/** The tasks that were completed, in order. A task that failed gave its events to the next one. */
export function completedSteps(events: readonly SizedEvent[]): CompletedStep[] {
  const started = new Map<number, HistoryEventTypes['WorkflowTaskStarted']>();
  const steps: CompletedStep[] = [];
  const recordedBy = new Map<number, RunEvent[]>();
  for (const { event } of events) {
    if (event.type === 'WorkflowTaskStarted') started.set(event.header.eventId, event);
    if ('workflowTaskCompletedEventId' in event) recordedBy.get(event.workflowTaskCompletedEventId)?.push(event);
    if (event.type !== 'WorkflowTaskCompleted') continue;
    const { scheduledEventId, attempt, startedEventId } = event;
    const task = started.get(startedEventId);
    if (task === undefined) throw new Error(`history has no WorkflowTaskStarted at event ${startedEventId}`);
    const recorded: RunEvent[] = [];
    recordedBy.set(event.header.eventId, recorded);
    steps.push({ scheduledEventId, attempt, seenEventId: task.seenEventId, startedAt: task.startedAt, recorded });
  }
  return steps;
}

/** Brings the run through all completed tasks. Stops at the first whose code fails, and returns that. */
export async function replay(
  context: WorkflowContext,
  progress: RunProgress,
  events: readonly SizedEvent[],
): Promise<Conclusion | undefined> {
  for (const { recorded, ...step } of completedSteps(events)) {
    let conclusion = await advance(context, progress, events, step, recorded);
    if (conclusion.kind !== 'commands') return conclusion;
    for (const event of recorded) {
      const resolution = localActivityOf(event);
      if (resolution === undefined) continue;
      progress.localActivities.recorded(resolution.seq);
      conclusion = await advanceByLocalActivity(context, progress, resolution, true);
      if (conclusion.kind !== 'commands') return conclusion;
    }
  }
  return undefined;
}

/**
 * Takes one step: the events after the last seen up to `step.seenEventId`. Later ones belong to later steps even where
 * they stand before this task's own events. `recorded` is given on a replay: what the step's commands became when the
 * code first ran; `updates` for a new step: those that its task carries. Throws a NondeterminismError.
 */
export async function advance(
  context: WorkflowContext,
  progress: RunProgress,
  events: readonly SizedEvent[],
  step: Step,
  recorded?: readonly RunEvent[],
  updates: readonly UpdateRequest[] = [],
): Promise<Conclusion> {
  const slice = between(events, seenEventId(progress), step.seenEventId);
  matchCommands(
    progress,
    slice.map(({ event }) => event),
  );
  const activation = {
    now: step.startedAt,
    isReplaying: recorded !== undefined,
    historyLength: step.seenEventId,
    historySize: progress.historyBytes + slice.reduce((sum, { bytes }) => sum + bytes, 0),
    acceptedUpdates: progress.acceptedUpdates + slice.filter(isAcceptance).length,
    jobs: jobsOf(
      slice.map(({ event }) => event),
      recorded ?? [],
      updates,
      progress,
    ),
  };
  const conclusion = await context.activate(progress.run, activation, progress.taskId);
  progress.historyLength = step.seenEventId;
  for (const { bytes } of slice) progress.historyBytes += bytes;
  progress.acceptedUpdates = activation.acceptedUpdates;
  progress.last = { ...step, commands: [] };
  note(progress, conclusion);
  return conclusion;
}

/** Goes on within a step: a local activity that the code waits for is over. */
export async function advanceByLocalActivity(
  context: WorkflowContext,
  progress: RunProgress,
  { seq, completedAt, result, failure, retryState, backoffMs, nextAttempt }: LocalActivityResolution,
  isReplaying: boolean,
): Promise<Conclusion> {
  const resolution = { seq, completedAt, result, failure, retryState, backoffMs, nextAttempt };
  const activation = {
    // Time never runs backwards for a run, whatever the clocks of the workers that carry it.
    now: Math.max(completedAt, progress.run.activation.now),
    isReplaying,
    historyLength: progress.historyLength,
    historySize: progress.historyBytes,
    acceptedUpdates: progress.acceptedUpdates,
    jobs: [{ type: 'resolveLocalActivity', ...resolution }] as const,
  };
  const conclusion = await context.activate(progress.run, activation, progress.taskId);
  note(progress, conclusion);
  return conclusion;
}

/** What an activation gave belongs to the answer of its step. */
function note(progress: RunProgress, conclusion: Conclusion): void {
  if (conclusion.kind !== 'commands' || progress.last === undefined) return;
  progress.localActivities.note(conclusion.localActivities, conclusion.cancelledLocalActivities);
  progress.last = { ...progress.last, commands: [...progress.last.commands, ...conclusion.commands] };
}

function isAcceptance({ event }: SizedEvent): boolean {
  return event.type === 'WorkflowExecutionUpdateAccepted';
}

/**
 * Whether the run, as it stands in the cache, is what the events go on from: history took the answer that the run gave,
 * and the events are all there are since.
 */
export function isContinuedBy(progress: RunProgress, firstEventId: number, events: readonly SizedEvent[]): boolean {
  const { last } = progress;
  if (last === undefined || last.seenEventId !== firstEventId - 1) return false;
  const [step, ...others] = completedSteps(events);
  return (
    step !== undefined &&
    others.length === 0 &&
    step.scheduledEventId === last.scheduledEventId &&
    step.attempt === last.attempt &&
    step.seenEventId === last.seenEventId &&
    step.startedAt === last.startedAt
  );
}

/** The events after one and up to another. Ids have no gaps, so that they are found by counting. */
function between(events: readonly SizedEvent[], after: number, upTo: number): readonly SizedEvent[] {
  const first = events[0]?.event.header.eventId ?? 0;
  return events.slice(after + 1 - first, upTo + 1 - first);
}
