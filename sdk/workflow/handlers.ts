// What handles signals, queries and updates, as workflow code sets it.

import { checkName } from '../common/reserved-names.js';
import {
  HandlerUnfinishedPolicy,
  type QueryDefinition,
  type SignalDefinition,
  type UpdateDefinition,
} from '../common/workflow-definition.js';
import { currentRun } from './current-run.js';
import type { Handler, WorkflowRun } from './run.js';
import { dispatchBufferedSignals } from './signals.js';
import { dispatchBufferedUpdates } from './updates.js';

// biome-ignore lint/suspicious/noExplicitAny: the definition's own types take over where it has some
type AnyArgs = any[];
type AnyDefinition = SignalDefinition<AnyArgs> | QueryDefinition<unknown, AnyArgs> | UpdateDefinition<unknown, AnyArgs>;

/** The function that handles what a definition names. */
export type HandlerOf<D> =
  D extends UpdateDefinition<infer R, infer A>
    ? (...args: A) => R | Promise<R>
    : D extends QueryDefinition<infer R, infer A>
      ? (...args: A) => R
      : D extends SignalDefinition<infer A>
        ? (...args: A) => void | Promise<void>
        : never;

/** Options of `setHandler` for a query. */
export interface QueryHandlerOptions {
  /** For people: the metadata query tells it. */
  readonly description?: string;
}

/** Options of `setHandler` for a signal. */
export interface SignalHandlerOptions {
  /** For people: the metadata query tells it. */
  readonly description?: string;
  /** What happens when the workflow ends while the handler runs. Default: it is let go of, and the worker's log warns. */
  readonly unfinishedPolicy?: HandlerUnfinishedPolicy;
}

/** Options of `setHandler` for an update. */
export interface UpdateHandlerOptions<Args extends AnyArgs = AnyArgs> extends SignalHandlerOptions {
  /** Refuses the update by throwing. It may only read, and is not run again on replay. */
  readonly validator?: ((...args: Args) => void) | undefined;
}

/** A signal of that name. Errors: TypeError for a reserved one. */
export function defineSignal<Args extends AnyArgs = [], Name extends string = string>(
  name: Name,
): SignalDefinition<Args, Name> {
  return { type: 'signal', name: checkName('signal', name) } as SignalDefinition<Args, Name>;
}

/** A query of that name. Errors: TypeError for a reserved one. */
export function defineQuery<Ret, Args extends AnyArgs = [], Name extends string = string>(
  name: Name,
): QueryDefinition<Ret, Args, Name> {
  return { type: 'query', name: checkName('query', name) } as QueryDefinition<Ret, Args, Name>;
}

/** An update of that name. Errors: TypeError for a reserved one. */
export function defineUpdate<Ret, Args extends AnyArgs = [], Name extends string = string>(
  name: Name,
): UpdateDefinition<Ret, Args, Name> {
  return { type: 'update', name: checkName('update', name) } as UpdateDefinition<Ret, Args, Name>;
}

/**
 * Sets what handles a signal, a query or an update; undefined takes the handler off. Signals and updates that came
 * before their handler are given to it here, in the order of their arrival.
 */
export function setHandler<D extends UpdateDefinition<unknown, AnyArgs>>(
  definition: D,
  handler: HandlerOf<D> | undefined,
  options?: UpdateHandlerOptions<D extends UpdateDefinition<unknown, infer Args> ? Args : AnyArgs>,
): void;
export function setHandler<Ret, Args extends AnyArgs, D extends QueryDefinition<Ret, Args>>(
  definition: D,
  handler: HandlerOf<D> | undefined,
  options?: QueryHandlerOptions,
): void;
export function setHandler<Args extends AnyArgs, D extends SignalDefinition<Args>>(
  definition: D,
  handler: HandlerOf<D> | undefined,
  options?: SignalHandlerOptions,
): void;
export function setHandler(
  definition: AnyDefinition,
  handler: Handler | undefined,
  options: UpdateHandlerOptions = {},
): void {
  const run = currentRun();
  run.assertMayChange();
  checkHandler(handler);
  const { type, name } = definition;
  const { description, validator, unfinishedPolicy = HandlerUnfinishedPolicy.WARN_AND_ABANDON } = options;
  const handlers = handlersOf(run, type);
  if (handler === undefined) handlers.delete(name);
  else
    handlers.set(name, { handle: handler, description, validator: validator as Handler | undefined, unfinishedPolicy });
  if (type === 'signal') dispatchBufferedSignals(run);
  if (type === 'update') dispatchBufferedUpdates(run);
}

/** Sets what handles the signals that have no handler of their own, those included that wait for one. */
export function setDefaultSignalHandler(
  handler: ((signalName: string, ...args: unknown[]) => Promise<void> | void) | undefined,
): void {
  const run = runToSetFor(handler);
  run.defaultHandlers.signal = handler as Handler | undefined;
  dispatchBufferedSignals(run);
}

/** Sets what handles the updates that have no handler of their own, those included that wait for one. */
export function setDefaultUpdateHandler(
  handler: ((updateName: string, ...args: unknown[]) => Promise<unknown> | unknown) | undefined,
): void {
  const run = runToSetFor(handler);
  run.defaultHandlers.update = handler as Handler | undefined;
  dispatchBufferedUpdates(run);
}

/** Sets what answers the queries that have no handler of their own. */
export function setDefaultQueryHandler(handler: ((queryName: string, ...args: AnyArgs) => unknown) | undefined): void {
  runToSetFor(handler).defaultHandlers.query = handler as Handler | undefined;
}

function runToSetFor(handler: unknown): WorkflowRun {
  const run = currentRun();
  run.assertMayChange();
  checkHandler(handler);
  return run;
}

function checkHandler(handler: unknown): void {
  if (handler === undefined || typeof handler === 'function') return;
  throw new TypeError(`Expected handler to be either a function or 'undefined'. Got: '${typeof handler}'`);
}

function handlersOf(run: WorkflowRun, type: AnyDefinition['type']): WorkflowRun['signalHandlers'] {
  switch (type) {
    case 'signal':
      return run.signalHandlers;
    case 'query':
      return run.queryHandlers;
    case 'update':
      return run.updateHandlers;
    default:
      throw new TypeError(`Invalid definition type: ${String(type)}`);
  }
}
