// Chains of runs: how a run ends, and which run follows it under the same workflow id, in the same batch. A run follows
// where the code asks for it (continue-as-new), where the retry policy allows for one, or where a cron schedule does.
//
// C1  A run is followed by one run at most, whose id derives from the run's own and its closing event's.
// C2  The closing event and the next run's start are in one decision: there is never a chain without its end.
// C3  The time-out of the whole execution and the first run's id are the same in all runs of a chain.
import type {
  ContinueAsNewWorkflowExecution,
  Failure,
  Payload,
  WorkflowExecutionStarted,
} from '../../../schemas/generated/messages.js';
import { executionExpiresAt } from '../../../sdk/common/execution-expiry.js';
import { checkTaskQueue } from '../../platform/topics.js';
import { nextCronTime } from './cron.js';
import { derivedId } from './derived-id.js';
import { Emission } from './emission.js';
import { workflowTimeout } from './failures.js';
import { fieldsAfter } from './fields.js';
import { nextRetry, type RetryDecision, type RetryState, retryPolicyProblem } from './retry.js';
import type { RunState } from './state.js';

/** What the next run has of its own; all else is as it was in the run before. */
type NextRun = Pick<
  WorkflowExecutionStarted,
  'attempt' | 'continueAsNewInitiator' | 'continuedFailure' | 'lastCompletionResult' | 'firstWorkflowTaskBackoffMs'
> &
  Partial<
    Pick<
      WorkflowExecutionStarted,
      | 'workflowType'
      | 'taskQueue'
      | 'input'
      | 'headers'
      | 'memo'
      | 'searchAttributes'
      | 'workflowRunTimeoutMs'
      | 'workflowTaskTimeoutMs'
      | 'retryPolicy'
    >
  >;

/** What becomes of a chain whose run did not complete. */
interface AfterFailure {
  readonly retryState: RetryState | 'IN_PROGRESS';
  readonly next: NextRun | undefined;
}

/** A run as its closing command finds it, with what the same task has just changed. */
export type ClosingRun = Pick<
  RunState,
  'workflowId' | 'runId' | 'firstExecutionRunId' | 'startedAt' | 'start' | 'memo' | 'searchAttributes'
>;

/** The code returned. A cron schedule runs it again. */
export function completeRun(
  emission: Emission,
  run: ClosingRun,
  result: Payload | null,
  workflowTaskCompletedEventId: number,
): void {
  const next = nextByCron(run, emission.now, { continuedFailure: null, lastCompletionResult: result });
  const newExecutionRunId = next === undefined ? null : nextRunId(emission, run);
  emission.emit('WorkflowExecutionCompleted', { result, workflowTaskCompletedEventId, newExecutionRunId });
  if (newExecutionRunId !== null && next !== undefined) startNext(emission, run, newExecutionRunId, next);
}

/** The code failed. */
export function failRun(
  emission: Emission,
  run: ClosingRun,
  failure: Failure,
  workflowTaskCompletedEventId: number,
): void {
  const { retryState, next } = afterFailure(run, failure, emission.now);
  const newExecutionRunId = next === undefined ? null : nextRunId(emission, run);
  const body = { failure, retryState, workflowTaskCompletedEventId, newExecutionRunId };
  emission.emit('WorkflowExecutionFailed', body);
  if (newExecutionRunId !== null && next !== undefined) startNext(emission, run, newExecutionRunId, next);
}

/** The run's time has passed, or that of the whole execution, after which no run follows. */
export function timeOutRun(emission: Emission, run: ClosingRun): void {
  const limit = executionExpiresAt(run.start);
  const isOver = limit !== null && limit <= emission.now;
  const { retryState, next }: AfterFailure = isOver
    ? { retryState: 'TIMEOUT', next: undefined }
    : afterFailure(run, workflowTimeout(), emission.now);
  const newExecutionRunId = next === undefined ? null : nextRunId(emission, run);
  emission.emit('WorkflowExecutionTimedOut', { retryState, newExecutionRunId });
  if (newExecutionRunId !== null && next !== undefined) startNext(emission, run, newExecutionRunId, next);
}

