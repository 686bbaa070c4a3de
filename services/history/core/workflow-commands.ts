// The commands of workflow code: what is wrong with them, and the event that each becomes.
import type { ScheduleActivityTask, WorkflowCommand } from '../../../schemas/generated/messages.js';
import { MAX_PENDING_ACTIVITIES, MAX_PENDING_TIMERS } from '../../platform/limits.js';
import { checkTaskQueue } from '../../platform/topics.js';
import { unanswered } from './activity-task.js';
import { completeRun, continueProblem, continueRun, failRun } from './chain.js';
import type { Emission } from './emission.js';
import { emitExternal, externalProblem } from './external-commands.js';
import { defaultRetryPolicy, retryPolicyProblem } from './retry.js';
import { type ActivityState, activityKey, type RunState, timerKey } from './state.js';
import { createUpdateCheck, emitUpdateCommand } from './update-commands.js';

/** What the commands of one workflow task have done so far. The run is as it was before the task. */
export interface CommandScope {
  readonly run: RunState;
  readonly workflowTaskCompletedEventId: number;
  /** Activities scheduled by this task: scheduled event id by activity id. */
  readonly activities: Map<string, number>;
  /** Timers started by this task: started event id by timer id. */
  readonly timers: Map<string, number>;
  /** Updates accepted by this task: accepted event id by update id. */
  readonly acceptedUpdates: Map<string, number>;
  /** Activities that were cancelled on the spot, by id: the code is told by a further task. */
  readonly canceledActivities: Set<string>;
}

type Attributes = { [K in keyof WorkflowCommand]-?: NonNullable<WorkflowCommand[K]> };
type Handlers = {
  [K in keyof Attributes]: (emission: Emission, scope: CommandScope, attributes: Attributes[K]) => void;
};

/** Emits the events of one command. It has passed `checkCommands`. */
export function emitCommand(emission: Emission, scope: CommandScope, command: WorkflowCommand): void {
  const kind = kindOf(command);
  if (kind !== undefined) emitAs(emission, scope, kind, command);
}

function emitAs<K extends keyof Attributes>(
  emission: Emission,
  scope: CommandScope,
  kind: K,
  command: WorkflowCommand,
): void {
  const attributes = command[kind] as Attributes[K] | null;
  if (attributes !== null) handlers[kind](emission, scope, attributes);
}

/** Whether the command ends the run. */
export function closes(command: WorkflowCommand): boolean {
  return (
    command.completeWorkflowExecution !== null ||
    command.failWorkflowExecution !== null ||
    command.cancelWorkflowExecution !== null ||
    command.continueAsNewWorkflowExecution !== null
  );
}

const handlers: Handlers = {
  scheduleActivityTask(emission, scope, attributes) {
    const scheduledEventId = emission.emit('ActivityTaskScheduled', {
      ...attributes,
      retryPolicy: attributes.retryPolicy ?? defaultRetryPolicy,
      workflowTaskCompletedEventId: scope.workflowTaskCompletedEventId,
    });
    scope.activities.set(attributes.activityId, scheduledEventId);
  },
  requestCancelActivityTask(emission, scope, { activityId }) {
    const { run, workflowTaskCompletedEventId } = scope;
    const pending = activityById(run, activityId);
    const scheduledEventId =
      scope.activities.get(activityId) ??
      pending?.scheduledEventId ??
      run.endedUnseen.get(activityKey(activityId))?.firstEventId;
    if (scheduledEventId === undefined) return;
    emission.emit('ActivityTaskCancelRequested', { scheduledEventId, workflowTaskCompletedEventId });
    if (scope.canceledActivities.has(activityId)) return;
    const isNew = scope.activities.has(activityId);
    // Nobody has the attempt in hand, as far as is known: the activity is over at once. A worker that has just
    // begun it will find its outcome dropped.
    if (isNew || (pending !== undefined && pending.claimedAt === null)) {
      emission.emit('ActivityTaskCanceled', {
        scheduledEventId,
        startedEventId: 0,
        details: [],
        ...unanswered(''),
      });
      scope.canceledActivities.add(activityId);
    }
  },
  startTimer(emission, scope, attributes) {
    const startedEventId = emission.emit('TimerStarted', {
      ...attributes,
      workflowTaskCompletedEventId: scope.workflowTaskCompletedEventId,
    });
    scope.timers.set(attributes.timerId, startedEventId);
  },
  cancelTimer(emission, scope, { timerId }) {
    const { run, workflowTaskCompletedEventId } = scope;
    const startedEventId =
      scope.timers.get(timerId) ??
      run.timers.get(timerId)?.startedEventId ??
      run.endedUnseen.get(timerKey(timerId))?.firstEventId;
    if (startedEventId === undefined) return;
    emission.emit('TimerCanceled', { timerId, startedEventId, workflowTaskCompletedEventId });
  },
  completeWorkflowExecution(emission, { run, workflowTaskCompletedEventId }, { result }) {
    completeRun(emission, run, result, workflowTaskCompletedEventId);
  },
  failWorkflowExecution(emission, { run, workflowTaskCompletedEventId }, { failure }) {
    failRun(emission, run, failure, workflowTaskCompletedEventId);
  },
  cancelWorkflowExecution(emission, { workflowTaskCompletedEventId }, { details }) {
    emission.emit('WorkflowExecutionCanceled', { details, workflowTaskCompletedEventId });
  },
  continueAsNewWorkflowExecution(emission, { run, workflowTaskCompletedEventId }, attributes) {
    continueRun(emission, run, attributes, workflowTaskCompletedEventId);
  },
  ...emitExternal,
  recordMarker(emission, { workflowTaskCompletedEventId }, marker) {
    emission.emit('MarkerRecorded', { ...marker, workflowTaskCompletedEventId });
  },
  upsertSearchAttributes(emission, { workflowTaskCompletedEventId }, attributes) {
    emission.emit('UpsertWorkflowSearchAttributes', { ...attributes, workflowTaskCompletedEventId });
  },
  modifyWorkflowProperties(emission, { workflowTaskCompletedEventId }, properties) {
    emission.emit('WorkflowPropertiesModified', { ...properties, workflowTaskCompletedEventId });
  },
  ...emitUpdateCommand,
};

