// The types that tie a workflow's code to its callers. They use `any` where Temporal's do, on purpose: a handle to a
// workflow of unknown type gives `any`, so that a program changes over by its imports alone.

/** A workflow's code. */
// biome-ignore lint/suspicious/noExplicitAny: see the head of this file
export type Workflow = (...args: any[]) => WorkflowReturnType;

// biome-ignore lint/suspicious/noExplicitAny: see the head of this file
export type WorkflowReturnType = Promise<any>;

/** A signal's handler. */
// biome-ignore lint/suspicious/noExplicitAny: see the head of this file
export type WorkflowSignalType = (...args: any[]) => Promise<void> | void;

/** A query's handler. */
// biome-ignore lint/suspicious/noExplicitAny: see the head of this file
export type WorkflowQueryType = (...args: any[]) => any;

/** An update's handler. */
// biome-ignore lint/suspicious/noExplicitAny: see the head of this file
export type WorkflowUpdateType = (...args: any[]) => Promise<any> | any;

/** An update's validator; it rejects the update by throwing. */
// biome-ignore lint/suspicious/noExplicitAny: see the head of this file
export type WorkflowUpdateValidatorType = (...args: any[]) => void;

/** What a workflow resolves with. */
export type WorkflowResultType<W extends Workflow> = ReturnType<W> extends Promise<infer R> ? R : never;

/** Options with the workflow's arguments, which are required when it takes any. */
export type WithWorkflowArgs<W extends Workflow, T> = T &
  (Parameters<W> extends [unknown, ...unknown[]]
    ? { readonly args: Parameters<W> | Readonly<Parameters<W>> }
    : { readonly args?: Parameters<W> | Readonly<Parameters<W>> });

/** A workflow, and a run of it. */
export interface WorkflowExecution {
  readonly workflowId: string;
  readonly runId?: string;
}

declare const argsBrand: unique symbol;
declare const resultBrand: unique symbol;

/** A signal's name, with the types of its arguments. */
// biome-ignore lint/suspicious/noExplicitAny: see the head of this file
export interface SignalDefinition<Args extends any[] = [], Name extends string = string> {
  readonly type: 'signal';
  readonly name: Name;
  readonly [argsBrand]: Args;
}

/** A query's name, with the types of its arguments and its answer. */
// biome-ignore lint/suspicious/noExplicitAny: see the head of this file
export interface QueryDefinition<Ret, Args extends any[] = [], Name extends string = string> {
  readonly type: 'query';
  readonly name: Name;
  readonly [argsBrand]: Args;
  readonly [resultBrand]: Ret;
}

/** An update's name, with the types of its arguments and its result. */
// biome-ignore lint/suspicious/noExplicitAny: see the head of this file
export interface UpdateDefinition<Ret, Args extends any[] = [], Name extends string = string> {
  readonly type: 'update';
  readonly name: Name;
  readonly [argsBrand]: Args;
  readonly [resultBrand]: Ret;
}

/** What a workflow does about handlers of signals and updates that have not finished when it closes. */
export const HandlerUnfinishedPolicy = {
  /** Lets go of them, and warns. */
  WARN_AND_ABANDON: 'WARN_AND_ABANDON',
  /** Lets go of them. */
  ABANDON: 'ABANDON',
} as const;
export type HandlerUnfinishedPolicy = (typeof HandlerUnfinishedPolicy)[keyof typeof HandlerUnfinishedPolicy];

/** What handles of workflows have in common, in clients and in workflow code. */
export interface BaseWorkflowHandle<T extends Workflow> {
  readonly workflowId: string;
  /** Resolves with the workflow's result once it has completed. */
  result(): Promise<WorkflowResultType<T>>;
  // biome-ignore lint/suspicious/noExplicitAny: see the head of this file
  signal<Args extends any[] = [], Name extends string = string>(
    def: SignalDefinition<Args, Name> | string,
    ...args: Args
  ): Promise<void>;
}

/** A workflow's history with its id, to be replayed. */
export interface HistoryAndWorkflowId {
  workflowId: string;
  history: unknown;
}

/** An activity's code. */
// biome-ignore lint/suspicious/noExplicitAny: see the head of this file
export type ActivityFunction<P extends any[] = any[], R = any> = (...args: P) => Promise<R>;

/** Activities by name. */
export type ActivityInterface = Record<string, ActivityFunction>;

/** Activities of unknown types by name, for `proxyActivities<UntypedActivities>`. */
export type UntypedActivities = ActivityInterface;

/** The name a workflow goes by. Throws a TypeError for an anonymous function. */
export function extractWorkflowType(workflow: string | Workflow): string {
  if (typeof workflow === 'string') return workflow;
  if (typeof workflow !== 'function')
    throw new TypeError(`Invalid workflow type: expected a string or a function, got ${typeof workflow}`);
  if (workflow.name === '') throw new TypeError('Invalid workflow type: the workflow function is anonymous');
  return workflow.name;
}
