import type { Failure, Payload } from '../../schemas/generated/messages.js';
import { ChildWorkflowCancellationType, type ChildWorkflowOptions } from '../common/child-workflow-options.js';
import { fromPayloadsAtIndex } from '../common/converter/payloads.js';
import { ApplicationFailure } from '../common/failure/application-failure.js';
import {
  CancelledFailure,
  ChildWorkflowFailure,
  RetryState,
  WorkflowExecutionAlreadyStartedError,
} from '../common/failure/failure.js';
import {
  extractWorkflowType,
  type SignalDefinition,
  type WithWorkflowArgs,
  type Workflow,
  type WorkflowResultType,
} from '../common/workflow-definition.js';
import type { JobTypes } from './activation.js';
import { CancellationScope } from './cancellation-scope.js';
import { type Child, childWorkflowCommand } from './child-workflow-command.js';
import { type Converters, workflowConverters } from './converters.js';
import { currentRun } from './current-run.js';
import { requestCancel, signalOther } from './external-workflows.js';
import { outbound, type StartChildWorkflowExecutionInput } from './interceptors.js';
import { uuid4 } from './random.js';
import type { WorkflowRun } from './run.js';

/** A child workflow that has started. It is cancelled through the scope that it was started in. */
export interface ChildWorkflowHandle<T extends Workflow> {
  readonly workflowId: string;
  /** The first run of its chain. */
  readonly firstExecutionRunId: string;
  /** The child's result. Rejects with a ChildWorkflowFailure that has the child's failure as its cause. */
  result(): Promise<WorkflowResultType<T>>;
  /** Sends the child a signal. Resolves once the child has it; rejects with an ApplicationFailure if it has closed. */
  signal<Args extends unknown[] = []>(definition: SignalDefinition<Args> | string, ...args: Args): Promise<void>;
}

/**
 * Starts a child workflow. Resolves once it has started.
 * Errors: WorkflowExecutionAlreadyStartedError where a workflow with the id stands in the way, ChildWorkflowFailure where
 * the child is cancelled before it has started.
 */
export async function startChild<T extends Workflow>(
  workflow: string | T,
  ...[options]: ChildArguments<T>
): Promise<ChildWorkflowHandle<T>> {
  const run = currentRun();
  const { workflowId, outcome } = begin(run, workflow, options ?? {});
  const [started, completed] = await outcome;
  const firstExecutionRunId = await started;
  return {
    workflowId,
    firstExecutionRunId,
    result: async () => (await completed) as WorkflowResultType<T>,
    signal: (definition, ...args) =>
      signalOther(run, { workflowId, runId: null, childWorkflowOnly: true }, definition, args),
  };
}

/** Starts a child workflow and waits for its result. Rejects as `startChild` does, and as the child's `result` does. */
export async function executeChild<T extends Workflow>(
  workflow: string | T,
  ...[options]: ChildArguments<T>
): Promise<WorkflowResultType<T>> {
  const [, completed] = await begin(currentRun(), workflow, options ?? {}).outcome;
  return (await completed) as WorkflowResultType<T>;
}

/** The options may be left out for a workflow without arguments. */
type ChildArguments<T extends Workflow> =
  Parameters<T> extends [unknown, ...unknown[]]
    ? [options: WithWorkflowArgs<T, ChildWorkflowOptions>]
    : [options?: WithWorkflowArgs<T, ChildWorkflowOptions>];

/** What waits for a child: for its start and for its end. */
export class PendingChild {
  readonly started: Promise<string>;
  readonly completed: Promise<unknown>;
  readonly #run: WorkflowRun;
  readonly #seq: number;
  readonly #child: Child;
  readonly #converters: Converters;
  #start: { readonly resolve: (runId: string) => void; readonly reject: (error: unknown) => void } | undefined;
  #end: { readonly resolve: (result: unknown) => void; readonly reject: (error: unknown) => void } | undefined;
  #runId = '';
  #forget: () => void = () => {};

  constructor(run: WorkflowRun, seq: number, child: Child, converters: Converters) {
    this.#run = run;
    this.#seq = seq;
    this.#child = child;
    this.#converters = converters;
    this.started = new Promise((resolve, reject) => {
      this.#start = { resolve, reject };
    });
    this.completed = new Promise((resolve, reject) => {
      this.#end = { resolve, reject };
    });
    // Nobody need wait for both of them.
    this.started.catch(() => {});
    this.completed.catch(() => {});
  }

  /** Cancels it with its scope. */
  watch(scope: CancellationScope, cancellationType: ChildWorkflowCancellationType): void {
    if (scope.cancellable) this.#forget = scope.onCancel(() => this.#cancel(cancellationType));
  }

