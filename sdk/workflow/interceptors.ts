// What stands around workflow code: modules of the bundle may look at and change what goes in and out of a run.
import type { ActivityOptions, LocalActivityOptions } from '../common/activity-options.js';
import type { ChildWorkflowOptions } from '../common/child-workflow-options.js';
import type { Headers } from '../common/headers.js';
import { composeInterceptors, type Next } from '../common/interceptors.js';
import type { MetricTags } from '../common/metrics.js';
import type { Activation, RunCommand } from './activation.js';
import type { ContinueAsNewOptions } from './continue-as-new.js';
import { currentRun } from './current-run.js';
import type { WorkflowRun } from './run.js';
import type { TimerOptions } from './timers.js';

export type { Headers, Next };

/** Makes a run's interceptors. A module of `interceptors.workflowModules` exports one under the name `interceptors`. */
export type WorkflowInterceptorsFactory = () => WorkflowInterceptors;

/** Of several interceptors the first listed is called first. */
export interface WorkflowInterceptors {
  readonly inbound?: readonly WorkflowInboundCallsInterceptor[];
  readonly outbound?: readonly WorkflowOutboundCallsInterceptor[];
  readonly internals?: readonly WorkflowInternalsInterceptor[];
}

export interface WorkflowExecuteInput {
  readonly args: unknown[];
  readonly headers: Headers;
}

export interface SignalInput {
  readonly signalName: string;
  readonly args: unknown[];
  readonly headers: Headers;
}

export interface QueryInput {
  readonly queryId: string;
  readonly queryName: string;
  readonly args: unknown[];
  readonly headers: Headers;
}

export interface UpdateInput {
  readonly updateId: string;
  readonly name: string;
  readonly args: unknown[];
  readonly headers: Headers;
}

/** Around what comes in. Any method may be left out. */
export interface WorkflowInboundCallsInterceptor {
  execute?(input: WorkflowExecuteInput, next: Next<WorkflowInboundCallsInterceptor, 'execute'>): Promise<unknown>;
  handleSignal?(input: SignalInput, next: Next<WorkflowInboundCallsInterceptor, 'handleSignal'>): Promise<void>;
  /** A query is answered at once: the promise must not wait for anything, and a plain value will do. */
  handleQuery?(input: QueryInput, next: Next<WorkflowInboundCallsInterceptor, 'handleQuery'>): Promise<unknown>;
  handleUpdate?(input: UpdateInput, next: Next<WorkflowInboundCallsInterceptor, 'handleUpdate'>): Promise<unknown>;
  validateUpdate?(input: UpdateInput, next: Next<WorkflowInboundCallsInterceptor, 'validateUpdate'>): void;
}

export interface TimerInput {
  readonly durationMs: number;
  readonly seq: number;
  readonly options?: TimerOptions | undefined;
}

export interface ActivityInput {
  readonly activityType: string;
  readonly args: unknown[];
  readonly options: ActivityOptions;
  readonly headers: Headers;
  readonly seq: number;
}

export interface LocalActivityInput {
  readonly activityType: string;
  readonly args: unknown[];
  readonly options: LocalActivityOptions;
  readonly headers: Headers;
  readonly seq: number;
  /** From 1. A later attempt goes through here only after a durable wait. */
  readonly attempt: number;
}

export interface StartChildWorkflowExecutionInput {
  readonly workflowType: string;
  readonly options: ChildWorkflowOptions & { readonly workflowId: string; readonly args?: readonly unknown[] };
  readonly headers: Headers;
  readonly seq: number;
}

export interface SignalWorkflowInput {
  readonly seq: number;
  readonly signalName: string;
  readonly args: unknown[];
  readonly headers: Headers;
  readonly target:
    | {
        readonly type: 'external';
        readonly workflowExecution: { readonly workflowId: string; readonly runId?: string };
      }
    | { readonly type: 'child'; readonly childWorkflowId: string };
}

export interface ContinueAsNewInput {
  readonly args: unknown[];
  readonly headers: Headers;
  readonly options: ContinueAsNewOptions & { readonly workflowType: string };
}

export type GetLogAttributesInput = Record<string, unknown>;
export type GetMetricTagsInput = MetricTags;

