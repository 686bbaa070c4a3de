import type { StartWorkflow } from '../../../schemas/generated/messages.js';
import { MAX_ID_LENGTH } from '../../platform/limits.js';
import { checkTaskQueue } from '../../platform/topics.js';
import { Emission } from './emission.js';
import type { Decision } from './input.js';
import { accept, reject } from './lookup.js';
import { currentRun, type PartitionState, type RunState } from './state.js';

/** Starts a run, by the reuse policy where the id's last run is closed and by the conflict policy where it is open. */
export function startWorkflow(state: PartitionState, command: StartWorkflow, now: number): Decision {
  const { header } = command;
  const problem = startProblem(command);
  if (problem !== undefined) return reject(header, 'INVALID_ARGUMENT', problem);
  const current = currentRun(state, header.workflowId);
  if (current?.startRequestId === header.requestId) return accept(header, current.runId);
  // Without a proposed id the request's own serves: both are chosen once by the client, at random.
  const runId = header.runId ?? header.requestId;
  if (state.runs.has(runId)) return reject(header, 'INVALID_ARGUMENT', `run id '${runId}' is taken: propose another`);
  if (current === undefined) return started(command, runId, now);
  if (current.status !== 'RUNNING') {
    const refusal = reuseProblem(command, current);
    if (refusal !== undefined) return reject(header, 'WORKFLOW_ALREADY_STARTED', refusal, current);
    return started(command, runId, now);
  }
  switch (command.workflowIdConflictPolicy) {
    case 'USE_EXISTING':
      return accept(header, current.runId);
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
    replyTo: header.replyTo,
  });
  emission.scheduleWorkflowTask({
    taskQueue: command.taskQueue,
    workflowTaskTimeoutMs: command.workflowTaskTimeoutMs,
    workflowTask: null,
  });
  return emission.decision();
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

function startProblem(command: StartWorkflow): string | undefined {
  if (command.header.workflowId === '') return 'the workflow id is empty: give it one';
  if (command.header.workflowId.length > MAX_ID_LENGTH)
    return `the workflow id is longer than ${MAX_ID_LENGTH} characters`;
  if (command.workflowType === '') return 'the workflow type is empty: give the name of a registered workflow';
  try {
    checkTaskQueue(command.taskQueue);
  } catch (error) {
    return (error as Error).message;
  }
  return undefined;
}
