// The calls about a workflow that exists, each through the client's interceptors.
import { composeInterceptors, type Next } from '../common/interceptors.js';
import type { WorkflowExecution } from '../common/workflow-definition.js';
import { type ClientContext, forWorkflow } from './client-context.js';
import type { WorkflowClientInterceptor, WorkflowStartUpdateInput, WorkflowStartUpdateOutput } from './interceptors.js';
import { requestCancelWorkflow, signalWorkflow, terminateWorkflow } from './workflow-change.js';
import { describeWorkflow } from './workflow-description.js';
import { QueryRejectCondition, queryWorkflow } from './workflow-query.js';
import { startUpdate, type WorkflowUpdateStage } from './workflow-update.js';

type Call<M extends keyof WorkflowClientInterceptor> = Next<WorkflowClientInterceptor, M>;

export interface WorkflowCalls {
  readonly signal: Call<'signal'>;
  readonly query: Call<'query'>;
  readonly terminate: Call<'terminate'>;
  readonly cancel: Call<'cancel'>;
  readonly describe: Call<'describe'>;
  startUpdate(input: WorkflowStartUpdateInput, waitForStage: WorkflowUpdateStage): Promise<WorkflowStartUpdateOutput>;
}

export function workflowCalls(
  context: ClientContext,
  interceptors: readonly WorkflowClientInterceptor[],
): WorkflowCalls {
  const at = ({ workflowId }: WorkflowExecution) => forWorkflow(context, workflowId);
  return {
    signal: composeInterceptors(interceptors, 'signal', ({ workflowExecution: target, signalName, args, headers }) =>
      signalWorkflow(at(target), target, signalName, args, headers),
    ),
    query: composeInterceptors(interceptors, 'query', ({ workflowExecution: target, queryType, args, ...input }) => {
      const { headers, queryRejectCondition = QueryRejectCondition.NONE } = input;
      return queryWorkflow(at(target), target, queryType, args, queryRejectCondition, headers);
    }),
    terminate: composeInterceptors(interceptors, 'terminate', ({ workflowExecution: target, ...input }) => {
      const { reason = '', details = [], firstExecutionRunId } = input;
      return terminateWorkflow(at(target), { ...target, firstExecutionRunId }, reason, details);
    }),
    cancel: composeInterceptors(interceptors, 'cancel', ({ workflowExecution: target, firstExecutionRunId }) =>
      requestCancelWorkflow(at(target), { ...target, firstExecutionRunId }),
    ),
    describe: composeInterceptors(interceptors, 'describe', ({ workflowExecution: target }) =>
      describeWorkflow(at(target), target),
    ),
    startUpdate: (input, waitForStage) =>
      composeInterceptors(interceptors, 'startUpdate', (changed) =>
        startUpdate(at(changed.workflowExecution), changed, waitForStage),
      )(input),
  };
}
