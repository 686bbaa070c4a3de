import type { Metric, MetricSink, MetricTags } from '../../common/metrics.js';

export interface MetricsBufferOptions {
  /** Updates kept; beyond it new ones are dropped, with an error in the log. Default: 10,000. */
  readonly maxBufferSize?: number;
  /** Whether the worker's own times are in seconds. Default: false. */
  readonly useSecondsForDurations?: boolean;
}

export interface BufferedMetricUpdate {
  readonly metric: Metric;
  /** Of counters what was added, else the value itself. */
  readonly value: number;
  readonly attributes: MetricTags;
}

/** Keeps what is measured until the program fetches it: `metrics: { buffer }` of the Runtime's telemetry options. */
export class MetricsBuffer {
  readonly maxBufferSize: number;
  readonly useSecondsForDurations: boolean;
  #updates: BufferedMetricUpdate[] = [];
  #dropped = 0;

  constructor(options: MetricsBufferOptions = {}) {
    this.maxBufferSize = options.maxBufferSize ?? 10_000;
    this.useSecondsForDurations = options.useSecondsForDurations ?? false;
  }

  /** What was measured since the last call, in order. Call it often enough. */
  retrieveUpdates(): ArrayIterator<BufferedMetricUpdate> {
    const updates = this.#updates;
    this.#updates = [];
    this.#dropped = 0;
    return updates.values();
  }

  /** The Runtime's way in. `onDropped` is called at the first update that finds the buffer full. */
  sink(onDropped: () => void): MetricSink {
    return (metric, measured, attributes) => {
      if (this.#updates.length >= this.maxBufferSize) {
        this.#dropped += 1;
        if (this.#dropped === 1) onDropped();
        return;
      }
      const value = this.useSecondsForDurations && metric.unit === 'ms' ? measured / 1_000 : measured;
      this.#updates.push({ metric, value, attributes });
    };
  }
}
