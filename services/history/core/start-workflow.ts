import type { StartWorkflow } from '../../../schemas/generated/messages.js';
import { MAX_ID_LENGTH } from '../../platform/limits.js';
import { checkTaskQueue } from '../../platform/topics.js';
import { cronProblem, nextCronTime } from './cron.js';
import { derivedId, mayBeDerived } from './derived-id.js';
import { Emission } from './emission.js';
import type { Decision } from './input.js';
import { accept, reject } from './lookup.js';
import { retryPolicyProblem } from './retry.js';
import { asTold } from './signal-workflow.js';
import { currentRun, type PartitionState, type RunState } from './state.js';
import { admitUpdate, awaiting, isKnown, tooManyUpdates, updateProblem } from './updates.js';

/**
 * Starts a run, by the reuse policy where the id's last run is closed and by the conflict policy where it is open. A
 * signal and an update that go with it are the run's, or that of the open one.
 */
export function startWorkflow(state: PartitionState, command: StartWorkflow, now: number): Decision {
  const { header } = command;
  const problem = startProblem(command);
  if (problem !== undefined) return reject(header, 'INVALID_ARGUMENT', problem);
  const current = currentRun(state, header.workflowId);
  const runId = proposedRunId(header);
  const earlier = [current, state.runs.get(runId)].find((run) => run !== undefined && isTakenUpBy(run, command));
  if (earlier !== undefined) return accepted(command, earlier.runId);
  if (state.runs.has(runId)) return reject(header, 'INVALID_ARGUMENT', `run id '${runId}' is taken: propose another`);
  if (current === undefined) return started(command, runId, now);
  if (current.status !== 'RUNNING') {
    const refusal = reuseProblem(command, current);
    if (refusal !== undefined) return reject(header, 'WORKFLOW_ALREADY_STARTED', refusal, current);
    return started(command, runId, now);
  }
  switch (command.workflowIdConflictPolicy) {
    case 'USE_EXISTING':
      return useExisting(command, current, now);
    case 'TERMINATE_EXISTING': {
      const replaced = terminateReplaced(current, command, now);
      const next = started(command, runId, now);
      return { events: [...replaced.events, ...next.events], effects: next.effects };
    }
    default:
      return reject(header, 'WORKFLOW_ALREADY_STARTED', `workflow '${header.workflowId}' is running`, current);
  }
}

function started(command: StartWorkflow, runId: string, now: number): Decision {
  const { header } = command;
  const emission = new Emission({ workflowId: header.workflowId, runId, nextEventId: 1, nextSequence: 1 }, now);
  const firstWorkflowTaskBackoffMs = firstBackoffMs(command, now);
  emission.emit('WorkflowExecutionStarted', {
    workflowType: command.workflowType,
    taskQueue: command.taskQueue,
    input: command.input,
    headers: command.headers,
    memo: command.memo,
    searchAttributes: command.searchAttributes,
    workflowExecutionTimeoutMs: command.workflowExecutionTimeoutMs,
    workflowRunTimeoutMs: command.workflowRunTimeoutMs,
    workflowTaskTimeoutMs: command.workflowTaskTimeoutMs,
    firstExecutionRunId: runId,
    attempt: 1,
    identity: header.identity,
    requestId: header.requestId,
    replyTo: command.update === null ? header.replyTo : null,
    parent: command.initiator,
    root: command.root,
    retryPolicy: command.retryPolicy,
    cronSchedule: command.cronSchedule,
    firstWorkflowTaskBackoffMs,
    staticSummary: command.staticSummary,
    staticDetails: command.staticDetails,
    priority: command.priority,
  });
  bringAlong(emission, command, null);
  emission.scheduleFirstWorkflowTask({ ...command, firstWorkflowTaskBackoffMs });
  return { events: emission.events, effects: command.update === null ? [] : accepted(command, runId).effects };
}

/** Gives the open run the signal and the update that go with the start. */
function useExisting(command: StartWorkflow, run: RunState, now: number): Decision {
  const { header, signal, update } = command;
  const isNewUpdate = update !== null && !isKnown(run, update, header);
  const refusal = isNewUpdate ? tooManyUpdates(run, update) : undefined;
  if (refusal !== undefined) return reject(header, 'TOO_LARGE', refusal, run);
  if (signal === null && !isNewUpdate) return accepted(command, run.runId);
  const emission = new Emission(run, now);
  bringAlong(emission, isNewUpdate ? command : { ...command, update: null }, update === null ? header.replyTo : null);
  emission.scheduleWorkflowTask(asTold(run));
  return { events: emission.events, effects: update === null ? [] : accepted(command, run.runId).effects };
}