const kinds = Object.keys(handlers) as ReadonlyArray<keyof Attributes>;

function kindOf(command: WorkflowCommand): keyof Attributes | undefined {
  return kinds.find((kind) => command[kind] !== null);
}

/** One is checked, and emitted, as what it is: two in one would be checked as both and emitted as the first. */
function kindProblem(command: WorkflowCommand): string | undefined {
  const [kind, second] = kinds.filter((each) => command[each] !== null);
  if (kind === undefined) return 'a command of an unknown kind: the worker is newer than this history service';
  return second === undefined ? undefined : `one command says both ${kind} and ${second}: send two`;
}

function activityById(run: RunState, activityId: string): ActivityState | undefined {
  for (const activity of run.activities.values()) if (activity.activityId === activityId) return activity;
  return undefined;
}

/** What is wrong with a task's commands, or undefined. */
export function checkCommands(run: RunState, commands: readonly WorkflowCommand[]): string | undefined {
  const activityIds = new Set<string>();
  for (const activity of run.activities.values()) activityIds.add(activity.activityId);
  const timerIds = new Set(run.timers.keys());
  const updateProblem = createUpdateCheck(run);
  for (const command of commands) {
    const problem = commandProblem(run, command, activityIds, timerIds) ?? updateProblem(command);
    if (problem !== undefined) return problem;
  }
  if (activityIds.size > MAX_PENDING_ACTIVITIES)
    return `more than ${MAX_PENDING_ACTIVITIES} activities would be pending`;
  if (timerIds.size > MAX_PENDING_TIMERS) return `more than ${MAX_PENDING_TIMERS} timers would be pending`;
  return externalProblem(run, commands);
}

function commandProblem(
  run: RunState,
  command: WorkflowCommand,
  activityIds: Set<string>,
  timerIds: Set<string>,
): string | undefined {
  const problem = kindProblem(command);
  if (problem !== undefined) return problem;
  if (command.scheduleActivityTask !== null) return activityProblem(command.scheduleActivityTask, activityIds);
  if (command.continueAsNewWorkflowExecution !== null) return continueProblem(command.continueAsNewWorkflowExecution);
  if (command.startTimer !== null) {
    const { timerId, startToFireTimeoutMs } = command.startTimer;
    if (timerIds.has(timerId)) return `timer id '${timerId}' is pending already`;
    if (startToFireTimeoutMs < 0) return `timer '${timerId}' lasts ${startToFireTimeoutMs} ms: it can't be negative`;
    timerIds.add(timerId);
  }
  if (command.cancelTimer !== null) {
    const { timerId } = command.cancelTimer;
    if (!timerIds.delete(timerId) && !run.endedUnseen.has(timerKey(timerId)))
      return `timer '${timerId}' is not pending`;
  }
  if (command.requestCancelActivityTask !== null) {
    const { activityId } = command.requestCancelActivityTask;
    if (!activityIds.has(activityId) && !run.endedUnseen.has(activityKey(activityId))) {
      return `activity '${activityId}' is not pending`;
    }
  }
  return undefined;
}

const timeouts = [
  'scheduleToCloseTimeoutMs',
  'scheduleToStartTimeoutMs',
  'startToCloseTimeoutMs',
  'heartbeatTimeoutMs',
] as const;

function activityProblem(command: ScheduleActivityTask, activityIds: Set<string>): string | undefined {
  const { activityId, activityType } = command;
  if (activityIds.has(activityId)) return `activity id '${activityId}' is pending already`;
  activityIds.add(activityId);
  if (activityType === '') return `activity '${activityId}' has no type`;
  if (command.startToCloseTimeoutMs === null && command.scheduleToCloseTimeoutMs === null) {
    return `activity '${activityType}' needs startToCloseTimeout or scheduleToCloseTimeout`;
  }
  for (const timeout of timeouts) {
    const ms = command[timeout];
    if (ms !== null && ms < 0) return `activity '${activityType}': ${timeout} is ${ms}: it can't be negative`;
  }
  const policyProblem = command.retryPolicy === null ? undefined : retryPolicyProblem(command.retryPolicy);
  if (policyProblem !== undefined) return `activity '${activityType}': its retry policy's ${policyProblem}`;
  try {
    checkTaskQueue(command.taskQueue);
  } catch (error) {
    return `activity '${activityType}': ${(error as Error).message}`;
  }
  return undefined;
}
