import type { DataConverter } from '../common/converter/data-converter.js';
import { type Duration, msToNumber } from '../common/duration.js';
import { composeInterceptors } from '../common/interceptors.js';
import {
  extractWorkflowType,
  type UpdateDefinition,
  type Workflow,
  type WorkflowResultType,
} from '../common/workflow-definition.js';
import { type ClientContext, checkId, encodeInput, forWorkflow } from './client-context.js';
import { Connection } from './connection.js';
import { type StartInterceptor, startInterceptors, type WorkflowClientInterceptor } from './interceptors.js';
import { loadDataConverter } from './load-data-converter.js';
import type { Answer } from './requests.js';
import {
  conflictPolicyOf,
  type SignalWithStartOptions,
  startUpdateWithStart,
  type UpdateWithStartOptions,
  type WithStartWorkflowOperation,
  type WorkflowHandleWithSignaledRunId,
} from './with-start.js';
import { type WorkflowCalls, workflowCalls } from './workflow-calls.js';
import {
  createWorkflowHandle,
  type GetWorkflowHandleOptions,
  type WorkflowHandle,
  type WorkflowHandleOptions,
  type WorkflowHandleWithFirstExecutionRunId,
  type WorkflowResultOptions,
} from './workflow-handle.js';
import { compiled, type Launch, launch } from './workflow-launch.js';
import { QueryRejectCondition } from './workflow-query.js';
import { awaitEnd, resultOf } from './workflow-result.js';
import { startCommand, type WorkflowOptions, type WorkflowStartOptions } from './workflow-start.js';
import { createUpdateHandle, type WorkflowUpdateHandle, type WorkflowUpdateOptions } from './workflow-update.js';

// biome-ignore lint/suspicious/noExplicitAny: as Temporal's, so that any arguments fit
type AnyArgs = any[];

export interface WorkflowClientOptions {
  /** Default: one that connects to the default addresses at its first use. */
  readonly connection?: Connection;
  /** Default: the connection's, which is `default` unless a test's environment has made it. */
  readonly namespace?: string;
  /** Who this client is, to people who read histories. Default: the connection's. */
  readonly identity?: string;
  readonly dataConverter?: DataConverter;
  /** In which states of a workflow its queries are refused. Default: none. */
  readonly queryRejectCondition?: QueryRejectCondition;
  /** Stand between the calls and the services, the first one first. Default: none. */
  readonly interceptors?: readonly WorkflowClientInterceptor[];
  /** How long `query` and `describe` wait for their answer. Default: 10 seconds. */
  readonly requestTimeout?: Duration;
}

/** Starts workflows and talks to them. */
export class WorkflowClient {
  readonly connection: Connection;
  readonly options: WorkflowClientOptions;
  readonly #context: ClientContext;
  readonly #interceptors: readonly WorkflowClientInterceptor[];
  /** What of them stands before a start. */
  readonly #starters: readonly StartInterceptor[];
  readonly #calls: WorkflowCalls;

