import type { CommandRejected } from '../../schemas/generated/messages.js';
import { ValueError, WorkflowNotFoundError } from '../common/errors.js';
import { WorkflowExecutionAlreadyStartedError } from '../common/failure/failure.js';
import { ActivityNotFoundError } from './activity-errors.js';
import { QueryRejectedError, ServiceError } from './errors.js';

/** The error that a refusal stands for. */
export function errorOf(rejected: CommandRejected, workflowType = ''): Error {
  const { code, message, workflowId, runId, workflowStatus } = rejected;
  switch (code) {
    case 'WORKFLOW_ALREADY_STARTED':
      return new WorkflowExecutionAlreadyStartedError('Workflow execution already started', workflowId, workflowType);
    case 'WORKFLOW_NOT_FOUND': {
      // In the words of Temporal's service for a run that is closed, which programs match on.
      const text = workflowStatus === null ? message : 'workflow execution already completed';
      return new WorkflowNotFoundError(text, workflowId, runId ?? undefined);
    }
    case 'UPDATE_NOT_FOUND':
      return new WorkflowNotFoundError(message, workflowId, runId ?? undefined);
    case 'QUERY_REJECTED':
      return new QueryRejectedError(workflowStatus ?? 'closed');
    case 'ACTIVITY_NOT_FOUND':
      return new ActivityNotFoundError(message);
    case 'TOO_LARGE':
    case 'UNIMPLEMENTED':
      return new ServiceError('REFUSED', message);
    case 'INVALID_ARGUMENT':
      return new ValueError(message);
  }
}

/** The error for an answer that doesn't belong to the question: the other side is of another version. */
export function unexpectedAnswer(question: string, answer: string): ServiceError {
  return new ServiceError('REFUSED', `${question} was answered by ${answer}: are the services of the same version?`);
}
