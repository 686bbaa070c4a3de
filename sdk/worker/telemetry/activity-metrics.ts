import type { ActivityTask } from '../../../schemas/generated/messages.js';
import type { MetricMeter, MetricSink, MetricTags } from '../../common/metrics.js';

/** How an attempt ended for this worker; a benign failure is no failure to be counted. */
export type Ending = 'completed' | 'failed' | 'benign' | 'cancelled' | 'moot' | 'async';

/** What a worker measures of its activities. */
export interface ActivityMetrics {
  /** Where the activities' own metrics go. */
  readonly sink: MetricSink;
  /** An attempt came into its slot. `waitedMs` is how long it was in the queue. */
  begun(task: ActivityTask, waitedMs: number): void;
  ended(task: ActivityTask, how: Ending, durationMs: number): void;
}

/** The names are those of Temporal's workers, so that dashboards go on to work; times are in milliseconds. */
export function measureActivities(meter: MetricMeter, sink: MetricSink): ActivityMetrics {
  const received = meter.createCounter('activity_task_received');
  const waited = meter.createHistogram('activity_schedule_to_start_latency', 'int', 'ms');
  const latency = meter.createHistogram('activity_execution_latency', 'int', 'ms');
  const succeeded = meter.createHistogram('activity_succeed_endtoend_latency', 'int', 'ms');
  const failed = meter.createCounter('activity_execution_failed');
  const cancelled = meter.createCounter('activity_execution_cancelled');
  return {
    sink,
    begun(task, waitedMs) {
      received.add(1, tagsOf(task));
      waited.record(Math.max(0, waitedMs), tagsOf(task));
    },
    ended(task, how, durationMs) {
      const tags = tagsOf(task);
      latency.record(Math.max(0, durationMs), tags);
      if (how === 'failed') failed.add(1, tags);
      if (how === 'cancelled') cancelled.add(1, tags);
      if (how === 'completed') {
        succeeded.record(Math.max(0, task.attemptScheduledAt - task.scheduledAt + durationMs), tags);
      }
    },
  };
}

function tagsOf({ activityType, workflowType }: ActivityTask): MetricTags {
  return { activity_type: activityType, workflow_type: workflowType };
}
