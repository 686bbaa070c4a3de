// A start that brings something along: a signal or an update, for the run that it starts or for the one that is open.
import { msOptionalToNumber } from '../common/duration.js';
import type { SignalDefinition, WithWorkflowArgs, Workflow } from '../common/workflow-definition.js';
import { WorkflowIdConflictPolicy } from '../common/workflow-options.js';
import { type ClientContext, forWorkflow } from './client-context.js';
import type { WorkflowStartUpdateWithStartInput, WorkflowStartUpdateWithStartOutput } from './interceptors.js';
import { ACKNOWLEDGE_TIMEOUT_MS } from './workflow-change.js';
import type { WorkflowHandle } from './workflow-handle.js';
import { startCommand, type WorkflowOptions, type WorkflowStartOptions } from './workflow-start.js';
import { answeredUpdate, inTime, updateRequest, type WorkflowUpdateOptions } from './workflow-update.js';

// biome-ignore lint/suspicious/noExplicitAny: as Temporal's, so that a signal of any arguments fits
type AnyArgs = any[];

/** Options of `signalWithStart`, without the workflow's arguments. */
export type WorkflowSignalWithStartOptions<Args extends AnyArgs = []> = WorkflowOptions & {
  readonly signal: SignalDefinition<Args> | string;
} & (Args extends [unknown, ...unknown[]] ? { readonly signalArgs: Args } : { readonly signalArgs?: Args });

/** Options of `signalWithStart`. */
export type SignalWithStartOptions<T extends Workflow, Args extends AnyArgs> = WithWorkflowArgs<
  T,
  WorkflowSignalWithStartOptions<Args>
>;

/** A handle from `signalWithStart`. */
export interface WorkflowHandleWithSignaledRunId<T extends Workflow = Workflow> extends WorkflowHandle<T> {
  /** The run that was signaled. */
  readonly signaledRunId: string;
}

/** Options of `executeUpdateWithStart`. */
export type UpdateWithStartOptions<T extends Workflow, Args extends AnyArgs> = WorkflowUpdateOptions & {
  readonly startWorkflowOperation: WithStartWorkflowOperation<T>;
} & (Args extends [unknown, ...unknown[]] ? { readonly args: Args } : { readonly args?: Args });

interface Settle<T> {
  readonly resolve: (value: T) => void;
  readonly reject: (error: unknown) => void;
}

/** The start of an update-with-start. It is used once. */
export class WithStartWorkflowOperation<T extends Workflow = Workflow> {
  readonly workflowTypeOrFunc: string | T;
  readonly options: WorkflowStartOptions<T> & { readonly workflowIdConflictPolicy: WorkflowIdConflictPolicy };
  readonly #handle: Promise<WorkflowHandle<T>>;
  readonly #settle: Settle<WorkflowHandle<T>>;
  #isUsed = false;

  constructor(
    workflowTypeOrFunc: string | T,
    options: WorkflowStartOptions<T> & { readonly workflowIdConflictPolicy: WorkflowIdConflictPolicy },
  ) {
    this.workflowTypeOrFunc = workflowTypeOrFunc;
    this.options = options;
    let settle: Settle<WorkflowHandle<T>> = { resolve: () => {}, reject: () => {} };
    this.#handle = new Promise((resolve, reject) => {
      settle = { resolve, reject };
    });
    this.#settle = settle;
    // Nobody need wait for it.
    this.#handle.catch(() => {});
  }

  /** The workflow that was started, or was open: resolves when the start has taken effect, rejects with what refused it. */
  workflowHandle(): Promise<WorkflowHandle<T>> {
    return this.#handle;
  }

  /** Uses the operation: the handle becomes what the start resolves with. Throws when it was used before. */
  async perform<R>(start: () => Promise<R>, handleOf: (started: R) => WorkflowHandle<T>): Promise<R> {
    if (this.#isUsed) throw new Error('This WithStartWorkflowOperation instance has already been executed.');
    this.#isUsed = true;
    try {
      const started = await start();
      this.#settle.resolve(handleOf(started));
      return started;
    } catch (error) {
      this.#settle.reject(error);
      throw error;
    }
  }
}

/** Starts the workflow if it isn't open, asks it for an update, and waits until a worker has accepted that. */
export async function startUpdateWithStart(
  unbound: ClientContext,
  input: WorkflowStartUpdateWithStartInput,
): Promise<WorkflowStartUpdateWithStartOutput> {
  const { workflowType, workflowStartOptions, workflowStartHeaders, updateName, updateArgs, updateOptions } = input;
  const context = forWorkflow(unbound, workflowStartOptions.workflowId);
  const update = await updateRequest(context, updateName, updateArgs, updateOptions, input.updateHeaders);
  const command = await startCommand(unbound, workflowType, workflowStartOptions, workflowStartHeaders, { update });
  const connection = await context.connect();
  const answer = await inTime(() =>
    connection.request(command, {
      acknowledgeTimeoutMs: ACKNOWLEDGE_TIMEOUT_MS,
      timeoutMs: msOptionalToNumber(updateOptions.timeout),
    }),
  );
  const { updateId, workflowRunId: runId, outcome } = answeredUpdate(answer, command.type, workflowType);
  const { workflowId } = workflowStartOptions;
  return { workflowExecution: { workflowId, runId }, updateId, updateOutcome: outcome };
}

/** The conflict policy of a signal with a start: the open run is the one that is meant, unless it is to be replaced. */
export function conflictPolicyOf({ workflowIdConflictPolicy }: WorkflowOptions): WorkflowIdConflictPolicy {
  if (workflowIdConflictPolicy === WorkflowIdConflictPolicy.FAIL) {
    throw new TypeError(
      'signalWithStart signals the workflow that is open: its workflowIdConflictPolicy can’t be FAIL',
    );
  }
  return workflowIdConflictPolicy ?? WorkflowIdConflictPolicy.USE_EXISTING;
}
