import type { Duration } from '../common/duration.js';
import { ValueError } from '../common/errors.js';
import type { Logger, LogLevel } from '../common/logger.js';
import type { MetricsBuffer } from './telemetry/metrics-buffer.js';
import type { PrometheusOptions } from './telemetry/prometheus.js';

/** What all workers of a process share; names and defaults are Temporal's. */
export interface RuntimeOptions {
  /**
   * Takes what workers, activities and workflows log. Default: JSON lines on stderr, from MILLRACE_LOG_LEVEL on, or the
   * logger of a worker's connection.
   */
  readonly logger?: Logger;
  readonly telemetryOptions?: TelemetryOptions;
  /** Signals at which the process's workers shut down. Default: SIGINT, SIGTERM, SIGQUIT and SIGUSR2. */
  readonly shutdownSignals?: readonly NodeJS.Signals[];
  /** Without effect: no service gathers the state of workers yet. */
  readonly workerHeartbeatInterval?: Duration;
}

export interface TelemetryOptions {
  /** Without effect: there is no native part whose lines would need a way of their own, all go to `logger`. */
  readonly logging?: LogExporterConfig;
  /** Default: nothing is measured. */
  readonly metrics?: MetricsExporterConfig;
  /** Temporal's older name of `metrics.metricPrefix: ''`. */
  readonly noTemporalPrefixForMetrics?: boolean;
  /** Without effect, as `logging`. */
  readonly tracingFilter?: string;
  /** Without effect, as in Temporal. */
  readonly tracing?: unknown;
}

export interface LogExporterConfig {
  readonly filter?: string | CoreLogFilterOptions;
  readonly console?: object;
  readonly forward?: { readonly level?: LogLevel };
}

export interface CoreLogFilterOptions {
  readonly core: LogLevel;
  /** Default: ERROR. */
  readonly other?: LogLevel;
}

export type MetricsExporterConfig = {
  /** What the names of the worker's own metrics begin with. Default: `temporal_`, so that dashboards go on to work. */
  readonly metricPrefix?: string;
  /** Tags of every metric, but where they are buffered. */
  readonly globalTags?: Record<string, string>;
  /** Whether the worker's own metrics have the tag `service_name`. Default: true. */
  readonly attachServiceName?: boolean;
} & (PrometheusMetricsExporter | BufferedMetricsExporter | OtelCollectorExporter);

export interface PrometheusMetricsExporter {
  readonly prometheus: PrometheusOptions & {
    /** Where `GET /metrics` is served, as `127.0.0.1:9464`. */
    readonly bindAddress: string;
  };
}

export interface BufferedMetricsExporter {
  readonly buffer: MetricsBuffer;
}

/** Refused: see `compileRuntimeOptions`. */
export interface OtelCollectorExporter {
  readonly otel: { readonly url: string };
}

/** Temporal's filter of its native part's log; for programs that build one. */
export function makeTelemetryFilterString({ core, other }: CoreLogFilterOptions): string {
  return `${other ?? 'ERROR'},temporalio_sdk_core=${core},temporalio_client=${core},temporalio_common=${core}`;
}

export interface CompiledRuntimeOptions {
  readonly logger: Logger | undefined;
  readonly shutdownSignals: readonly NodeJS.Signals[];
  readonly metricPrefix: string;
  readonly globalTags: Record<string, string>;
  readonly serviceTags: Record<string, string>;
  readonly prometheus: PrometheusMetricsExporter['prometheus'] | undefined;
  readonly buffer: MetricsBuffer | undefined;
}

/** Throws a ValueError for what is not supported. */
export function compileRuntimeOptions(options: RuntimeOptions): CompiledRuntimeOptions {
  const { metrics, noTemporalPrefixForMetrics } = options.telemetryOptions ?? {};
  if (metrics !== undefined && 'otel' in metrics) {
    throw new ValueError(
      'telemetryOptions.metrics.otel is not supported: no OpenTelemetry exporter is built in. Have a collector scrape ' +
        'metrics.prometheus, or export what metrics.buffer gathers',
    );
  }
  return {
    logger: options.logger,
    shutdownSignals: options.shutdownSignals ?? ['SIGINT', 'SIGTERM', 'SIGQUIT', 'SIGUSR2'],
    metricPrefix: metrics?.metricPrefix ?? (noTemporalPrefixForMetrics ? '' : 'temporal_'),
    globalTags: metrics?.globalTags ?? {},
    serviceTags: metrics?.attachServiceName === false ? {} : { service_name: 'millrace' },
    prometheus: metrics && 'prometheus' in metrics ? metrics.prometheus : undefined,
    buffer: metrics && 'buffer' in metrics ? metrics.buffer : undefined,
  };
}