/** Around what goes out. Any method may be left out. */
export interface WorkflowOutboundCallsInterceptor {
  startTimer?(input: TimerInput, next: Next<WorkflowOutboundCallsInterceptor, 'startTimer'>): Promise<void>;
  scheduleActivity?(
    input: ActivityInput,
    next: Next<WorkflowOutboundCallsInterceptor, 'scheduleActivity'>,
  ): Promise<unknown>;
  scheduleLocalActivity?(
    input: LocalActivityInput,
    next: Next<WorkflowOutboundCallsInterceptor, 'scheduleLocalActivity'>,
  ): Promise<unknown>;
  /** Resolves with a promise of the child's run id, once it has started, and one of its result. */
  startChildWorkflowExecution?(
    input: StartChildWorkflowExecutionInput,
    next: Next<WorkflowOutboundCallsInterceptor, 'startChildWorkflowExecution'>,
  ): Promise<[Promise<string>, Promise<unknown>]>;
  signalWorkflow?(
    input: SignalWorkflowInput,
    next: Next<WorkflowOutboundCallsInterceptor, 'signalWorkflow'>,
  ): Promise<void>;
  continueAsNew?(
    input: ContinueAsNewInput,
    next: Next<WorkflowOutboundCallsInterceptor, 'continueAsNew'>,
  ): Promise<never>;
  /** What goes with each line of the log. */
  getLogAttributes?(
    input: GetLogAttributesInput,
    next: Next<WorkflowOutboundCallsInterceptor, 'getLogAttributes'>,
  ): Record<string, unknown>;
  /** Tags of each value that the workflow measures. */
  getMetricTags?(input: GetMetricTagsInput, next: Next<WorkflowOutboundCallsInterceptor, 'getMetricTags'>): MetricTags;
}

export interface ActivateInput {
  readonly activation: Activation;
  readonly batchIndex: number;
}

export interface ConcludeActivationInput {
  readonly commands: readonly RunCommand[];
}

export type ConcludeActivationOutput = ConcludeActivationInput;

/** Around the steps of the run itself. Any method may be left out. */
export interface WorkflowInternalsInterceptor {
  activate?(input: ActivateInput, next: Next<WorkflowInternalsInterceptor, 'activate'>): void;
  /** May change the commands; a replay compares what it makes of them. */
  concludeActivation?(
    input: ConcludeActivationInput,
    next: Next<WorkflowInternalsInterceptor, 'concludeActivation'>,
  ): ConcludeActivationOutput;
}

export type RunInterceptors = Required<WorkflowInterceptors>;

export const noInterceptors: RunInterceptors = { inbound: [], outbound: [], internals: [] };

/** Has each module make the run's interceptors. Throws a TypeError for a module whose `interceptors` is no function. */
export function makeInterceptors(modules: ReadonlyArray<Readonly<Record<string, unknown>>>): RunInterceptors {
  const made: WorkflowInterceptors[] = [];
  for (const { interceptors } of modules) {
    if (interceptors === undefined) continue;
    if (typeof interceptors !== 'function') {
      throw new TypeError(`Failed to initialize workflow interceptors: 'interceptors' is ${typeof interceptors}`);
    }
    made.push(interceptors() as WorkflowInterceptors);
  }
  return {
    inbound: made.flatMap(({ inbound = [] }) => inbound),
    outbound: made.flatMap(({ outbound = [] }) => outbound),
    internals: made.flatMap(({ internals = [] }) => internals),
  };
}

/** The way in through the run's interceptors. */
export function inbound<M extends keyof WorkflowInboundCallsInterceptor>(
  run: WorkflowRun,
  method: M,
  last: Next<WorkflowInboundCallsInterceptor, M>,
): Next<WorkflowInboundCallsInterceptor, M> {
  return composeInterceptors(run.interceptors.inbound, method, last);
}

/** The way out through the interceptors of the run whose code is running. */
export function outbound<M extends keyof WorkflowOutboundCallsInterceptor>(
  method: M,
  last: Next<WorkflowOutboundCallsInterceptor, M>,
): Next<WorkflowOutboundCallsInterceptor, M> {
  return composeInterceptors(currentRun().interceptors.outbound, method, last);
}
