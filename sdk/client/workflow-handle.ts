import { type Duration, msOptionalToNumber } from '../common/duration.js';
import type {
  QueryDefinition,
  SignalDefinition,
  UpdateDefinition,
  Workflow,
  WorkflowResultType,
} from '../common/workflow-definition.js';
import { type ClientContext, forWorkflow } from './client-context.js';
import type { WorkflowCalls } from './workflow-calls.js';
import { pauseWorkflow, unpauseWorkflow } from './workflow-change.js';
import type { WorkflowClient } from './workflow-client.js';
import type { WorkflowExecutionDescription } from './workflow-description.js';
import { type FetchedHistory, fetchHistory } from './workflow-history.js';
import type { QueryRejectCondition } from './workflow-query.js';
import { type ResetOptions, resetWorkflow } from './workflow-reset.js';
import { awaitEnd, resultOf } from './workflow-result.js';
import {
  createUpdateHandle,
  type WorkflowUpdateHandle,
  type WorkflowUpdateOptions,
  WorkflowUpdateStage,
} from './workflow-update.js';

// biome-ignore lint/suspicious/noExplicitAny: as Temporal's, so that an update of any arguments fits
type AnyArgs = any[];

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
  /** Errors: QueryRejectedError, QueryNotRegisteredError, WorkflowNotFoundError, ServiceError. */
  query<Ret, Args extends unknown[] = []>(definition: QueryDefinition<Ret, Args> | string, ...args: Args): Promise<Ret>;
  /**
   * Asks for an update and waits for its end: what its handler returned. Without a time-out it waits through any outage.
   * Errors: WorkflowUpdateFailedError with what the handler threw or the update was refused for, WorkflowNotFoundError,
   * WorkflowUpdateRPCTimeoutOrCancelledError, ServiceError.
   */
  executeUpdate<Ret, Args extends [AnyArgs[number], ...AnyArgs], Name extends string = string>(
    definition: UpdateDefinition<Ret, Args, Name> | string,
    options: WorkflowUpdateOptions & { readonly args: Args },
  ): Promise<Ret>;
  executeUpdate<Ret, Args extends [], Name extends string = string>(
    definition: UpdateDefinition<Ret, Args, Name> | string,
    options?: WorkflowUpdateOptions & { readonly args?: Args },
  ): Promise<Ret>;
  /**
   * Asks for an update and waits until a worker has accepted it, or it is over. One that was refused says so in the
   * handle's `result()`. Errors: as `executeUpdate`, but for WorkflowUpdateFailedError.
   */
  startUpdate<Ret, Args extends [AnyArgs[number], ...AnyArgs], Name extends string = string>(
    definition: UpdateDefinition<Ret, Args, Name> | string,
    options: WorkflowUpdateOptions & { readonly args: Args; readonly waitForStage: 'ACCEPTED' },
  ): Promise<WorkflowUpdateHandle<Ret>>;
  startUpdate<Ret, Args extends [], Name extends string = string>(
    definition: UpdateDefinition<Ret, Args, Name> | string,
    options: WorkflowUpdateOptions & { readonly args?: Args; readonly waitForStage: 'ACCEPTED' },
  ): Promise<WorkflowUpdateHandle<Ret>>;
  /** A handle to an update that was asked for. Nothing is asked of the services. */
  getUpdateHandle<Ret>(updateId: string): WorkflowUpdateHandle<Ret>;
  /** Ends the workflow at once; its code is not told. */
  terminate(reason?: string, ...details: unknown[]): Promise<void>;
  /** Asks the workflow to cancel; its code may clean up, or go on. */
  cancel(): Promise<void>;
  /**
   * Lets the workflow stand still until `unpause`: no workflow task and no activity is begun. What is under way may end,
   * signals gather, timers and time-outs go on.
   */
  pause(reason?: string): Promise<void>;
  /**
   * Terminates the open run and makes a new one that goes on from an earlier point of its history, with the results of
   * the activities that had ended by then. Resolves with the new run's id.
   */
  reset(options: ResetOptions): Promise<{ readonly runId: string }>;
  /** Lets a paused workflow go on. */
  unpause(reason?: string): Promise<void>;
  /** Errors: WorkflowNotFoundError, ServiceError. */
  describe(): Promise<WorkflowExecutionDescription>;
  /** Errors: WorkflowNotFoundError, ServiceError. */
  fetchHistory(): Promise<FetchedHistory>;
}

