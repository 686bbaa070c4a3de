// The converters of the data converter in force, which come with the bundle and so are made anew for each run.
import { defaultFailureConverter, type FailureConverter } from '../common/converter/failure-converter.js';
import { defaultPayloadConverter, type PayloadConverter } from '../common/converter/payload-converter.js';
import { convertersWithContext } from '../common/converter/serialization-context.js';
import { currentRun } from './current-run.js';
import type { WorkflowRun } from './run.js';
import { workflowContext } from './workflow-info.js';

export interface Converters {
  readonly payloadConverter: PayloadConverter;
  readonly failureConverter: FailureConverter;
}

export const defaultConverters: Converters = {
  payloadConverter: defaultPayloadConverter,
  failureConverter: defaultFailureConverter,
};

/** Those that the bundle brings, and the default ones in place of the others. */
export function convertersOf(bundle: {
  readonly payloadConverter: PayloadConverter | undefined;
  readonly failureConverter: FailureConverter | undefined;
}): Converters {
  const { payloadConverter, failureConverter } = defaultConverters;
  return {
    payloadConverter: bundle.payloadConverter ?? payloadConverter,
    failureConverter: bundle.failureConverter ?? failureConverter,
  };
}

/** Tells the run's converters whose values they convert, before the first is. */
export function bindConverters(run: WorkflowRun, workflowId: string): void {
  run.converters = convertersWithContext(run.unboundConverters, workflowContext(workflowId));
}

/** For values of the current run: its arguments, result, signals, queries, updates, memo. */
export function converters(): Converters {
  return currentRun().converters;
}

/** For values of an activity of the run. */
export function activityConverters(run: WorkflowRun, activityId: string, isLocal = false): Converters {
  const { namespace, workflowId } = run.info;
  return convertersWithContext(run.unboundConverters, {
    type: 'activity',
    namespace,
    workflowId,
    activityId,
    isLocal,
  });
}

/** For values of a workflow that the run calls: a child, or one that it signals. */
export function workflowConverters(run: WorkflowRun, workflowId: string): Converters {
  return convertersWithContext(run.unboundConverters, workflowContext(workflowId));
}