  start({ runId }: JobTypes['startChildWorkflow']): void {
    this.#runId = runId;
    this.#start?.resolve(runId);
  }

  failStart({ cause, message }: JobTypes['failChildWorkflowStart']): void {
    const { workflowId, workflowType } = this.#child;
    this.#reject(
      cause === 'WORKFLOW_ALREADY_EXISTS'
        ? new WorkflowExecutionAlreadyStartedError('Workflow execution already started', workflowId, workflowType)
        : this.#failure(RetryState.NON_RETRYABLE_FAILURE, new ApplicationFailure(message, cause, true)),
    );
  }

  complete(result: Payload | null): void {
    const { payloadConverter } = this.#converters;
    this.#settle();
    this.#end?.resolve(fromPayloadsAtIndex(payloadConverter, 0, result === null ? [] : [result]));
  }

  fail(failure: Failure): void {
    const { failureConverter, payloadConverter } = this.#converters;
    const { namespace } = this.#run.info;
    const info = failure.childWorkflowInfo;
    const childWorkflowInfo = info === null ? null : { ...info, namespace };
    this.#reject(failureConverter.failureToError({ ...failure, childWorkflowInfo }, payloadConverter));
  }

  /** A child that was not asked for yet leaves no trace. */
  #cancel(cancellationType: ChildWorkflowCancellationType): void {
    const run = this.#run;
    const wasSent = !run.takeBack('startChildWorkflowExecution', this.#seq);
    if (wasSent && cancellationType !== 'ABANDON') {
      const target = { workflowId: this.#child.workflowId, runId: null, childWorkflowOnly: true };
      const cancelled = () => {
        if (cancellationType === 'WAIT_CANCELLATION_REQUESTED') this.#reject(this.#cancelled());
      };
      // It may have ended just now, and then can't be found.
      requestCancel(run, target, 'Parent workflow requested cancel', cancelled, () => {});
    }
    if (wasSent && cancellationType.startsWith('WAIT_')) return;
    // What the child comes to in the end has nobody waiting for it any more.
    this.#reject(this.#cancelled());
  }

  #cancelled(): ChildWorkflowFailure {
    return this.#failure(RetryState.CANCEL_REQUESTED, new CancelledFailure('Child Workflow execution cancelled'));
  }

  #failure(retryState: RetryState, cause: Error): ChildWorkflowFailure {
    const { workflowId, workflowType } = this.#child;
    const execution = this.#runId === '' ? { workflowId } : { workflowId, runId: this.#runId };
    return new ChildWorkflowFailure(this.#run.info.namespace, execution, workflowType, retryState, cause);
  }

  #reject(error: unknown): void {
    this.#settle();
    this.#start?.reject(error);
    this.#end?.reject(error);
  }

  #settle(): void {
    this.#forget();
    this.#run.children.delete(this.#seq);
  }
}

function begin<T extends Workflow>(run: WorkflowRun, workflow: string | T, options: BeginOptions) {
  const workflowType = extractWorkflowType(workflow);
  const { workflowId = uuid4(), cancellationType = 'WAIT_CANCELLATION_COMPLETED' } = options;
  if (!Object.hasOwn(ChildWorkflowCancellationType, cancellationType)) {
    throw new TypeError(`cancellationType must be one of ${Object.keys(ChildWorkflowCancellationType).join(', ')}`);
  }
  const execute = outbound('startChildWorkflowExecution', async (input) => beginNow(run, input));
  const seq = run.nextSeq('child');
  const outcome = execute({ workflowType, options: { ...options, workflowId, cancellationType }, headers: {}, seq });
  return { workflowId, outcome };
}

function beginNow(
  run: WorkflowRun,
  { workflowType, options, headers, seq }: StartChildWorkflowExecutionInput,
): [Promise<string>, Promise<unknown>] {
  const { workflowId, taskQueue = run.info.taskQueue, args = [] } = options;
  const scope = CancellationScope.current();
  if (scope.consideredCancelled) {
    const cancelled = new Promise<never>((_, reject) => scope.onCancel(reject));
    // Nobody need wait for both of them.
    cancelled.catch(() => {});
    return [cancelled, cancelled];
  }
  const child = { workflowId, workflowType, taskQueue, args, headers };
  const converters = workflowConverters(run, workflowId);
  // Made first: an argument that can't be encoded must not leave a pending child behind.
  const command = childWorkflowCommand(child, options, converters.payloadConverter);
  run.command('startChildWorkflowExecution', command, seq);
  const pending = new PendingChild(run, seq, child, converters);
  run.children.set(seq, pending);
  pending.watch(scope, options.cancellationType ?? 'WAIT_CANCELLATION_COMPLETED');
  return [pending.started, pending.completed];
}

type BeginOptions = ChildWorkflowOptions & { readonly args?: readonly unknown[] };
