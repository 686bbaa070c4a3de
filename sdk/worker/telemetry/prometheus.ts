// Gathers what is measured, and says it in Prometheus' text format.
import type { Metric, MetricSink, MetricTags } from '../../common/metrics.js';

/** Series kept, some megabytes at most: tags with ever new values would fill the memory. */
const MAX_SERIES = 10_000;

/** Upper bounds of the buckets of a histogram that has none of its own; milliseconds for the worker's own. */
const DEFAULT_BUCKETS = [1, 5, 10, 25, 50, 100, 250, 500, 1_000, 2_500, 5_000, 10_000, 60_000];

export interface PrometheusOptions {
  /** Whether the names of counters end in `_total`. Default: false. */
  readonly countersTotalSuffix?: boolean;
  /** Whether the names of histograms end in their unit. Default: false. */
  readonly unitSuffix?: boolean;
  /** Whether the worker's own times are in seconds. Default: false. */
  readonly useSecondsForDurations?: boolean;
  /** Upper bounds of buckets by the histogram's name, with or without its prefix. */
  readonly histogramBucketOverrides?: Readonly<Record<string, readonly number[]>>;
}

export interface PrometheusGatherer {
  readonly sink: MetricSink;
  /** The text that a scrape is answered with. */
  text(): string;
}

interface Family {
  readonly metric: Metric;
  readonly series: Map<string, Series>;
}

interface Series {
  value: number;
  /** Of a histogram: how many values lie at or below each bound. */
  readonly buckets: number[];
  count: number;
}

/** `prefix` is what the names of the worker's own metrics begin with. */
export function gatherForPrometheus(
  options: PrometheusOptions,
  globalTags: MetricTags,
  prefix: string,
  onDropped: (name: string) => void,
): PrometheusGatherer {
  const families = new Map<string, Family>();
  let seriesCount = 0;
  const inSeconds = (metric: Metric) => options.useSecondsForDurations === true && metric.unit === 'ms';
  const boundsOf = ({ name }: Metric): readonly number[] => {
    const { histogramBucketOverrides: overrides = {} } = options;
    return overrides[name] ?? overrides[name.slice(name.startsWith(prefix) ? prefix.length : 0)] ?? DEFAULT_BUCKETS;
  };

  function seriesOf(metric: Metric, tags: MetricTags): Series | undefined {
    const family = families.get(metric.name) ?? { metric, series: new Map<string, Series>() };
    families.set(metric.name, family);
    const key = labelsOf({ ...globalTags, ...tags });
    const known = family.series.get(key);
    if (known) return known;
    if (seriesCount >= MAX_SERIES) {
      onDropped(metric.name);
      return undefined;
    }
    seriesCount += 1;
    const series = { value: 0, buckets: boundsOf(metric).map(() => 0), count: 0 };
    family.series.set(key, series);
    return series;
  }

  return {
    sink(metric, measured, tags) {
      const series = seriesOf(metric, tags);
      if (!series) return;
      const value = inSeconds(metric) ? measured / 1_000 : measured;
      series.count += 1;
      series.value = metric.kind === 'gauge' ? value : series.value + value;
      if (metric.kind !== 'histogram') return;
      for (const [index, bound] of boundsOf(metric).entries()) {
        if (value <= bound) series.buckets[index] = (series.buckets[index] ?? 0) + 1;
      }
    },
    text() {
      const lines = [...families.values()].flatMap(({ metric, series }) => {
        const name = nameOf(metric, options, inSeconds(metric));
        const bounds = boundsOf(metric);
        return [
          ...(metric.description ? [`# HELP ${name} ${escapeHelp(metric.description)}`] : []),
          `# TYPE ${name} ${typeOf(metric)}`,
          ...[...series].flatMap(([labels, each]) =>
            metric.kind === 'histogram'
              ? histogramLines(name, labels, each, bounds)
              : [`${name}${braced(labels)} ${each.value}`],
          ),
        ];
      });
      return lines.map((line) => `${line}\n`).join('');
    },
  };
}

function histogramLines(name: string, labels: string, series: Series, bounds: readonly number[]): string[] {
  const withBound = (bound: string) => braced([labels, `le="${bound}"`].filter((part) => part !== '').join(','));
  return [
    ...bounds.map((bound, index) => `${name}_bucket${withBound(String(bound))} ${series.buckets[index] ?? 0}`),
    `${name}_bucket${withBound('+Inf')} ${series.count}`,
    `${name}_sum${braced(labels)} ${series.value}`,
    `${name}_count${braced(labels)} ${series.count}`,
  ];
}

function nameOf(metric: Metric, options: PrometheusOptions, inSeconds: boolean): string {
  const name = metric.name.replace(/[^a-zA-Z0-9_:]/g, '_');
  if (metric.kind === 'counter') return options.countersTotalSuffix ? `${name}_total` : name;
  if (metric.kind !== 'histogram' || !options.unitSuffix || !metric.unit) return name;
  const unit = metric.unit === 'ms' ? (inSeconds ? 'seconds' : 'milliseconds') : metric.unit;
  return `${name}_${unit.replace(/[^a-zA-Z0-9_]/g, '_')}`;
}

function typeOf({ kind }: Metric): string {
  return kind === 'up-down-counter' ? 'gauge' : kind;
}

/** The labels of a series in one order, so that the same tags are the same series. */
function labelsOf(tags: MetricTags): string {
  return Object.entries(tags)
    .filter(([, value]) => value !== undefined && value !== null)
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([key, value]) => `${key.replace(/[^a-zA-Z0-9_]/g, '_')}="${escapeLabel(String(value))}"`)
    .join(',');
}

function braced(labels: string): string {
  return labels === '' ? '' : `{${labels}}`;
}

function escapeLabel(value: string): string {
  return value.replace(/\\/g, '\\\\').replace(/"/g, '\\"').replace(/\n/g, '\\n');
}

function escapeHelp(text: string): string {
  return text.replace(/\\/g, '\\\\').replace(/\n/g, '\\n');
}
