// What user code and the worker measure with; Temporal's interfaces. Where the values go is the Runtime's affair.

/** Names of a series beside the metric's own; each combination of values is a series. */
export type MetricTags = Record<string, string | number | boolean>;
export type NumericMetricValueType = 'int' | 'float';
export type MetricKind = 'counter' | 'histogram' | 'gauge' | 'up-down-counter';

export interface Metric {
  readonly name: string;
  readonly unit?: string;
  readonly description?: string;
  readonly kind: MetricKind;
  readonly valueType: NumericMetricValueType;
}

export interface MetricCounter extends Metric {
  readonly kind: 'counter';
  /** Adds a value that isn't negative. */
  add(value: number, extraTags?: MetricTags): void;
  withTags(tags: MetricTags): MetricCounter;
}

export interface MetricHistogram extends Metric {
  readonly kind: 'histogram';
  /** Records a value that isn't negative. */
  record(value: number, extraTags?: MetricTags): void;
  withTags(tags: MetricTags): MetricHistogram;
}

export interface MetricGauge extends Metric {
  readonly kind: 'gauge';
  set(value: number, extraTags?: MetricTags): void;
  withTags(tags: MetricTags): MetricGauge;
}

export interface MetricUpDownCounter extends Metric {
  readonly kind: 'up-down-counter';
  add(value: number, extraTags?: MetricTags): void;
  withTags(tags: MetricTags): MetricUpDownCounter;
}

/** Makes metrics. The same name made twice is the same metric. */
export interface MetricMeter {
  createCounter(name: string, unit?: string, description?: string): MetricCounter;
  createHistogram(
    name: string,
    valueType?: NumericMetricValueType,
    unit?: string,
    description?: string,
  ): MetricHistogram;
  createGauge(name: string, valueType?: NumericMetricValueType, unit?: string, description?: string): MetricGauge;
  createUpDownCounter(name: string, unit?: string, description?: string): MetricUpDownCounter;
  /** A meter whose metrics all have these tags too. */
  withTags(tags: MetricTags): MetricMeter;
}

/** Takes every value as it is measured. */
export type MetricSink = (metric: Metric, value: number, tags: MetricTags) => void;

/** A meter that hands its values to the sink. `tagsOf` is asked at each value. */
export function createMeter(sink: MetricSink, tagsOf: () => MetricTags = () => ({})): MetricMeter {
  return {
    createCounter: (name, unit, description) =>
      counter(sink, { ...described(name, unit, description), kind: 'counter', valueType: 'int' }, tagsOf),
    createHistogram: (name, valueType = 'int', unit, description) =>
      histogram(sink, { ...described(name, unit, description), kind: 'histogram', valueType }, tagsOf),
    createGauge: (name, valueType = 'int', unit, description) =>
      gauge(sink, { ...described(name, unit, description), kind: 'gauge', valueType }, tagsOf),
    createUpDownCounter: (name, unit, description) =>
      upDownCounter(sink, { ...described(name, unit, description), kind: 'up-down-counter', valueType: 'int' }, tagsOf),
    withTags: (tags) => createMeter(sink, () => ({ ...tagsOf(), ...tags })),
  };
}

/** Measures nothing. */
export const noopMetricMeter: MetricMeter = createMeter(() => undefined);

function described(name: string, unit: string | undefined, description: string | undefined) {
  return { name, ...(unit !== undefined && { unit }), ...(description !== undefined && { description }) };
}

function counter(
  sink: MetricSink,
  metric: Metric & { readonly kind: 'counter' },
  tagsOf: () => MetricTags,
): MetricCounter {
  return {
    ...metric,
    add(value, extraTags) {
      refuseNegative(metric, value);
      sink(metric, value, { ...tagsOf(), ...extraTags });
    },
    withTags: (tags) => counter(sink, metric, () => ({ ...tagsOf(), ...tags })),
  };
}

function histogram(
  sink: MetricSink,
  metric: Metric & { readonly kind: 'histogram' },
  tagsOf: () => MetricTags,
): MetricHistogram {
  return {
    ...metric,
    record(value, extraTags) {
      refuseNegative(metric, value);
      sink(metric, value, { ...tagsOf(), ...extraTags });
    },
    withTags: (tags) => histogram(sink, metric, () => ({ ...tagsOf(), ...tags })),
  };
}

function gauge(sink: MetricSink, metric: Metric & { readonly kind: 'gauge' }, tagsOf: () => MetricTags): MetricGauge {
  return {
    ...metric,
    set(value, extraTags) {
      refuseNegative(metric, value);
      sink(metric, value, { ...tagsOf(), ...extraTags });
    },
    withTags: (tags) => gauge(sink, metric, () => ({ ...tagsOf(), ...tags })),
  };
}

function upDownCounter(
  sink: MetricSink,
  metric: Metric & { readonly kind: 'up-down-counter' },
  tagsOf: () => MetricTags,
): MetricUpDownCounter {
  return {
    ...metric,
    add: (value, extraTags) => sink(metric, value, { ...tagsOf(), ...extraTags }),
    withTags: (tags) => upDownCounter(sink, metric, () => ({ ...tagsOf(), ...tags })),
  };
}

/** Temporal's servers and exporters take no negative value but of an up-down counter. */
function refuseNegative(metric: Metric, value: number): void {
  if (value < 0)
    throw new RangeError(`Metric ${metric.kind} '${metric.name}' value must be non-negative (got ${value})`);
}