  constructor(options: WorkflowClientOptions = {}) {
    const { connection = Connection.lazy(), namespace = connection.defaultNamespace } = options;
    this.connection = connection;
    this.options = options;
    this.#context = {
      connect: () => connection.namespace(namespace),
      namespace,
      identity: options.identity ?? connection.identity,
      clock: connection.workflowClock,
      newId: connection.newId,
      dataConverter: loadDataConverter(options.dataConverter),
      requestTimeoutMs: msToNumber(options.requestTimeout ?? '10 seconds'),
    };
    this.#interceptors = options.interceptors ?? [];
    this.#starters = startInterceptors(this.#interceptors);
    this.#calls = workflowCalls(this.#context, this.#interceptors);
  }

  /**
   * Starts a workflow. It is accepted once Kafka has it, also while no history service is running: see the handle's
   * `startStatus`.
   * Errors: WorkflowExecutionAlreadyStartedError; ValueError and TypeError for options and arguments that can't be
   * used; ServiceError.
   */
  async start<T extends Workflow>(
    workflowTypeOrFunc: string | T,
    options: WorkflowStartOptions<T>,
  ): Promise<WorkflowHandleWithFirstExecutionRunId<T>> {
    const workflowType = extractWorkflowType(workflowTypeOrFunc);
    let launched: Launch | undefined;
    const start = composeInterceptors(this.#starters, 'startWithDetails', async (input) => {
      launched = await launch(
        this.#context,
        await startCommand(this.#context, input.workflowType, input.options, input.headers),
        input.options,
      );
      return { runId: (await launched.started)?.runId ?? launched.proposedRunId, eagerlyStarted: false };
    });
    const { runId, eagerlyStarted } = await start({ workflowType, headers: {}, options: compiled(options) });
    const handle = this.#handleTo<T>({
      workflowId: launched?.workflowId ?? options.workflowId,
      firstExecutionRunId: runId,
      followRuns: options.followRuns ?? true,
      runIdForResult: async () => (launched === undefined ? runId : (await launched.accepted()).runId),
    });
    const isStarted = launched === undefined || (await launched.started) !== undefined;
    return { ...handle, firstExecutionRunId: runId, startStatus: isStarted ? 'STARTED' : 'ACCEPTED', eagerlyStarted };
  }

  /** Starts a workflow and waits for its result. Errors: those of `start` and of a handle's `result`. */
  async execute<T extends Workflow>(
    workflowTypeOrFunc: string | T,
    options: WorkflowStartOptions<T>,
  ): Promise<WorkflowResultType<T>> {
    const workflowType = extractWorkflowType(workflowTypeOrFunc);
    const { followRuns = true } = options;
    const refused = new AbortController();
    let eager: Promise<Answer> | undefined;
    const start = composeInterceptors(this.#starters, 'startWithDetails', async (input) => {
      const command = await startCommand(this.#context, input.workflowType, input.options, input.headers);
      const launched = await launch(this.#context, command, input.options);
      // The wait for the result goes out together with the start, behind it in the same batch. Only where the start may
      // be given another run than it proposes does it have to wait for the answer.
      if (command.workflowIdConflictPolicy !== 'USE_EXISTING') {
        const proposed = { workflowId: launched.workflowId, runId: launched.proposedRunId };
        eager = awaitEnd(this.#context, launched.connection, proposed, { followRuns, signal: refused.signal });
        eager.catch(() => undefined);
      }
      return { runId: (await launched.accepted()).runId, eagerlyStarted: false };
    });
    try {
      const { runId } = await start({ workflowType, headers: {}, options: compiled(options) });
      const { workflowId } = options;
      const connection = await this.#context.connect();
      const closed = await (eager ?? awaitEnd(this.#context, connection, { workflowId, runId }, { followRuns }));
      return (await resultOf(forWorkflow(this.#context, workflowId), closed)) as WorkflowResultType<T>;
    } finally {
      refused.abort();
    }
  }

  /**
   * Signals the workflow, and starts it first if it isn't open: both or neither take effect. Errors: those of `start`;
   * TypeError for the conflict policy FAIL.
   */
  async signalWithStart<T extends Workflow, Args extends AnyArgs = []>(
    workflowTypeOrFunc: string | T,
    options: SignalWithStartOptions<T, Args>,
  ): Promise<WorkflowHandleWithSignaledRunId<T>> {
    const workflowType = extractWorkflowType(workflowTypeOrFunc);
    // The arguments' types stand in the way of taking the options apart.
    const { signal, signalArgs = [], ...start } = options as WorkflowOptions & SignalAlong;
    const signalName = typeof signal === 'string' ? signal : signal.name;
    checkId('signal name', signalName);
    const startOptions = compiled({ ...start, workflowIdConflictPolicy: conflictPolicyOf(start) });
    let launched: Launch | undefined;
    const signalWithStart = composeInterceptors(this.#interceptors, 'signalWithStart', async (input) => {
      const { headers } = input;
      const context = forWorkflow(this.#context, input.options.workflowId);
      const signalInput = await encodeInput(context, `signal '${input.signalName}'`, input.signalArgs);
      const along = { signal: { signalName: input.signalName, input: signalInput, headers } };
      const command = await startCommand(this.#context, input.workflowType, input.options, headers, along);
      launched = await launch(this.#context, command, input.options);
      return (await launched.started)?.runId ?? launched.proposedRunId;
    });
    const runId = await signalWithStart({ workflowType, signalName, signalArgs, headers: {}, options: startOptions });
    const handle = this.#handleTo<T>({
      workflowId: options.workflowId,
      followRuns: options.followRuns ?? true,
      runIdForResult: async () => (launched === undefined ? runId : (await launched.accepted()).runId),
    });
    return { ...handle, signaledRunId: runId };
  }

  /**
   * Asks the workflow for an update, and starts it first if it isn't open; waits for the update's end. Errors: those of
   * `start` and of a handle's `executeUpdate`.
   */
  async executeUpdateWithStart<T extends Workflow, Ret, Args extends AnyArgs = []>(
    definition: UpdateDefinition<Ret, Args> | string,
    options: UpdateWithStartOptions<T, Args>,
  ): Promise<Ret> {
    return (await this.#updateWithStart<T, Ret>(definition, options)).result();
  }

  /** As `executeUpdateWithStart`, but waits only until a worker has accepted the update, or it is over. */
  startUpdateWithStart<T extends Workflow, Ret, Args extends AnyArgs = []>(
    definition: UpdateDefinition<Ret, Args> | string,
    options: UpdateWithStartOptions<T, Args> & { readonly waitForStage: 'ACCEPTED' },
  ): Promise<WorkflowUpdateHandle<Ret>> {
    return this.#updateWithStart<T, Ret>(definition, options);
  }

  async #updateWithStart<T extends Workflow, Ret>(
    definition: { readonly name: string } | string,
    options: WorkflowUpdateOptions & {
      readonly args?: readonly unknown[];
      readonly startWorkflowOperation: WithStartWorkflowOperation<T>;
    },
  ): Promise<WorkflowUpdateHandle<Ret>> {
    const { startWorkflowOperation: operation, args = [], updateId = this.#context.newId(), timeout } = options;
    const start = composeInterceptors(this.#interceptors, 'startUpdateWithStart', (input) =>
      startUpdateWithStart(this.#context, input),
    );
    const { workflowExecution, ...update } = await operation.perform(
      () =>
        start({
          workflowType: extractWorkflowType(operation.workflowTypeOrFunc),
          workflowStartOptions: compiled(operation.options),
          workflowStartHeaders: {},
          updateName: typeof definition === 'string' ? definition : definition.name,
          updateArgs: args,
          updateOptions: { updateId, timeout },
          updateHeaders: {},
        }),
      ({ workflowExecution: { workflowId, runId } }) =>
        this.#handleTo<T>({
          workflowId,
          firstExecutionRunId: runId,
          followRuns: operation.options.followRuns ?? true,
          runIdForResult: async () => runId,
        }),
    );
    const { workflowId, runId } = workflowExecution;
    const context = forWorkflow(this.#context, workflowId);
    return createUpdateHandle(context, { workflowId, runId }, update.updateId, update.updateOutcome);
  }

  /** A handle to a workflow, and to its current run unless one is named. Nothing is asked of the services. */
  getHandle<T extends Workflow>(
    workflowId: string,
    runId?: string,
    options: GetWorkflowHandleOptions = {},
  ): WorkflowHandle<T> {
    checkId('workflowId', workflowId);
    const { firstExecutionRunId, followRuns = true } = options;
    const runIdForResult = async () => runId ?? firstExecutionRunId;
    return this.#handleTo<T>({ workflowId, runId, firstExecutionRunId, followRuns, runIdForResult });
  }

  /** Waits for a workflow's result, as a handle's `result` does. */
  result<T extends Workflow>(
    workflowId: string,
    runId?: string,
    options: WorkflowResultOptions & { readonly followRuns?: boolean } = {},
  ): Promise<WorkflowResultType<T>> {
    return this.getHandle<T>(workflowId, runId, options).result(options);
  }

  #handleTo<T extends Workflow>(
    options: Pick<
      WorkflowHandleOptions,
      'workflowId' | 'runId' | 'firstExecutionRunId' | 'followRuns' | 'runIdForResult'
    >,
  ): WorkflowHandle<T> {
    const { queryRejectCondition = QueryRejectCondition.NONE } = this.options;
    const [context, calls] = [this.#context, this.#calls];
    return createWorkflowHandle<T>({ client: this, context, calls, queryRejectCondition, ...options });
  }
}

interface SignalAlong {
  readonly signal: { readonly name: string } | string;
  readonly signalArgs?: readonly unknown[];
}
