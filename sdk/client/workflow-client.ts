import type { DataConverter } from '../common/converter/data-converter.js';
import { type Duration, msToNumber } from '../common/duration.js';
import { extractWorkflowType, type Workflow, type WorkflowResultType } from '../common/workflow-definition.js';
import { type ClientContext, checkId, forWorkflow } from './client-context.js';
import { Connection } from './connection.js';
import { loadDataConverter } from './load-data-converter.js';
import { accepted, sendChange } from './workflow-change.js';
import {
  createWorkflowHandle,
  type GetWorkflowHandleOptions,
  type WorkflowHandle,
  type WorkflowHandleWithFirstExecutionRunId,
  type WorkflowResultOptions,
} from './workflow-handle.js';
import { QueryRejectCondition } from './workflow-query.js';
import { awaitEnd, resultOf } from './workflow-result.js';
import { startCommand, type WorkflowStartOptions } from './workflow-start.js';

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
  /** How long `query` and `describe` wait for their answer. Default: 10 seconds. */
  readonly requestTimeout?: Duration;
}

/** Starts workflows and talks to them. */
export class WorkflowClient {
  readonly connection: Connection;
  readonly options: WorkflowClientOptions;
  readonly #context: ClientContext;

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
    const command = await startCommand(this.#context, workflowType, options);
    const { workflowId, runId: proposedRunId } = command.header;
    const connection = await this.#context.connect();
    const change = sendChange(connection, command, msToNumber(options.startTimeout ?? '5 seconds'));
    const answer = await change.first;
    const started = answer === undefined ? undefined : accepted(answer, command.type, workflowType);
    const firstExecutionRunId = started?.runId ?? proposedRunId ?? '';
    const handle = createWorkflowHandle<T>({
      client: this,
      context: this.#context,
      workflowId,
      firstExecutionRunId,
      followRuns: options.followRuns ?? true,
      runIdForResult: async () => (started ?? accepted(await change.answer, command.type, workflowType)).runId,
      queryRejectCondition: this.#queryRejectCondition(),
    });
    const startStatus = started === undefined ? 'ACCEPTED' : 'STARTED';
    return { ...handle, firstExecutionRunId, startStatus, eagerlyStarted: false };
  }

  /** Starts a workflow and waits for its result. Errors: those of `start` and of a handle's `result`. */
  async execute<T extends Workflow>(
    workflowTypeOrFunc: string | T,
    options: WorkflowStartOptions<T>,
  ): Promise<WorkflowResultType<T>> {
    const workflowType = extractWorkflowType(workflowTypeOrFunc);
    const command = await startCommand(this.#context, workflowType, options);
    const { workflowId, runId: proposedRunId } = command.header;
    const connection = await this.#context.connect();
    const { followRuns = true } = options;
    const refused = new AbortController();
    const { answer } = sendChange(connection, command, msToNumber(options.startTimeout ?? '5 seconds'));
    // The wait for the result goes out together with the start, behind it in the same batch. Only where the start may
    // be given another run than it proposes does it have to wait for the answer.
    const proposed = { workflowId, runId: proposedRunId ?? undefined };
    const eager =
      command.workflowIdConflictPolicy === 'USE_EXISTING'
        ? undefined
        : awaitEnd(this.#context, connection, proposed, { followRuns, signal: refused.signal });
    eager?.catch(() => undefined);
    try {
      const { runId } = accepted(await answer, command.type, workflowType);
      const closed = await (eager ?? awaitEnd(this.#context, connection, { workflowId, runId }, { followRuns }));
      return (await resultOf(forWorkflow(this.#context, workflowId), closed)) as WorkflowResultType<T>;
    } finally {
      refused.abort();
    }
  }

  /** A handle to a workflow, and to its current run unless one is named. Nothing is asked of the services. */
  getHandle<T extends Workflow>(
    workflowId: string,
    runId?: string,
    options: GetWorkflowHandleOptions = {},
  ): WorkflowHandle<T> {
    checkId('workflowId', workflowId);
    const { firstExecutionRunId, followRuns = true } = options;
    return createWorkflowHandle<T>({
      client: this,
      context: this.#context,
      workflowId,
      runId,
      firstExecutionRunId,
      followRuns,
      runIdForResult: async () => runId ?? firstExecutionRunId,
      queryRejectCondition: this.#queryRejectCondition(),
    });
  }

  /** Waits for a workflow's result, as a handle's `result` does. */
  result<T extends Workflow>(
    workflowId: string,
    runId?: string,
    options: WorkflowResultOptions & { readonly followRuns?: boolean } = {},
  ): Promise<WorkflowResultType<T>> {
    return this.getHandle<T>(workflowId, runId, options).result(options);
  }

  #queryRejectCondition(): QueryRejectCondition {
    return this.options.queryRejectCondition ?? QueryRejectCondition.NONE;
  }
}
