import { type Duration, msOptionalToNumber } from '../common/duration.js';
import type { History } from '../common/lib/proto-utils.js';
import type { QueryDefinition, SignalDefinition, Workflow, WorkflowResultType } from '../common/workflow-definition.js';
import { type ClientContext, forWorkflow } from './client-context.js';
import {
  pauseWorkflow,
  requestCancelWorkflow,
  signalWorkflow,
  terminateWorkflow,
  unpauseWorkflow,
} from './workflow-change.js';
import type { WorkflowClient } from './workflow-client.js';
import { describeWorkflow, type WorkflowExecutionDescription } from './workflow-description.js';
import { fetchHistory } from './workflow-history.js';
import { type QueryRejectCondition, queryWorkflow } from './workflow-query.js';
import { awaitEnd, resultOf } from './workflow-result.js';

/** A workflow to talk to. It exists whether the workflow does or not. */
export interface WorkflowHandle<T extends Workflow = Workflow> {
  readonly workflowId: string;
  readonly client: WorkflowClient;
  /**
   * Waits for the end of the workflow: of its last run, unless followRuns is false. Without a time-out it waits through
   * any outage.
   * Errors: WorkflowFailedError, WorkflowContinuedAsNewError without followRuns, WorkflowNotFoundError, WorkflowExecutionAlreadyStartedError where the start turned out
   * to be refused, ServiceError with a time-out.
   */
  result(options?: WorkflowResultOptions): Promise<WorkflowResultType<T>>;
  /** Resolves once the signal is in the workflow's history, or accepted by Kafka while no service is running. */
  signal<Args extends unknown[] = [], Name extends string = string>(
    definition: SignalDefinition<Args, Name> | string,
    ...args: Args
  ): Promise<void>;
  /** Errors: QueryRejectedError, QueryNotRegisteredError, QueryFailedError, WorkflowNotFoundError, ServiceError. */
  query<Ret, Args extends unknown[] = []>(definition: QueryDefinition<Ret, Args> | string, ...args: Args): Promise<Ret>;
  /** Ends the workflow at once; its code is not told. */
  terminate(reason?: string, ...details: unknown[]): Promise<void>;
  /** Asks the workflow to cancel; its code may clean up, or go on. */
  cancel(): Promise<void>;
  /**
   * Lets the workflow stand still until `unpause`: no workflow task and no activity is begun. What is under way may end,
   * signals gather, timers and time-outs go on.
   */
  pause(reason?: string): Promise<void>;
  /** Lets a paused workflow go on. */
  unpause(reason?: string): Promise<void>;
  /** Errors: WorkflowNotFoundError, ServiceError. */
  describe(): Promise<WorkflowExecutionDescription>;
  /** Errors: WorkflowNotFoundError, ServiceError. */
  fetchHistory(): Promise<History>;
}

export interface WorkflowResultOptions {
  /** Time after which the wait is given up. Default: none. */
  readonly timeout?: Duration;
}

/** A handle from `getHandle`. */
export interface GetWorkflowHandleOptions {
  /** Cancel and terminate act only on the chain of runs that this one began. */
  readonly firstExecutionRunId?: string;
  /** Whether `result()` follows the workflow into its next runs. Default: true. */
  readonly followRuns?: boolean;
}

/** A handle from `start`. */
export interface WorkflowHandleWithFirstExecutionRunId<T extends Workflow = Workflow> extends WorkflowHandle<T> {
  readonly firstExecutionRunId: string;
  /**
   * STARTED: a history service has started the run. ACCEPTED: the command is in Kafka and takes effect when a history
   * service is running; should the start be refused then, `result()` says so.
   */
  readonly startStatus: 'STARTED' | 'ACCEPTED';
  readonly eagerlyStarted: boolean;
}

export function createWorkflowHandle<T extends Workflow>(options: {
  readonly client: WorkflowClient;
  readonly context: ClientContext;
  readonly workflowId: string;
  /** The run that signals, queries and the rest are for; the current one if not set. */
  readonly runId?: string | undefined;
  readonly firstExecutionRunId?: string | undefined;
  /** The run whose result is waited for, once known; rejects where there will be none. */
  readonly runIdForResult: () => Promise<string | undefined>;
  readonly queryRejectCondition: QueryRejectCondition;
  readonly followRuns: boolean;
}): WorkflowHandle<T> {
  const { client, workflowId, runId, firstExecutionRunId } = options;
  const context = forWorkflow(options.context, workflowId);
  const target = { workflowId, runId };
  const chain = { ...target, firstExecutionRunId };
  return {
    workflowId,
    client,
    async result({ timeout } = {}) {
      const resultTarget = { workflowId, runId: await options.runIdForResult() };
      const connection = await context.connect();
      const end = { followRuns: options.followRuns, timeoutMs: msOptionalToNumber(timeout) };
      const answer = await awaitEnd(context, connection, resultTarget, end);
      return (await resultOf(context, answer)) as WorkflowResultType<T>;
    },
    signal: (definition, ...args) => signalWorkflow(context, target, nameOf(definition), args),
    async query<Ret>(definition: QueryDefinition<Ret, unknown[]> | string, ...args: unknown[]): Promise<Ret> {
      const condition = options.queryRejectCondition;
      return (await queryWorkflow(context, target, nameOf(definition), args, condition)) as Ret;
    },
    terminate: (reason = '', ...details) => terminateWorkflow(context, chain, reason, details),
    cancel: () => requestCancelWorkflow(context, chain),
    pause: (reason = '') => pauseWorkflow(context, target, reason),
    unpause: (reason = '') => unpauseWorkflow(context, target, reason),
    describe: () => describeWorkflow(context, target),
    fetchHistory: () => fetchHistory(context, target),
  };
}

function nameOf(definition: { readonly name: string } | string): string {
  return typeof definition === 'string' ? definition : definition.name;
}