/** The code asked for the next run. What it leaves open stays as it is. */
export function continueRun(
  emission: Emission,
  run: ClosingRun,
  command: ContinueAsNewWorkflowExecution,
  workflowTaskCompletedEventId: number,
): void {
  const { workflowType, taskQueue, input, headers } = command;
  const { start } = run;
  const { lastCompletionResult, continuedFailure } = start;
  const fields = fieldsAfter(run, emission.events);
  const backoffMs = command.backoffStartIntervalMs ?? 0;
  const settled = {
    workflowType,
    taskQueue,
    input,
    headers,
    memo: command.memo ?? fields.memo,
    searchAttributes: command.searchAttributes ?? fields.searchAttributes,
    workflowRunTimeoutMs: command.workflowRunTimeoutMs ?? start.workflowRunTimeoutMs,
    workflowTaskTimeoutMs: command.workflowTaskTimeoutMs ?? start.workflowTaskTimeoutMs,
    lastCompletionResult,
  };
  const newExecutionRunId = nextRunId(emission, run);
  emission.emit('WorkflowExecutionContinuedAsNew', {
    ...settled,
    newExecutionRunId,
    backoffStartIntervalMs: backoffMs,
    initiator: 'WORKFLOW',
    failure: continuedFailure,
    workflowTaskCompletedEventId,
  });
  startNext(emission, run, newExecutionRunId, {
    ...settled,
    retryPolicy: command.retryPolicy ?? start.retryPolicy,
    attempt: 1,
    continueAsNewInitiator: 'WORKFLOW',
    continuedFailure,
    firstWorkflowTaskBackoffMs: backoffMs,
  });
}

/** What is wrong with the command, or undefined. */
export function continueProblem(command: ContinueAsNewWorkflowExecution): string | undefined {
  if (command.workflowType === '') return 'continue-as-new names no workflow type';
  for (const limit of ['workflowRunTimeoutMs', 'workflowTaskTimeoutMs', 'backoffStartIntervalMs'] as const) {
    const ms = command[limit];
    if (ms !== null && ms < 0) return `continue-as-new: ${limit} is ${ms}: it can't be negative`;
  }
  const policyProblem = command.retryPolicy === null ? undefined : retryPolicyProblem(command.retryPolicy);
  if (policyProblem !== undefined) return `continue-as-new: its retry policy's ${policyProblem}`;
  try {
    checkTaskQueue(command.taskQueue);
  } catch (error) {
    return `continue-as-new: ${(error as Error).message}`;
  }
  return undefined;
}

/** A further attempt by the retry policy or, when that allows for none, the next run of the cron schedule. */
function afterFailure(run: ClosingRun, failure: Failure, now: number): AfterFailure {
  const { start } = run;
  const { attempt, lastCompletionResult } = start;
  const retry = nextAttempt(start, failure, now);
  const last = { continuedFailure: failure, lastCompletionResult };
  if ('retryState' in retry) return { retryState: retry.retryState, next: nextByCron(run, now, last) };
  const next = {
    ...last,
    attempt: attempt + 1,
    continueAsNewInitiator: 'RETRY',
    firstWorkflowTaskBackoffMs: retry.nextAttemptAt - now,
  } as const;
  return { retryState: 'IN_PROGRESS', next };
}

function nextAttempt(start: WorkflowExecutionStarted, failure: Failure, now: number): RetryDecision {
  const { retryPolicy: policy, attempt } = start;
  if (policy === null) return { retryState: 'RETRY_POLICY_NOT_SET' };
  // What was cancelled is not wanted any more.
  if (failure.canceledInfo !== null) return { retryState: 'NON_RETRYABLE_FAILURE' };
  return nextRetry({ policy, attempt, expiresAt: executionExpiresAt(start) }, failure, now);
}

/** The schedule's times count from this run's own: one that is passed while the run is at work is left out. */
function nextByCron(
  { start, startedAt }: ClosingRun,
  now: number,
  last: Pick<NextRun, 'continuedFailure' | 'lastCompletionResult'>,
): NextRun | undefined {
  if (start.cronSchedule === null) return undefined;
  const at = nextCronTime(start.cronSchedule, startedAt + start.firstWorkflowTaskBackoffMs, now);
  if (at === undefined) return undefined;
  return { ...last, attempt: 1, continueAsNewInitiator: 'CRON_SCHEDULE', firstWorkflowTaskBackoffMs: at - now };
}

/** The id of the run that follows by the event that is emitted next. */
function nextRunId(emission: Emission, { runId }: ClosingRun): string {
  return derivedId(runId, emission.nextEventId, 'next run');
}

function startNext(emission: Emission, run: ClosingRun, runId: string, changes: NextRun): void {
  const { start, workflowId } = run;
  const { type: _type, header: _header, ...carried } = start;
  const next = new Emission({ workflowId, runId, nextEventId: 1, nextSequence: 1 }, emission.now);
  const body = {
    ...carried,
    ...fieldsAfter(run, emission.events),
    ...changes,
    firstExecutionRunId: run.firstExecutionRunId,
    continuedExecutionRunId: run.runId,
    originalExecutionRunId: null,
    copiedUntilEventId: null,
    firstExecutionStartedAt: start.firstExecutionStartedAt ?? run.startedAt,
    workflowExecutionExpiresAt: executionExpiresAt(start),
    identity: 'history',
    // Nobody asked for it: the id stands where a request's does.
    requestId: runId,
    replyTo: null,
  };
  next.emit('WorkflowExecutionStarted', body);
  next.scheduleFirstWorkflowTask(body);
  emission.follow(next);
}
