// The worker's end of sinks: functions that workflow code may call, without hearing of them again.

import type { Logger } from '../../services/platform/logger.js';
import { TypedSearchAttributes } from '../common/typed-search-attributes.js';
import type { SinkCall, Sinks } from '../workflow/sinks.js';
import type { WorkflowInfo } from '../workflow/workflow-info.js';

/** What a sink's function is told of the workflow that calls it. */
export type SinkWorkflowInfo = Omit<WorkflowInfo, 'unsafe'>;

/** A function of a sink, and whether it is called on replays as well. */
// biome-ignore lint/suspicious/noExplicitAny: any arguments at all, as in Temporal's types
export interface InjectedSinkFunction<F extends (...args: any[]) => void> {
  /** Its errors are only logged. */
  fn(info: SinkWorkflowInfo, ...args: Parameters<F>): void | Promise<void>;
  /** Default: false. */
  readonly callDuringReplay?: boolean;
}

/** The worker's functions for the sinks of its workflows. */
export type InjectedSinks<T extends Sinks> = {
  [S in keyof T]: { [F in keyof T[S]]: InjectedSinkFunction<T[S][F]> };
};

/** Calls the function that is meant, unless this is a replay that it doesn't want. Never rejects. */
export async function runSink(sinks: InjectedSinks<Sinks>, call: SinkCall, logger: Logger): Promise<void> {
  const injected = sinks[call.sink]?.[call.fn];
  const facts = { sink: call.sink, function: call.fn, workflowId: call.info.workflowId, runId: call.info.runId };
  if (injected === undefined) {
    logger.error('workflow code has called a sink that is not registered with this worker', facts);
    return;
  }
  if (call.isReplaying && !injected.callDuringReplay) return;
  const { typedSearchAttributes, ...info } = call.info;
  try {
    await injected.fn(
      { ...info, typedSearchAttributes: new TypedSearchAttributes(typedSearchAttributes) },
      ...call.args,
    );
  } catch (error) {
    logger.error('a function of a sink has failed', { ...facts, error });
  }
}
