import type { Clock } from '../../../services/platform/clock.js';
import type { MetricMeter } from '../../common/metrics.js';
import type { Slots } from '../slots/slots.js';
import type { Watchable } from '../watched-number.js';

/** Shows how many slots are in use, and how many are left where that is known; Temporal's names. */
export function measureSlots(meter: MetricMeter, slots: Slots, running: Watchable): void {
  const used = meter.createGauge('worker_task_slots_used');
  const available = meter.createGauge('worker_task_slots_available');
  running.subscribe((count) => {
    used.set(count);
    if (slots.most !== undefined) available.set(Math.max(0, slots.most - count));
  });
}

/** Measures how long a workflow task or a query takes, from its slot to the acknowledged answer. */
export function timeWorkflowTasks(meter: MetricMeter, clock: Clock): (run: () => Promise<void>) => Promise<void> {
  const latency = meter.createHistogram('workflow_task_execution_latency', 'int', 'ms');
  return async (run) => {
    const startedAt = clock.now();
    await run();
    latency.record(Math.max(0, clock.now() - startedAt));
  };
}
