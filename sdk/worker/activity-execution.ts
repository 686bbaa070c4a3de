// One call of an activity's function, wherever the activity comes from: its context, its interceptors, what it logs and
// measures with. Values are plain here; who calls it decodes and encodes.

import type { Clock } from '../../services/platform/clock.js';
import type { ActivityCancellationDetails } from '../activity/cancellation.js';
import { asyncLocalStorage, Context } from '../activity/context.js';
import type { Info } from '../activity/info.js';
import type { Client } from '../client/client.js';
import { composeInterceptors } from '../common/interceptors.js';
import type { Logger } from '../common/logger.js';
import { createMeter, type MetricMeter, type MetricSink, type MetricTags } from '../common/metrics.js';
import type { ActivityFunction } from '../common/workflow-definition.js';
import type {
  ActivityExecuteInput,
  ActivityInboundCallsInterceptor,
  ActivityInterceptorsFactory,
  ActivityOutboundCallsInterceptor,
} from './interceptors.js';
import { loggerWithAttributes } from './telemetry/logger-with-attributes.js';

export interface ActivityExecutionOptions {
  readonly info: Info;
  readonly interceptors: readonly ActivityInterceptorsFactory[];
  /** Aborted with a `CancelledFailure` when the activity should stop. */
  readonly cancellationSignal: AbortSignal;
  readonly cancellationDetails: () => ActivityCancellationDetails | undefined;
  readonly heartbeat: (details: unknown) => void;
  /** What the worker logs with; the activity's attributes are added to each line. */
  readonly logger: Logger;
  /** Takes what the activity measures. */
  readonly metrics: MetricSink;
  readonly client: (() => Client) | undefined;
  readonly clock: Clock;
}

export interface ActivityExecution {
  readonly context: Context;
  /** Logs of the activity rather than for it: with its attributes, as the worker. */
  readonly workerLogger: Logger;
  /** Measures of the activity as the worker: with its tags. */
  readonly meter: MetricMeter;
  /** Calls the function behind the interceptors, in the activity's context. */
  run(activity: ActivityFunction, input: ActivityExecuteInput): Promise<unknown>;
}

/** Makes an attempt ready to be called. Throws what an interceptor's factory throws. */
export function prepareActivity(options: ActivityExecutionOptions): ActivityExecution {
  const { info, logger } = options;
  const inbound: ActivityInboundCallsInterceptor[] = [];
  const outbound: ActivityOutboundCallsInterceptor[] = [];
  const attributes = () => composeInterceptors(outbound, 'getLogAttributes', (input) => input)(logAttributes(info));
  const tags = () => composeInterceptors(outbound, 'getMetricTags', (input) => input)(metricTags(info));
  const withAttributes = loggerWithAttributes(logger, attributes);
  const component = (sdkComponent: string) => loggerWithAttributes(withAttributes, () => ({ sdkComponent }));
  const meter = createMeter(options.metrics, tags);
  const context = new Context({ ...options, log: component('activity'), metricMeter: meter });
  for (const factory of options.interceptors) {
    const interceptors = factory(context);
    if (interceptors.inbound) inbound.push(interceptors.inbound);
    if (interceptors.outbound) outbound.push(interceptors.outbound);
  }
  return {
    context,
    workerLogger: component('worker'),
    meter,
    run(activity, input) {
      const execute = composeInterceptors(inbound, 'execute', async ({ args }) => activity(...args));
      return asyncLocalStorage.run(context, async () => execute(input));
    },
  };
}

/** What goes with every line of an activity's log; Temporal's names. */
function logAttributes(info: Info): Record<string, unknown> {
  return {
    isLocal: info.isLocal,
    attempt: info.attempt,
    namespace: info.namespace,
    taskToken: info.base64TaskToken,
    workflowId: info.workflowExecution.workflowId,
    workflowRunId: info.workflowExecution.runId,
    workflowType: info.workflowType,
    activityId: info.activityId,
    activityType: info.activityType,
    taskQueue: info.taskQueue,
  };
}

function metricTags({ namespace, taskQueue, activityType }: Info): MetricTags {
  return { namespace, taskQueue, activityType };
}
