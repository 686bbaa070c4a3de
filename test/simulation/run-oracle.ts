// What has to be true of every run's history.
import { type Run, type RunEvent, wrong } from './recorded-runs.js';

const closes = new Set<RunEvent['type']>([
  'WorkflowExecutionCompleted',
  'WorkflowExecutionFailed',
  'WorkflowExecutionCanceled',
  'WorkflowExecutionTerminated',
  'WorkflowExecutionTimedOut',
  'WorkflowExecutionContinuedAsNew',
]);

export function isClose(event: RunEvent): boolean {
  return closes.has(event.type);
}

export function checkRun(run: Run): void {
  checkNumbers(run);
  checkEnds(run);
  checkTimers(run);
  for (const event of run.events) {
    // Code that is the same on every worker never differs from its history, and never answers what can't be taken.
    if (event.type === 'WorkflowTaskFailed' && event.cause !== 'UNHANDLED_COMMAND')
      throw wrong(run, `a workflow task failed: ${event.cause} ${event.failure?.message ?? ''}`);
  }
}

/** Sequences and event ids are gapless, the first event is the start, and nothing comes after the close. */
function checkNumbers(run: Run): void {
  let nextEventId = 1;
  run.events.forEach((event, index) => {
    const { sequence, eventId } = event.header;
    if (sequence !== index + 1) throw wrong(run, `sequence ${sequence} of ${event.type} where ${index + 1} is due`);
    if (eventId !== 0 && eventId !== nextEventId) throw wrong(run, `event ${eventId} where ${nextEventId} is due`);
    if (eventId !== 0) nextEventId += 1;
    if ((index === 0) !== (event.type === 'WorkflowExecutionStarted')) throw wrong(run, `${event.type} at ${index}`);
    if (isClose(event) && index < run.events.length - 1) throw wrong(run, `an event after ${event.type}`);
  });
}

/** Each activity, timer and workflow task ends once at most, and only after it has begun. */
function checkEnds(run: Run): void {
  const ended = new Set<string>();
  const begun = new Set<string>();
  for (const event of run.events) {
    const begins = beginOf(event);
    if (begins !== undefined) begun.add(begins);
    const ends = endOf(event);
    if (ends === undefined) continue;
    if (!begun.has(ends)) throw wrong(run, `${event.type} ends ${ends}, which has not begun`);
    if (ended.has(ends)) throw wrong(run, `${event.type} ends ${ends} a second time`);
    ended.add(ends);
  }
}

function beginOf(event: RunEvent): string | undefined {
  const { eventId } = event.header;
  if (event.type === 'ActivityTaskScheduled') return `activity ${eventId}`;
  if (event.type === 'TimerStarted') return `timer ${eventId}`;
  return event.type === 'WorkflowTaskStarted' ? `workflow task ${eventId}` : undefined;
}

function endOf(event: RunEvent): string | undefined {
  switch (event.type) {
    case 'ActivityTaskCompleted':
    case 'ActivityTaskFailed':
    case 'ActivityTaskTimedOut':
    case 'ActivityTaskCanceled':
      return `activity ${event.scheduledEventId}`;
    case 'TimerFired':
      return `timer ${event.startedEventId}`;
    case 'WorkflowTaskCompleted':
      return `workflow task ${event.startedEventId}`;
    default:
      return undefined;
  }
}

function checkTimers(run: Run): void {
  const dueAt = new Map<number, number>();
  for (const event of run.events) {
    const { eventId, eventTime } = event.header;
    if (event.type === 'TimerStarted') dueAt.set(eventId, eventTime + event.startToFireTimeoutMs);
    if (event.type === 'TimerFired' && eventTime < (dueAt.get(event.startedEventId) ?? Infinity))
      throw wrong(run, `timer ${event.timerId} fired too early`);
  }
}
