import type { Context as ActivityContext } from '../activity/context.js';
import type { ClientInterceptors } from '../client/interceptors.js';
import type { Headers } from '../common/headers.js';
import type { Next } from '../common/interceptors.js';
import type { MetricTags } from '../common/metrics.js';

/** What an activity is called with. */
export interface ActivityExecuteInput {
  readonly args: unknown[];
  /** What the workflow's interceptors passed along. */
  readonly headers: Headers;
}

/** Stands before an activity's function. */
export interface ActivityInboundCallsInterceptor {
  execute?: (input: ActivityExecuteInput, next: Next<ActivityInboundCallsInterceptor, 'execute'>) => Promise<unknown>;
}

export type GetLogAttributesInput = Record<string, unknown>;
export type GetMetricTagsInput = MetricTags;

/** Stands before what an activity says to the outside. */
export interface ActivityOutboundCallsInterceptor {
  /** Called for each line of the activity's log: what it returns goes with the line. */
  getLogAttributes?: (
    input: GetLogAttributesInput,
    next: Next<ActivityOutboundCallsInterceptor, 'getLogAttributes'>,
  ) => Record<string, unknown>;
  /** Called for each value of the activity's metrics: what it returns are the value's tags, before the metric's own. */
  getMetricTags?: (
    input: GetMetricTagsInput,
    next: Next<ActivityOutboundCallsInterceptor, 'getMetricTags'>,
  ) => MetricTags;
}

export interface ActivityInterceptors {
  readonly inbound?: ActivityInboundCallsInterceptor;
  readonly outbound?: ActivityOutboundCallsInterceptor;
}

/** Called for each attempt with its context. It may return the same interceptors each time. */
export type ActivityInterceptorsFactory = (context: ActivityContext) => ActivityInterceptors;

/** Temporal's older form, of inbound interceptors only. */
export type ActivityInboundCallsInterceptorFactory = (context: ActivityContext) => ActivityInboundCallsInterceptor;

/** The interceptors of a worker; of several the first listed is the outermost. */
export interface WorkerInterceptors {
  /** Of the worker's client, which its activities are given. */
  readonly client?: ClientInterceptors;
  readonly activity?: readonly ActivityInterceptorsFactory[];
  /** Modules that export `interceptors`, a WorkflowInterceptorsFactory; they are bundled with the workflows. */
  readonly workflowModules?: readonly string[];
  /** As `activity`, and before those. */
  readonly activityInbound?: readonly ActivityInboundCallsInterceptorFactory[];
}

/** All of a worker's activity interceptors in one form and order. */
export function activityInterceptorsOf(interceptors: WorkerInterceptors = {}): readonly ActivityInterceptorsFactory[] {
  const { activity = [], activityInbound = [] } = interceptors;
  const older = activityInbound.map(
    (factory): ActivityInterceptorsFactory =>
      (context) => ({ inbound: factory(context) }),
  );
  return [...older, ...activity];
}
