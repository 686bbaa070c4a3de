// The code's commands against the events that history made of an earlier run of the code.
import type { HistoryEventTypes } from '../../../schemas/generated/messages.js';
import type { CommandKind, RunCommand, RunCommandOf } from '../../workflow/activation.js';
import type { RunEvent } from './history-events.js';
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
  WorkflowExecutionCompleted: 'completeWorkflowExecution';
  WorkflowExecutionFailed: 'failWorkflowExecution';
  WorkflowExecutionCanceled: 'cancelWorkflowExecution';
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
  WorkflowExecutionCompleted: { kind: 'completeWorkflowExecution', agrees: always, describe: nothingMore },
  WorkflowExecutionFailed: { kind: 'failWorkflowExecution', agrees: always, describe: nothingMore },
  WorkflowExecutionCanceled: { kind: 'cancelWorkflowExecution', agrees: always, describe: nothingMore },
};

type CommandEvent = Extract<RunEvent, { readonly type: keyof CommandEvents }>;

/**
 * Compares the last task's commands with its events, in order, and remembers the event ids that activities got.
 * Throws a NondeterminismError for the first pair that doesn't agree.
 */
export function matchCommands(progress: RunProgress, events: readonly RunEvent[]): void {
  const commands = progress.last?.commands ?? [];
  const commandEvents = events.filter(isCommandEvent);
  for (let index = 0; index < Math.max(commands.length, commandEvents.length); index++) {
    const event = commandEvents[index];
    const command = commands[index];
    if (event === undefined || command === undefined || !agree(event, command, progress)) {
      throw mismatch(event, command, progress);
    }
    if (event.type === 'ActivityTaskScheduled') {
      const { activityId, activityType } = event;
      progress.activities.set(event.header.eventId, { seq: command.seq, activityId, activityType });
    }
  }
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
    default:
      return '';
  }
}

function activityText({ activityType, activityId }: { readonly activityType: string; readonly activityId: string }) {
  return `activity '${activityType}' (id ${activityId})`;
}

function timerText(timer: { readonly timerId: string; readonly startToFireTimeoutMs: number }): string {
  return `timer ${timer.timerId} of ${timer.startToFireTimeoutMs} ms`;
}

function capitalized(kind: CommandKind): string {
  return kind.charAt(0).toUpperCase() + kind.slice(1);
}
