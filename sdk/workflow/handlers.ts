import type { Payload } from '../../schemas/generated/messages.js';
import { arrayFromPayloads, encodeValue } from '../common/converter/payloads.js';
import type { QueryDefinition, SignalDefinition } from '../common/workflow-definition.js';
import type { QueryAnswer } from './activation.js';
import { converters } from './converters.js';
import { currentRun } from './current-run.js';
import { DeterminismViolationError } from './errors.js';
import { failWith } from './outcome.js';
import type { Handler, SignalJob, WorkflowRun } from './run.js';

/** What may be asked of a workflow, and what handles it. */
// biome-ignore lint/suspicious/noExplicitAny: the definition's own types take over where it has some
type AnyDefinition = SignalDefinition<any[]> | QueryDefinition<any, any[]>;
type HandlerOf<D> =
  D extends SignalDefinition<infer A>
    ? (...args: A) => void | Promise<void>
    : D extends QueryDefinition<infer R, infer A>
      ? (...args: A) => R
      : never;

/** Options of `setHandler`. */
export interface HandlerOptions {
  /** For people. Not kept yet. */
  readonly description?: string;
}

/** Names starting so are the SDK's own. */
const RESERVED_PREFIX = '__temporal_';

/** A signal of that name. */
export function defineSignal<Args extends unknown[] = [], Name extends string = string>(
  name: Name,
): SignalDefinition<Args, Name> {
  return { type: 'signal', name: checkName('signal', name) } as SignalDefinition<Args, Name>;
}

/** A query of that name. */
export function defineQuery<Ret, Args extends unknown[] = [], Name extends string = string>(
  name: Name,
): QueryDefinition<Ret, Args, Name> {
  return { type: 'query', name: checkName('query', name) } as QueryDefinition<Ret, Args, Name>;
}

/**
 * Sets what handles a signal or a query; undefined takes the handler off. Signals that came before their handler are
 * given to it here, in the order of their arrival.
 */
export function setHandler<D extends AnyDefinition>(
  definition: D,
  handler: HandlerOf<D> | undefined,
  _options?: HandlerOptions,
): void {
  const run = currentRun();
  run.assertMayChange();
  if (handler !== undefined && typeof handler !== 'function') {
    throw new TypeError(`Expected handler to be either a function or 'undefined'. Got: '${typeof handler}'`);
  }
  const { type, name } = definition;
  const handlers = handlersOf(run, type);
  if (handler === undefined) handlers.delete(name);
  else handlers.set(name, handler as Handler);
  if (type === 'signal' && handler !== undefined) dispatchBuffered(run, name);
}

/** Runs a signal's handler up to its first wait; keeps the signal when there is none yet. */
export function dispatchSignal(run: WorkflowRun, signal: SignalJob): void {
  const handler = run.signalHandlers.get(signal.signalName);
  if (handler === undefined) {
    run.bufferedSignals.push(signal);
    return;
  }
  run.rootScope
    .run(async () => void (await handler(...arrayFromPayloads(run.converters.payloadConverter, signal.input))))
    .catch((error: unknown) => failWith(run, error));
}

function dispatchBuffered(run: WorkflowRun, name: string): void {
  const mine = run.bufferedSignals.filter((signal) => signal.signalName === name);
  const others = run.bufferedSignals.filter((signal) => signal.signalName !== name);
  run.bufferedSignals.splice(0, Number.POSITIVE_INFINITY, ...others);
  for (const signal of mine) dispatchSignal(run, signal);
}

/** Answers a query at once: its handler may neither wait nor change anything. */
export function answerQuery(run: WorkflowRun, name: string, input: readonly Payload[]): QueryAnswer {
  const handler = run.queryHandlers.get(name);
  if (handler === undefined) return { kind: 'unknown', failure: failureOf(unknownQuery(run, name)) };
  const { payloadConverter } = run.converters;
  try {
    const answer = run.readOnly(() => handler(...arrayFromPayloads(payloadConverter, input)));
    if (answer instanceof Promise) {
      throw new DeterminismViolationError(`Query handlers should not return a Promise: '${name}' did`);
    }
    return { kind: 'answered', result: encodeValue(payloadConverter, `the answer of query '${name}'`, answer) };
  } catch (error) {
    return { kind: 'failed', failure: failureOf(error) };
  }
}

function unknownQuery(run: WorkflowRun, name: string): ReferenceError {
  const registered = [...run.queryHandlers.keys()].sort().join(' ');
  return new ReferenceError(`Workflow did not register a handler for ${name}. Registered queries: [${registered}]`);
}

function failureOf(error: unknown) {
  const { failureConverter, payloadConverter } = converters();
  return failureConverter.errorToFailure(error, payloadConverter);
}

function handlersOf(run: WorkflowRun, type: unknown): Map<string, Handler> {
  if (type === 'signal') return run.signalHandlers;
  if (type === 'query') return run.queryHandlers;
  throw new TypeError(`Invalid definition type: ${String(type)}`);
}

function checkName<Name extends string>(what: string, name: Name): Name {
  if (!name.startsWith(RESERVED_PREFIX)) return name;
  throw new TypeError(`Cannot define a ${what} named '${name}': the prefix ${RESERVED_PREFIX} is reserved`);
}
