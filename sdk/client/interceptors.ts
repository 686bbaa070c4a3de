// What stands between a program's calls and the services, in user code.
import type { Headers } from '../common/headers.js';
import type { Next } from '../common/interceptors.js';
import type { WorkflowExecution } from '../common/workflow-definition.js';
import type { WorkflowExecutionDescription } from './workflow-description.js';
import type { QueryRejectCondition } from './workflow-query.js';
import type { WorkflowOptions } from './workflow-start.js';
import type { UpdateOutcome, WorkflowUpdateOptions } from './workflow-update.js';

/** A start's options, with its arguments. */
export interface CompiledWorkflowOptions extends WorkflowOptions {
  readonly args: readonly unknown[];
}

export interface WorkflowStartInput {
  readonly workflowType: string;
  readonly headers: Headers;
  readonly options: CompiledWorkflowOptions;
}

export interface WorkflowStartOutput {
  readonly runId: string;
  readonly eagerlyStarted: boolean;
}

export interface WorkflowStartUpdateInput {
  readonly updateName: string;
  readonly args: readonly unknown[];
  readonly workflowExecution: WorkflowExecution;
  readonly firstExecutionRunId?: string | undefined;
  readonly headers: Headers;
  readonly options: WorkflowUpdateOptions;
}

export interface WorkflowStartUpdateOutput {
  readonly updateId: string;
  readonly workflowRunId: string;
  /** Where it has one already. */
  readonly outcome?: UpdateOutcome | undefined;
}

export interface WorkflowStartUpdateWithStartInput {
  readonly workflowType: string;
  readonly workflowStartOptions: CompiledWorkflowOptions;
  readonly workflowStartHeaders: Headers;
  readonly updateName: string;
  readonly updateArgs: readonly unknown[];
  readonly updateOptions: WorkflowUpdateOptions;
  readonly updateHeaders: Headers;
}

export interface WorkflowStartUpdateWithStartOutput {
  readonly workflowExecution: WorkflowExecution;
  readonly updateId: string;
  /** Where it has one already. */
  readonly updateOutcome?: UpdateOutcome | undefined;
}

export interface WorkflowSignalInput {
  readonly signalName: string;
  readonly args: readonly unknown[];
  readonly workflowExecution: WorkflowExecution;
  readonly headers: Headers;
}

export interface WorkflowSignalWithStartInput {
  readonly workflowType: string;
  readonly signalName: string;
  readonly signalArgs: readonly unknown[];
  /** Of the start and of the signal. */
  readonly headers: Headers;
  readonly options: CompiledWorkflowOptions;
}

export interface WorkflowQueryInput {
  readonly queryType: string;
  readonly args: readonly unknown[];
  readonly workflowExecution: WorkflowExecution;
  readonly queryRejectCondition?: QueryRejectCondition | undefined;
  readonly headers: Headers;
}

export interface WorkflowTerminateInput {
  readonly workflowExecution: WorkflowExecution;
  readonly reason?: string | undefined;
  readonly details?: readonly unknown[] | undefined;
  readonly firstExecutionRunId?: string | undefined;
}

export interface WorkflowCancelInput {
  readonly workflowExecution: WorkflowExecution;
  readonly firstExecutionRunId?: string | undefined;
}

export interface WorkflowDescribeInput {
  readonly workflowExecution: WorkflowExecution;
}

/**
 * Any of these stands between a call of the client and what it does: it may change the input, headers included, and the
 * output, or not call `next` at all. The first interceptor of the list is called first.
 */
export interface WorkflowClientInterceptor {
  /** A start. One that is implemented most likely calls for `signalWithStart` and `startUpdateWithStart` as well. */
  startWithDetails?: (input: WorkflowStartInput, next: Next<this, 'startWithDetails'>) => Promise<WorkflowStartOutput>;
  /** A start, of which only the run id is known. Not called where `startWithDetails` is there. */
  start?: (input: WorkflowStartInput, next: Next<this, 'start'>) => Promise<string>;
  startUpdate?: (
    input: WorkflowStartUpdateInput,
    next: Next<this, 'startUpdate'>,
  ) => Promise<WorkflowStartUpdateOutput>;
  startUpdateWithStart?: (
    input: WorkflowStartUpdateWithStartInput,
    next: Next<this, 'startUpdateWithStart'>,
  ) => Promise<WorkflowStartUpdateWithStartOutput>;
  signal?: (input: WorkflowSignalInput, next: Next<this, 'signal'>) => Promise<void>;
  /** Resolves with the id of the run that was signaled. */
  signalWithStart?: (input: WorkflowSignalWithStartInput, next: Next<this, 'signalWithStart'>) => Promise<string>;
  query?: (input: WorkflowQueryInput, next: Next<this, 'query'>) => Promise<unknown>;
  terminate?: (input: WorkflowTerminateInput, next: Next<this, 'terminate'>) => Promise<unknown>;
  cancel?: (input: WorkflowCancelInput, next: Next<this, 'cancel'>) => Promise<unknown>;
  describe?: (input: WorkflowDescribeInput, next: Next<this, 'describe'>) => Promise<WorkflowExecutionDescription>;
}

/** The interceptors of a client, by what they intercept. */
export interface ClientInterceptors {
  readonly workflow?: readonly WorkflowClientInterceptor[];
}

export type StartInterceptor = Pick<WorkflowClientInterceptor, 'startWithDetails'>;

/** What of the interceptors stands before a start, in their order, with `startWithDetails` in place of `start`. */
export function startInterceptors(interceptors: readonly WorkflowClientInterceptor[]): StartInterceptor[] {
  return interceptors.map((interceptor): StartInterceptor => {
    const { start } = interceptor;
    if (start === undefined || interceptor.startWithDetails !== undefined) return interceptor;
    return {
      startWithDetails: async (input, next) => {
        let eagerlyStarted = false;
        const runId = await start.call(interceptor, input, async (changed) => {
          const output = await next(changed);
          eagerlyStarted = output.eagerlyStarted;
          return output.runId;
        });
        return { runId, eagerlyStarted };
      },
    };
  });
}
