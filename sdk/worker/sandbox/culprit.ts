import type { FailWorkflowTask } from '../../../schemas/generated/messages.js';
import type { QueryOutcome, WorkflowTaskOutcome } from '../workflow-executor.js';
import { type Answering, answerQuery, failTask, failureOf } from './answers.js';
import { WorkflowExecutorError } from './errors.js';

/** What becomes of the task whose code never came back: the thread can't answer for it. */
export function outcomeOfCulprit(
  answering: Answering,
  bytes: Uint8Array,
  cause: FailWorkflowTask['cause'],
  message: string,
): WorkflowTaskOutcome | QueryOutcome {
  const task = answering.codec.decode(Buffer.from(bytes));
  const failure = failureOf(cause, message);
  if (task.type === 'WorkflowTask') return failTask(answering, task, cause, failure);
  if (task.type === 'QueryTask') return answerQuery(answering, task, { kind: 'failed', failure });
  throw new WorkflowExecutorError('TASK_UNREADABLE', `a ${task.type} is neither a workflow task nor a query`);
}
