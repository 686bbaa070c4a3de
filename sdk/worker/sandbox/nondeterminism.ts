// The code's commands against the events that history made of an earlier run of the code.
import type { HistoryEventTypes } from '../../../schemas/generated/messages.js';
import type { CommandKind, RunCommand, RunCommandOf } from '../../workflow/activation.js';
import type { RunEvent } from './history-events.js';
import { listsPatches, localActivityOf, patchOf } from './markers.js';
import type { RunProgress } from './run-progress.js';

/** The code no longer does what its history says that it did. `origin` is where it gave the command in question. */
export class NondeterminismError extends Error {
  readonly origin: Error | undefined;

  constructor(message: string, origin?: Error) {
    super(`[TMPRL1100] Nondeterminism error: ${message}`);
    this.name = 'NondeterminismError';
    this.origin = origin;
  }
}

/** The events that commands become, each with its command's kind. */
interface CommandEvents {
  ActivityTaskScheduled: 'scheduleActivityTask';
  ActivityTaskCancelRequested: 'requestCancelActivityTask';
  TimerStarted: 'startTimer';
  TimerCanceled: 'cancelTimer';
  MarkerRecorded: 'recordMarker';
  UpsertWorkflowSearchAttributes: 'upsertSearchAttributes';
  WorkflowPropertiesModified: 'modifyWorkflowProperties';
  WorkflowExecutionUpdateAccepted: 'acceptUpdate';
  WorkflowExecutionUpdateCompleted: 'completeUpdate';
  StartChildWorkflowExecutionInitiated: 'startChildWorkflowExecution';
  SignalExternalWorkflowExecutionInitiated: 'signalExternalWorkflowExecution';
  RequestCancelExternalWorkflowExecutionInitiated: 'requestCancelExternalWorkflowExecution';
  WorkflowExecutionCompleted: 'completeWorkflowExecution';
  WorkflowExecutionFailed: 'failWorkflowExecution';
  WorkflowExecutionCanceled: 'cancelWorkflowExecution';
  WorkflowExecutionContinuedAsNew: 'continueAsNewWorkflowExecution';
}

interface Rule<E, C> {
  readonly kind: CommandKind;
  /** Whether ids and types agree. Arguments and time-outs may change with the code, as in Temporal. */
  readonly agrees: (event: E, command: C, progress: RunProgress) => boolean;
  readonly describe: (event: E, progress: RunProgress) => string;
}

type Rules = {
  readonly [K in keyof CommandEvents]: Rule<HistoryEventTypes[K], RunCommandOf<CommandEvents[K]>>;
};

const always = () => true;
const nothingMore = () => '';

const rules: Rules = {
  ActivityTaskScheduled: {
    kind: 'scheduleActivityTask',
    agrees: (event, { attributes }) =>
      event.activityId === attributes.activityId && event.activityType === attributes.activityType,
    describe: activityText,
  },
  ActivityTaskCancelRequested: {
    kind: 'requestCancelActivityTask',
    agrees: (event, { seq }, { activities }) => activities.get(event.scheduledEventId)?.seq === seq,
    describe: ({ scheduledEventId }, { activities }) => {
      const activity = activities.get(scheduledEventId);
      return activity === undefined ? `the activity of event ${scheduledEventId}` : activityText(activity);
    },
  },
  TimerStarted: {
    kind: 'startTimer',
    agrees: (event, { attributes }) => event.timerId === attributes.timerId,
    describe: timerText,
  },
  TimerCanceled: {
    kind: 'cancelTimer',
    agrees: (event, { attributes }) => event.timerId === attributes.timerId,
    describe: ({ timerId }) => `timer ${timerId}`,
  },
  MarkerRecorded: {
    kind: 'recordMarker',
    agrees: (event, { attributes }) =>
      event.markerName === attributes.markerName && markerText(event) === markerText(attributes),
    describe: markerText,
  },
  UpsertWorkflowSearchAttributes: { kind: 'upsertSearchAttributes', agrees: always, describe: nothingMore },
  WorkflowPropertiesModified: { kind: 'modifyWorkflowProperties', agrees: always, describe: nothingMore },
  WorkflowExecutionUpdateAccepted: {
    kind: 'acceptUpdate',
    agrees: (event, { attributes }) => event.update.updateId === attributes.updateId,
    describe: ({ update }) => `update '${update.updateName}' (id ${update.updateId})`,
  },
  WorkflowExecutionUpdateCompleted: {
    kind: 'completeUpdate',
    agrees: (event, { attributes }) => event.updateId === attributes.updateId,
    describe: ({ updateId }) => `update (id ${updateId})`,
  },
  StartChildWorkflowExecutionInitiated: {
    kind: 'startChildWorkflowExecution',
    agrees: (event, { attributes }) =>
      event.workflowId === attributes.workflowId && event.workflowType === attributes.workflowType,
    describe: childText,
  },
  SignalExternalWorkflowExecutionInitiated: {
    kind: 'signalExternalWorkflowExecution',
    agrees: (event, { attributes }) =>
      event.targetWorkflowId === attributes.workflowId && event.signalName === attributes.signalName,
    describe: ({ signalName, targetWorkflowId: workflowId }) => signalText({ signalName, workflowId }),
  },
  RequestCancelExternalWorkflowExecutionInitiated: {
    kind: 'requestCancelExternalWorkflowExecution',
    agrees: (event, { attributes }) => event.targetWorkflowId === attributes.workflowId,
    describe: ({ targetWorkflowId }) => `of workflow '${targetWorkflowId}'`,
  },
  WorkflowExecutionCompleted: { kind: 'completeWorkflowExecution', agrees: always, describe: nothingMore },
  WorkflowExecutionFailed: { kind: 'failWorkflowExecution', agrees: always, describe: nothingMore },
  WorkflowExecutionCanceled: { kind: 'cancelWorkflowExecution', agrees: always, describe: nothingMore },
  WorkflowExecutionContinuedAsNew: {
    kind: 'continueAsNewWorkflowExecution',
    agrees: always,
    describe: ({ workflowType }) => `to '${workflowType}'`,
  },
};

