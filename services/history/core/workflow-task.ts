// Workflow tasks: a worker's answer becomes events, or the task is tried again.
import type {
  CommandHeader,
  CompleteWorkflowTask,
  Failure,
  FailWorkflowTask,
} from '../../../schemas/generated/messages.js';
import { MAX_HISTORY_EVENTS } from '../../platform/limits.js';
import { Emission, nothing } from './emission.js';
import { refused } from './failures.js';
import type { Decision } from './input.js';
import { runOf } from './lookup.js';
import type { PartitionState, RunState, WorkflowTaskState } from './state.js';
import { rejectUnanswered } from './update-commands.js';
import { hasUndelivered } from './updates.js';
import { type CommandScope, checkCommands, closes, emitCommand } from './workflow-commands.js';

/** Wait before the second attempt of a failed task, in milliseconds; it doubles with each attempt. */
const FIRST_RETRY_MS = 1_000;
/** Longest wait between two attempts: a worker with mended code is given the task within this time. */
const LONGEST_RETRY_MS = 10_000;

type TaskAnswer = Pick<CompleteWorkflowTask, 'header' | 'scheduledEventId' | 'attempt' | 'seenEventId'>;

/** Turns the commands of workflow code into events. An answer to an attempt that is over is dropped (H6). */
export function completeWorkflowTask(state: PartitionState, command: CompleteWorkflowTask, now: number): Decision {
  const run = runAnswered(state, command);
  if (run === undefined) return nothing;
  if (new Emission(run, now).isFull) return endedByLength(run, now);
  const problem = answerProblem(run, command);
  if (problem !== undefined) return failedAttempt(run, command, 'BAD_COMMAND', refused(problem), now);
  const unseen = run.lastInboundEventId > command.seenEventId || hasUndelivered(run);
  if (unseen && command.commands.some(closes)) return unhandled(run, command, now);

  const emission = new Emission(run, now);
  const startedEventId = emitStarted(emission, command, command.startedAt);
  const workflowTaskCompletedEventId = emission.emit('WorkflowTaskCompleted', {
    scheduledEventId: command.scheduledEventId,
    startedEventId,
    identity: command.header.identity,
    attempt: command.attempt,
  });
  const scope: CommandScope = {
    run,
    workflowTaskCompletedEventId,
    activities: new Map(),
    timers: new Map(),
    acceptedUpdates: new Map(),
    canceledActivities: new Set(),
  };
  rejectUnanswered(emission, run, command.commands);
  for (const workflowCommand of command.commands) {
    emitCommand(emission, scope, workflowCommand);
    if (closes(workflowCommand)) return emission.decision();
  }
  // The pending task is this one: what came in meanwhile, or was settled just now, calls for the next.
  if (unseen || command.forceCreateNewWorkflowTask || scope.canceledActivities.size > 0)
    emission.scheduleWorkflowTask({ ...run, workflowTask: null });
  return emission.decision();
}

/** What came in beside the task has filled the history: no answer fits behind it any more. */
function endedByLength(run: RunState, now: number): Decision {
  const emission = new Emission(run, now);
  emission.endByLength();
  return emission.decision();
}

/** Records that an attempt failed; the task is tried again. */
export function failWorkflowTask(state: PartitionState, command: FailWorkflowTask, now: number): Decision {
  const run = runAnswered(state, command);
  if (run === undefined) return nothing;
  if (new Emission(run, now).isFull) return endedByLength(run, now);
  return failedAttempt(run, command, command.cause, command.failure, now);
}

/** The answer's events would pass the batch limit: the task fails by that name. */
export function workflowTaskTooLarge(
  state: PartitionState,
  command: TaskAnswer,
  message: string,
  now: number,
): Decision {
  const run = runAnswered(state, command);
  if (run === undefined) return nothing;
  return failedAttempt(run, command, 'BAD_COMMAND', refused(message), now);
}

/** Puts a task on its queue again: its retry is due, or nobody has answered it for long. */
export function redispatchWorkflowTask(emission: Emission, run: RunState, task: WorkflowTaskState): void {
  emission.progress('WorkflowTaskScheduled', {
    taskQueue: run.taskQueue,
    startToCloseTimeoutMs: run.workflowTaskTimeoutMs,
    attempt: task.attempt,
  });
}

function runAnswered(state: PartitionState, answer: TaskAnswer): RunState | undefined {
  const run = runOf(state, answer.header);
  const task = run?.workflowTask;
  if (run === undefined || task === undefined || task === null) return undefined;
  const isPending = task.scheduledEventId === answer.scheduledEventId && task.attempt === answer.attempt;
  return isPending && task.retryAt === null ? run : undefined;
}

function answerProblem(run: RunState, command: CompleteWorkflowTask): string | undefined {
  if (command.seenEventId < command.scheduledEventId || command.seenEventId >= run.nextEventId) {
    return `the worker claims to have seen event ${command.seenEventId} of ${run.nextEventId - 1}`;
  }
  if (run.nextEventId + command.commands.length >= MAX_HISTORY_EVENTS) {
    return `the history would pass ${MAX_HISTORY_EVENTS} events, the most that a run may have`;
  }
  return checkCommands(run, command.commands);
}

function failedAttempt(
  run: RunState,
  answer: TaskAnswer,
  cause: FailWorkflowTask['cause'],
  failure: Failure,
  now: number,
): Decision {
  const emission = new Emission(run, now);
  const waitMs = Math.min(FIRST_RETRY_MS * 2 ** Math.min(answer.attempt - 1, 30), LONGEST_RETRY_MS);
  const { scheduledEventId, attempt } = answer;
  const body = { scheduledEventId, attempt, cause, failure, identity: answer.header.identity, retryAt: now + waitMs };
  if (attempt > 1) {
    // Attempts after the first leave no mark in the history, so that code that is wrong for days doesn't fill it.
    emission.progress('WorkflowTaskFailed', { ...body, startedEventId: 0 });
  } else {
    const startedEventId = emitStarted(emission, answer, now);
    emission.emit('WorkflowTaskFailed', { ...body, startedEventId });
  }
  return emission.decision();
}

/** The code wants to end the run but has not seen all: it is given the rest first, as in Temporal. */
function unhandled(run: RunState, answer: CompleteWorkflowTask, now: number): Decision {
  const emission = new Emission(run, now);
  const startedEventId = emitStarted(emission, answer, answer.startedAt);
  emission.emit('WorkflowTaskFailed', {
    scheduledEventId: answer.scheduledEventId,
    startedEventId,
    attempt: answer.attempt,
    cause: 'UNHANDLED_COMMAND',
    failure: null,
    identity: answer.header.identity,
    retryAt: now,
  });
  emission.scheduleWorkflowTask({ ...run, workflowTask: null });
  return emission.decision();
}

function emitStarted(
  emission: Emission,
  answer: { readonly header: CommandHeader; readonly scheduledEventId: number; readonly seenEventId: number },
  startedAt: number,
): number {
  return emission.emit('WorkflowTaskStarted', {
    scheduledEventId: answer.scheduledEventId,
    identity: answer.header.identity,
    seenEventId: answer.seenEventId,
    startedAt,
  });
}
