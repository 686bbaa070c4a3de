// Reset: the open run is terminated, and a new one goes on from an earlier point of its history. The new run's history
// begins with a copy of the old one's events up to a workflow task, which counts as failed; what the code had been told
// and had done by then stays, results of activities included.
//
// R1  All of it is one decision: there is never a copy without its end, nor an end without the copy.
// R2  Nothing follows from a copied event: no task, no answer. What was under way at that point is put on its queue anew.
// R3  Signals, and updates that were accepted, after that point are given to the new run, unless the command says otherwise.
import type { ResetWorkflow } from '../../../schemas/generated/messages.js';
import type { RunEvent } from './apply.js';
import { derivedId } from './derived-id.js';
import { Emission } from './emission.js';
import type { Decision } from './input.js';
import { accept, reject, rejectNotFound, runOf } from './lookup.js';
import type { PartitionState, RunState } from './state.js';

type TaskStarted = Extract<RunEvent, { type: 'WorkflowTaskStarted' }>;

/** `history` has the numbered events of the run that the command means, in order. */
export function resetWorkflow(
  state: PartitionState,
  command: ResetWorkflow,
  history: readonly RunEvent[],
  now: number,
): Decision {
  const { header } = command;
  const run = runOf(state, header);
  // Sent again: the run that is current by now is the one that the request made.
  if (run?.startRequestId === header.requestId) return accept(header, run.runId);
  if (run === undefined) return rejectNotFound(header, run);
  const newRunId = derivedId(run.runId, command.workflowTaskFinishEventId, `reset ${header.requestId}`);
  if (state.runs.has(newRunId)) return accept(header, newRunId);
  const started = taskBefore(history, command.workflowTaskFinishEventId);
  const problem = started === undefined ? noTask(command) : resetProblem(run, history, started);
  if (started === undefined || problem !== undefined) return reject(header, 'INVALID_ARGUMENT', problem ?? '', run);

  const old = new Emission(run, now);
  old.emit('WorkflowExecutionTerminated', {
    reason: command.reason || 'reset',
    details: [],
    identity: header.identity,
    requestId: header.requestId,
    replyTo: null,
  });
  const kept = history.slice(0, started.header.eventId);
  const copies = kept.map((event) => copyOf(event, newRunId, run, command, started.header.eventId));
  const next = goOn(run, command, newRunId, started, now);
  if (isPausedAfter(kept)) next.emit('WorkflowExecutionUnpaused', unpaused(header.identity));
  redispatch(next, kept);
  reapply(next, command, history.slice(started.header.eventId));
  next.scheduleWorkflowTask({ ...run, workflowTask: null, startsAt: null, paused: false });
  return { events: [...old.events, ...copies, ...next.events], effects: accept(header, newRunId).effects };
}

/** The start of the task that ended with the event, or that the event is. */
function taskBefore(history: readonly RunEvent[], finishEventId: number): TaskStarted | undefined {
  const finish = history[finishEventId - 1];
  if (finish?.type === 'WorkflowTaskStarted') return finish;
  if (finish?.type !== 'WorkflowTaskCompleted' && finish?.type !== 'WorkflowTaskFailed') return undefined;
  const started = history[finish.startedEventId - 1];
  return started?.type === 'WorkflowTaskStarted' ? started : undefined;
}

function noTask({ workflowTaskFinishEventId }: ResetWorkflow): string {
  return `event ${workflowTaskFinishEventId} is no WorkflowTaskStarted, WorkflowTaskCompleted or WorkflowTaskFailed: a run is reset to one of these`;
}

function resetProblem(run: RunState, history: readonly RunEvent[], started: TaskStarted): string | undefined {
  if (run.status !== 'RUNNING') return `run ${run.runId} is ${run.status}: only an open run can be reset`;
  if (run.start.parent !== null) return 'the workflow is a child: reset its parent';
  const asked = history
    .slice(0, started.header.eventId)
    .find(({ type }) => /^(StartChild|SignalExternal|RequestCancelExternal).*Initiated$/.test(type));
  if (asked === undefined) return undefined;
  return `the run had asked something of another workflow by then (event ${asked.header.eventId}): reset it to a point before that`;
}

function copyOf(
  event: RunEvent,
  runId: string,
  run: RunState,
  { header }: ResetWorkflow,
  copiedUntilEventId: number,
): RunEvent {
  const copy = { ...event, header: { ...event.header, runId, sequence: event.header.eventId } };
  if (copy.type !== 'WorkflowExecutionStarted') return copy;
  const { identity, requestId } = header;
  const originalExecutionRunId = copy.originalExecutionRunId ?? run.runId;
  return { ...copy, identity, requestId, replyTo: null, originalExecutionRunId, copiedUntilEventId };
}

/** The copied task counts as failed: from here on the run goes its own way. */
function goOn(run: RunState, { header }: ResetWorkflow, newRunId: string, task: TaskStarted, now: number): Emission {
  const copied = task.header.eventId;
  const numbers = { nextEventId: copied + 1, nextSequence: copied + 1 };
  const next = new Emission({ workflowId: run.workflowId, runId: newRunId, ...numbers }, now);
  next.emit('WorkflowTaskFailed', {
    scheduledEventId: task.scheduledEventId,
    startedEventId: copied,
    attempt: 1,
    cause: 'RESET_WORKFLOW',
    failure: null,
    identity: header.identity,
    retryAt: now,
    baseRunId: run.runId,
    newRunId,
  });
  return next;
}

function isPausedAfter(kept: readonly RunEvent[]): boolean {
  const isOfPause = ({ type }: RunEvent) => type === 'WorkflowExecutionPaused' || type === 'WorkflowExecutionUnpaused';
  return kept.findLast(isOfPause)?.type === 'WorkflowExecutionPaused';
}

function unpaused(identity: string) {
  return { reason: 'reset to a point at which the run was paused', identity, requestId: '', replyTo: null };
}

/** Puts the activities that were under way at that point on their queues. */
function redispatch(next: Emission, kept: readonly RunEvent[]): void {
  const pending = new Set<number>();
  for (const event of kept) {
    if (event.type === 'ActivityTaskScheduled') pending.add(event.header.eventId);
    else if (/^ActivityTask(Completed|Failed|TimedOut|Canceled)$/.test(event.type) && 'scheduledEventId' in event)
      pending.delete(event.scheduledEventId);
  }
  for (const scheduledEventId of pending)
    next.progress('ActivityTaskAttemptScheduled', { scheduledEventId, attempt: 1 });
}

function reapply(next: Emission, { excludeReapply }: ResetWorkflow, later: readonly RunEvent[]): void {
  for (const event of later) {
    if (event.type === 'WorkflowExecutionSignaled' && !excludeReapply.includes('SIGNAL')) {
      const { type: _type, header: _header, ...signal } = event;
      next.emit('WorkflowExecutionSignaled', { ...signal, replyTo: null, initiator: null });
    } else if (event.type === 'WorkflowExecutionUpdateAccepted' && !excludeReapply.includes('UPDATE')) {
      const { update, header } = event;
      const requestId = `${header.runId}/${header.eventId}`;
      next.progress('WorkflowExecutionUpdateAdmitted', { update, identity: 'history', requestId });
    }
  }
}
