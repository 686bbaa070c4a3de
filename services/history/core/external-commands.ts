// The commands of workflow code that reach other workflows: what is wrong with them, and the event that each becomes.
import type {
  RequestCancelExternalWorkflowExecution,
  SignalExternalWorkflowExecution,
  StartChildWorkflowExecution,
  WorkflowCommand,
} from '../../../schemas/generated/messages.js';
import { MAX_ID_LENGTH, MAX_PENDING_CHILDREN, MAX_PENDING_EXTERNAL_REQUESTS } from '../../platform/limits.js';
import { checkTaskQueue } from '../../platform/topics.js';
import { derivedId } from './derived-id.js';
import type { Emission } from './emission.js';
import { retryPolicyProblem } from './retry.js';
import type { InitiatedEvent, RunState } from './state.js';
import type { CommandScope } from './workflow-commands.js';

export const emitExternal = {
  startChildWorkflowExecution(emission: Emission, scope: CommandScope, attributes: StartChildWorkflowExecution) {
    emission.emit('StartChildWorkflowExecutionInitiated', {
      ...attributes,
      childRunId: derivedId(scope.run.runId, emission.nextEventId, 'child'),
      workflowTaskCompletedEventId: scope.workflowTaskCompletedEventId,
    });
  },
  signalExternalWorkflowExecution(
    emission: Emission,
    { workflowTaskCompletedEventId }: CommandScope,
    { workflowId, runId, ...signal }: SignalExternalWorkflowExecution,
  ) {
    const target = { targetWorkflowId: workflowId, targetRunId: runId };
    const body = { ...signal, ...target, workflowTaskCompletedEventId };
    emission.emit('SignalExternalWorkflowExecutionInitiated', body);
  },
  requestCancelExternalWorkflowExecution(
    emission: Emission,
    { workflowTaskCompletedEventId }: CommandScope,
    { workflowId, runId, ...request }: RequestCancelExternalWorkflowExecution,
  ) {
    const target = { targetWorkflowId: workflowId, targetRunId: runId };
    const body = { ...request, ...target, workflowTaskCompletedEventId };
    emission.emit('RequestCancelExternalWorkflowExecutionInitiated', body);
  },
};

/** What is wrong with those of a task's commands that reach other workflows, or undefined. */
export function externalProblem(run: RunState, commands: readonly WorkflowCommand[]): string | undefined {
  let children = run.children.size;
  const pending = { signals: 0, cancellations: 0 };
  for (const { event } of run.outgoing.values()) count(event, pending);
  for (const command of commands) {
    const { startChildWorkflowExecution: start, signalExternalWorkflowExecution: signal } = command;
    const cancel = command.requestCancelExternalWorkflowExecution;
    if (start !== null) children += 1;
    if (signal !== null) pending.signals += 1;
    if (cancel !== null) pending.cancellations += 1;
    const problem = start === null ? targetProblem(signal ?? cancel) : childProblem(start);
    if (problem !== undefined) return problem;
  }
  if (children > MAX_PENDING_CHILDREN) return `more than ${MAX_PENDING_CHILDREN} children would be pending`;
  for (const [what, number] of Object.entries(pending)) {
    if (number > MAX_PENDING_EXTERNAL_REQUESTS)
      return `more than ${MAX_PENDING_EXTERNAL_REQUESTS} ${what} of other workflows would be pending`;
  }
  return undefined;
}

function count({ type }: InitiatedEvent, pending: { signals: number; cancellations: number }): void {
  if (type === 'SignalExternalWorkflowExecutionInitiated') pending.signals += 1;
  if (type === 'RequestCancelExternalWorkflowExecutionInitiated') pending.cancellations += 1;
}

const timeouts = ['workflowExecutionTimeoutMs', 'workflowRunTimeoutMs', 'workflowTaskTimeoutMs'] as const;

function childProblem(command: StartChildWorkflowExecution): string | undefined {
  const { workflowId, workflowType, retryPolicy } = command;
  if (workflowType === '') return `child workflow '${workflowId}' has no type`;
  const name = `child workflow '${workflowType}'`;
  const idProblem = workflowIdProblem(workflowId);
  if (idProblem !== undefined) return `${name}: ${idProblem}`;
  for (const timeout of timeouts) {
    const ms = command[timeout];
    if (ms !== null && ms < 0) return `${name}: ${timeout} is ${ms}: it can't be negative`;
  }
  const policyProblem = retryPolicy === null ? undefined : retryPolicyProblem(retryPolicy);
  if (policyProblem !== undefined) return `${name}: its retry policy's ${policyProblem}`;
  try {
    checkTaskQueue(command.taskQueue);
  } catch (error) {
    return `${name}: ${(error as Error).message}`;
  }
  return undefined;
}

function targetProblem(
  command: SignalExternalWorkflowExecution | RequestCancelExternalWorkflowExecution | null,
): string | undefined {
  const problem = command === null ? undefined : workflowIdProblem(command.workflowId);
  if (problem === undefined) return undefined;
  return `${command !== null && 'signalName' in command ? 'a signal to' : 'the cancellation of'} another workflow: ${problem}`;
}

function workflowIdProblem(workflowId: string): string | undefined {
  if (workflowId === '') return 'the workflow id is empty';
  if (workflowId.length > MAX_ID_LENGTH) return `the workflow id is longer than ${MAX_ID_LENGTH} characters`;
  return undefined;
}
