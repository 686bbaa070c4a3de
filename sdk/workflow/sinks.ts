// The way out of the sandbox for what workflow code wants told: calls without an answer, made once the code has run.
import type { SearchAttributePair } from '../common/typed-search-attributes.js';
import { currentRun } from './current-run.js';
import { type WorkflowInfo, workflowInfo } from './workflow-info.js';

// biome-ignore lint/suspicious/noExplicitAny: any arguments at all, as in Temporal's types
export type SinkFunction = (...args: any[]) => void;
/** Functions by name. */
export type Sink = Record<string, SinkFunction>;
/** Sinks by name. */
export type Sinks = Record<string, Sink>;

/** A call on its way out: data only. */
export interface SinkCall {
  readonly sink: string;
  readonly fn: string;
  readonly args: readonly unknown[];
  readonly info: PlainWorkflowInfo;
  readonly isReplaying: boolean;
}

/** `workflowInfo()` without what can't leave the sandbox. */
export type PlainWorkflowInfo = Omit<WorkflowInfo, 'typedSearchAttributes' | 'unsafe'> & {
  readonly typedSearchAttributes: readonly SearchAttributePair[];
};

/** Takes a call out of the sandbox. Throws for arguments that can't be copied. */
export type PassSinkCall = (call: SinkCall) => void;

let pass: PassSinkCall = () => {};

export function installSinks(installed: PassSinkCall): void {
  pass = installed;
}

/**
 * Functions of the worker's `sinks` that workflow code may call. They return nothing, so that nothing of the outside comes
 * in. Arguments are copied; those that can't be are a TypeError. On a replay only the functions that ask for it are called.
 */
export function proxySinks<T extends Sinks>(): T {
  return new Proxy({} as T, {
    get(_, sink) {
      return new Proxy(
        {},
        {
          get(_target, fn) {
            return (...args: unknown[]) => callSink(String(sink), String(fn), args);
          },
        },
      );
    },
  });
}

function callSink(sink: string, fn: string, args: readonly unknown[]): void {
  const { activation, isAnsweringQuery } = currentRun();
  pass({ sink, fn, args, info: plainInfo(), isReplaying: activation.isReplaying || isAnsweringQuery });
}

function plainInfo(): PlainWorkflowInfo {
  const { unsafe: _, typedSearchAttributes, ...info } = workflowInfo();
  return { ...info, typedSearchAttributes: typedSearchAttributes.getAll() };
}