/** The signal comes first, as it does where the two are sent one after the other. `replyTo` is who the signal answers. */
function bringAlong(emission: Emission, command: StartWorkflow, replyTo: StartWorkflow['header']['replyTo']): void {
  const { header, signal, update } = command;
  const { identity, requestId } = header;
  if (signal !== null) emission.emit('WorkflowExecutionSignaled', { ...signal, identity, requestId, replyTo });
  if (update !== null) admitUpdate(emission, header, update);
}

/** Whether the run took up this very request, which comes again (H6). */
function isTakenUpBy(run: RunState, { header, signal, update }: StartWorkflow): boolean {
  const { requestId, workflowId } = header;
  if (run.workflowId !== workflowId) return false;
  if (run.startRequestId === requestId) return true;
  if (signal !== null && run.signalRequestIds.has(requestId)) return true;
  return update !== null && run.updates.get(update.updateId)?.requestId === requestId;
}

/** The answer of a start that was taken up: the run, or with an update what comes of that. */
function accepted({ header, update }: StartWorkflow, runId: string): Decision {
  if (update === null) return accept(header, runId);
  return awaiting(header, { workflowId: header.workflowId, runId }, update.updateId, 'ACCEPTED');
}

/** The wait of the first run: for its time on the cron schedule, or for as long as it was asked for. */
function firstBackoffMs({ cronSchedule, startDelayMs }: StartWorkflow, now: number): number {
  if (cronSchedule === null) return startDelayMs ?? 0;
  return (nextCronTime(cronSchedule, now, now) ?? now) - now;
}

function terminateReplaced(run: RunState, command: StartWorkflow, now: number): Decision {
  const emission = new Emission(run, now);
  emission.emit('WorkflowExecutionTerminated', {
    reason: 'replaced by a new run of the same workflow id (TERMINATE_EXISTING)',
    details: [],
    identity: command.header.identity,
    requestId: command.header.requestId,
    replyTo: null,
  });
  return emission.decision();
}

function reuseProblem(command: StartWorkflow, last: RunState): string | undefined {
  const id = command.header.workflowId;
  if (command.workflowIdReusePolicy === 'REJECT_DUPLICATE') {
    return `workflow '${id}' has run before and its reuse policy is REJECT_DUPLICATE`;
  }
  if (command.workflowIdReusePolicy === 'ALLOW_DUPLICATE_FAILED_ONLY' && last.status === 'COMPLETED') {
    return `workflow '${id}' has completed and its reuse policy is ALLOW_DUPLICATE_FAILED_ONLY`;
  }
  return undefined;
}

/** Without a proposed id the request's own serves: both are chosen once by the client, at random. */
function proposedRunId({ runId, requestId }: StartWorkflow['header']): string {
  return runId ?? requestId;
}

/** Whether the proposed run id may be needed by the services for another run. A child's is of their making. */
function isReserved({ header, initiator }: StartWorkflow): boolean {
  const runId = proposedRunId(header);
  const own = initiator === null ? undefined : derivedId(initiator.runId, initiator.eventId, 'child');
  return mayBeDerived(runId) && runId !== own;
}

/** What is wrong with the command itself, or undefined. */
export function startProblem(command: StartWorkflow): string | undefined {
  if (command.header.workflowId === '') return 'the workflow id is empty: give it one';
  if (command.header.workflowId.length > MAX_ID_LENGTH)
    return `the workflow id is longer than ${MAX_ID_LENGTH} characters`;
  if (command.workflowType === '') return 'the workflow type is empty: give the name of a registered workflow';
  if (isReserved(command)) return 'run ids that are UUIDs of version 5 are the services own: propose a random one';
  const problem = command.update === null ? undefined : updateProblem(command.update);
  if (problem !== undefined) return problem;
  try {
    checkTaskQueue(command.taskQueue);
  } catch (error) {
    return (error as Error).message;
  }
  return timesProblem(command);
}

/** What is wrong with when it is to run, and to run again. */
function timesProblem({ retryPolicy, cronSchedule, startDelayMs }: StartWorkflow): string | undefined {
  const policyProblem = retryPolicy === null ? undefined : retryPolicyProblem(retryPolicy);
  if (policyProblem !== undefined) return `the retry policy's ${policyProblem}`;
  if (startDelayMs !== null && startDelayMs < 0) return `the start delay is ${startDelayMs} ms: it can't be negative`;
  if (cronSchedule === null) return undefined;
  if (startDelayMs !== null) return 'a start delay and a cron schedule exclude each other: set one of them';
  return cronProblem(cronSchedule);
}
