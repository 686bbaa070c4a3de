import { createMeter, type Metric, type MetricMeter, type MetricTags } from '../common/metrics.js';
import { currentRun } from './current-run.js';
import { outbound } from './interceptors.js';

/** Takes a measured value out of the sandbox. */
export type MeasureOutside = (metric: Metric, value: number, tags: MetricTags) => void;

let measure: MeasureOutside = () => {};

export function installMetrics(installed: MeasureOutside): void {
  measure = installed;
}

/**
 * Measures from workflow code; where the values go is the worker's `Runtime`'s affair. On a replay nothing is measured,
 * since it was when the code first ran. Values have the workflow's namespace, task queue and type as tags.
 */
export const metricMeter: MetricMeter = createMeter((metric, value, tags) => {
  const { activation, isAnsweringQuery } = currentRun();
  if (!activation.isReplaying && !isAnsweringQuery) measure(metric, value, tags);
}, workflowTags);

function workflowTags(): MetricTags {
  const { namespace, taskQueue, workflowType } = currentRun().info;
  return outbound('getMetricTags', (tags) => tags)({ namespace, taskQueue, workflowType });
}