type CommandEvent = Extract<RunEvent, { readonly type: keyof CommandEvents }>;

/**
 * Compares the last task's commands with its events, in order, and remembers the event ids that activities got.
 * Throws a NondeterminismError for the first pair that doesn't agree.
 */
export function matchCommands(progress: RunProgress, events: readonly RunEvent[]): void {
  // Of an update that was refused nothing stands in the history.
  const commands = (progress.last?.commands ?? []).filter(({ kind }) => kind !== 'rejectUpdate');
  let next = 0;
  let skipped = false;
  for (const event of events.filter(isCommandEvent)) {
    const command = commands[next];
    // What a deprecated patch left in the history may stand there without code that asks for it any more.
    if (skipped && listsPatches(event)) {
      skipped = false;
    } else if (command !== undefined && agree(event, command, progress)) {
      next += 1;
      remember(event, command, progress);
    } else if (event.type === 'MarkerRecorded' && patchOf(event)?.deprecated) {
      skipped = true;
    } else {
      throw mismatch(event, command, progress);
    }
  }
  const left = commands[next];
  if (left !== undefined) throw mismatch(undefined, left, progress);
}

function remember(event: CommandEvent, { seq }: RunCommand, { activities, initiated }: RunProgress): void {
  if (event.type.endsWith('Initiated')) initiated.set(event.header.eventId, seq);
  if (event.type !== 'ActivityTaskScheduled') return;
  const { activityId, activityType } = event;
  activities.set(event.header.eventId, { seq, activityId, activityType });
}

function isCommandEvent(event: RunEvent): event is CommandEvent {
  return Object.hasOwn(rules, event.type);
}

function ruleOf(event: CommandEvent): Rule<CommandEvent, RunCommand> {
  return rules[event.type] as unknown as Rule<CommandEvent, RunCommand>;
}

function agree(event: CommandEvent, command: RunCommand, progress: RunProgress): boolean {
  const rule = ruleOf(event);
  return rule.kind === command.kind && rule.agrees(event, command, progress);
}

function mismatch(
  event: CommandEvent | undefined,
  command: RunCommand | undefined,
  progress: RunProgress,
): NondeterminismError {
  const expected =
    event === undefined
      ? 'nothing'
      : `${capitalized(ruleOf(event).kind)} ${ruleOf(event).describe(event, progress)}`.trim();
  const actual = command === undefined ? 'nothing' : `${capitalized(command.kind)} ${commandText(command)}`.trim();
  const where = event === undefined ? '' : ` (event ${event.header.eventId}, ${event.type})`;
  return new NondeterminismError(
    `the workflow's code no longer matches its history.\n` +
      `  history, expected: ${expected}${where}\n` +
      `  code, actual:      ${actual}`,
    command?.origin,
  );
}

function commandText(command: RunCommand): string {
  switch (command.kind) {
    case 'scheduleActivityTask':
      return activityText(command.attributes);
    case 'requestCancelActivityTask':
      return `activity ${command.attributes.activityId}`;
    case 'startTimer':
      return timerText(command.attributes);
    case 'cancelTimer':
      return `timer ${command.attributes.timerId}`;
    case 'startChildWorkflowExecution':
      return childText(command.attributes);
    case 'signalExternalWorkflowExecution':
      return signalText(command.attributes);
    case 'requestCancelExternalWorkflowExecution':
      return `of workflow '${command.attributes.workflowId}'`;
    case 'recordMarker':
      return markerText(command.attributes);
    case 'acceptUpdate':
    case 'completeUpdate':
      return `update (id ${command.attributes.updateId})`;
    default:
      return '';
  }
}

function activityText({ activityType, activityId }: { readonly activityType: string; readonly activityId: string }) {
  return `activity '${activityType}' (id ${activityId})`;
}

function markerText(marker: RunCommandOf<'recordMarker'>['attributes']): string {
  const patch = patchOf(marker);
  const local = localActivityOf(marker);
  if (local !== undefined) return `of local activity '${local.activityType}' (id ${local.activityId})`;
  return patch === undefined ? `'${marker.markerName}'` : `of patch '${patch.id}'`;
}

function childText({ workflowType, workflowId }: { readonly workflowType: string; readonly workflowId: string }) {
  return `child '${workflowType}' (id ${workflowId})`;
}

function signalText({ signalName, workflowId }: { readonly signalName: string; readonly workflowId: string }) {
  return `signal '${signalName}' of workflow '${workflowId}'`;
}

function timerText(timer: { readonly timerId: string; readonly startToFireTimeoutMs: number }): string {
  return `timer ${timer.timerId} of ${timer.startToFireTimeoutMs} ms`;
}

function capitalized(kind: CommandKind): string {
  return kind.charAt(0).toUpperCase() + kind.slice(1);
}