export interface WorkflowResultOptions {
  /** Time after which the wait is given up. Default: none. */
  readonly timeout?: Duration;
}

/** A handle from `getHandle`. */
export interface GetWorkflowHandleOptions {
  /** Cancel, terminate and updates act only on the chain of runs that this one began. */
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

/** What a handle is made of. */
export interface WorkflowHandleOptions {
  readonly client: WorkflowClient;
  readonly context: ClientContext;
  readonly calls: WorkflowCalls;
  readonly workflowId: string;
  /** The run that signals, queries and the rest are for; the current one if not set. */
  readonly runId?: string | undefined;
  readonly firstExecutionRunId?: string | undefined;
  /** The run whose result is waited for, once known; rejects where there will be none. */
  readonly runIdForResult: () => Promise<string | undefined>;
  readonly queryRejectCondition: QueryRejectCondition;
  readonly followRuns: boolean;
}

export function createWorkflowHandle<T extends Workflow>(options: WorkflowHandleOptions): WorkflowHandle<T> {
  const { client, calls, workflowId, runId, firstExecutionRunId } = options;
  const context = forWorkflow(options.context, workflowId);
  const target = { workflowId, runId };
  const workflowExecution = runId === undefined ? { workflowId } : { workflowId, runId };

  /** One that ended while it was waited for has its outcome with it. */
  async function startUpdate<Ret>(
    definition: { readonly name: string } | string,
    { args = [], ...update }: WorkflowUpdateOptions & { readonly args?: readonly unknown[] | undefined },
    waitForStage: WorkflowUpdateStage,
  ): Promise<WorkflowUpdateHandle<Ret>> {
    const { updateId = options.context.newId(), timeout } = update;
    const about = { updateName: nameOf(definition), args, workflowExecution, firstExecutionRunId, headers: {} };
    const started = await calls.startUpdate({ ...about, options: { updateId, timeout } }, waitForStage);
    return createUpdateHandle(context, { workflowId, runId: started.workflowRunId }, started.updateId, started.outcome);
  }

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
    signal: (definition, ...args) =>
      calls.signal({ signalName: nameOf(definition), args, workflowExecution, headers: {} }),
    async query<Ret>(definition: QueryDefinition<Ret, unknown[]> | string, ...args: unknown[]): Promise<Ret> {
      const { queryRejectCondition } = options;
      const query = { queryType: nameOf(definition), args, queryRejectCondition };
      return (await calls.query({ ...query, workflowExecution, headers: {} })) as Ret;
    },
    async executeUpdate<Ret>(
      definition: { readonly name: string } | string,
      update: WorkflowUpdateOptions & { readonly args?: readonly unknown[] } = {},
    ): Promise<Ret> {
      return (await startUpdate<Ret>(definition, update, WorkflowUpdateStage.COMPLETED)).result();
    },
    startUpdate: <Ret>(
      definition: { readonly name: string } | string,
      { waitForStage, ...update }: WorkflowUpdateOptions & { args?: readonly unknown[]; waitForStage: 'ACCEPTED' },
    ) => startUpdate<Ret>(definition, update, waitForStage),
    getUpdateHandle: <Ret>(updateId: string) => createUpdateHandle<Ret>(context, target, updateId),
    async terminate(reason = '', ...details) {
      await calls.terminate({ workflowExecution, reason, details, firstExecutionRunId });
    },
    async cancel() {
      await calls.cancel({ workflowExecution, firstExecutionRunId });
    },
    pause: (reason = '') => pauseWorkflow(context, target, reason),
    reset: async (options) => ({ runId: await resetWorkflow(context, target, options) }),
    unpause: (reason = '') => unpauseWorkflow(context, target, reason),
    describe: () => calls.describe({ workflowExecution }),
    fetchHistory: () => fetchHistory(context, target),
  };
}

function nameOf(definition: { readonly name: string } | string): string {
  return typeof definition === 'string' ? definition : definition.name;
}
