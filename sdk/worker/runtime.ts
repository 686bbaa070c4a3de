import { createLogger } from '../../services/platform/logger.js';
import { IllegalStateError } from '../common/errors.js';
import type { Logger } from '../common/logger.js';
import { createMeter, type Metric, type MetricMeter, type MetricSink } from '../common/metrics.js';
import { type CompiledRuntimeOptions, compileRuntimeOptions, type RuntimeOptions } from './runtime-options.js';
import { type ShutdownSignals, watchShutdownSignals } from './shutdown-signals.js';
import { type MetricsEndpoint, openMetricsEndpoint } from './telemetry/metrics-endpoint.js';
import { gatherForPrometheus } from './telemetry/prometheus.js';
import { userLogger } from './telemetry/user-logger.js';

/**
 * What all workers of this process share: where they log, what they measure with, which signals shut them down. There
 * is one at a time. It ends with the last worker that uses it; a later one begins anew with the options last installed.
 */
export class Runtime {
  static #current: { readonly runtime: Runtime; readonly wasInstalled: boolean } | undefined;
  static #lastOptions: RuntimeOptions = {};

  readonly options: CompiledRuntimeOptions;
  /** Takes what workers log. */
  readonly logger: Logger;
  /** Measures what the program wants measured, without a prefix. */
  readonly metricMeter: MetricMeter;
  /** Where the values go that anything measures. */
  readonly metricSink: MetricSink;
  readonly #signals: ShutdownSignals;
  readonly #endpoint: MetricsEndpoint | undefined;
  #users = 0;

  /**
   * Sets the process's runtime up, before the first worker is made. Throws an IllegalStateError when there is one, a
   * ValueError for options that are not supported.
   */
  static install(options: RuntimeOptions): Runtime {
    if (Runtime.#current?.wasInstalled) throw new IllegalStateError('Runtime singleton has already been installed');
    if (Runtime.#current) {
      throw new IllegalStateError(
        'Runtime singleton has already been instantiated. Did you start a Worker before calling `install`?',
      );
    }
    return Runtime.#create(options, true);
  }

  /** The process's runtime; one with the options last installed, or with defaults, where there is none. */
  static instance(): Runtime {
    return Runtime.#current?.runtime ?? Runtime.#create(Runtime.#lastOptions, false);
  }

  static #create(options: RuntimeOptions, wasInstalled: boolean): Runtime {
    const runtime = new Runtime(compileRuntimeOptions(options));
    Runtime.#lastOptions = options;
    Runtime.#current = { runtime, wasInstalled };
    return runtime;
  }

  private constructor(options: CompiledRuntimeOptions) {
    this.options = options;
    this.logger = options.logger ?? userLogger(createLogger({ name: 'millrace-worker' }));
    this.#signals = watchShutdownSignals(options.shutdownSignals);
    const exporter = openExporter(options, this.logger);
    this.metricSink = exporter.sink;
    this.#endpoint = exporter.endpoint;
    this.metricMeter = createMeter(this.metricSink);
  }

  /** Where the metrics are served; undefined where they aren't. Rejects when the address can't be bound. */
  get metricsUrl(): Promise<string> | undefined {
    return this.#endpoint?.url;
  }

  /** Temporal's name; nothing is held back here. */
  flushLogs(): void {}

  /** Calls back at the first of the shutdown signals, until the function returned is called. */
  onShutdownSignal(callback: () => void): () => void {
    return this.#signals.watch(callback);
  }

  /** For workers: keeps the runtime until the function returned is called. The last one to leave ends it. */
  use(): () => Promise<void> {
    this.#users += 1;
    let left = false;
    return async () => {
      if (left) return;
      left = true;
      this.#users -= 1;
      if (this.#users === 0) await this.shutdown();
    };
  }

  /** Stops serving metrics. Another runtime may be installed from now on. */
  async shutdown(): Promise<void> {
    if (Runtime.#current?.runtime === this) Runtime.#current = undefined;
    await this.#endpoint?.close();
  }
}

interface Exporter {
  readonly sink: MetricSink;
  readonly endpoint?: MetricsEndpoint;
}

function openExporter(options: CompiledRuntimeOptions, logger: Logger): Exporter {
  const { prometheus, buffer, globalTags, metricPrefix } = options;
  if (buffer)
    return { sink: buffer.sink(() => logger.error('the metrics buffer is full, what is measured is dropped')) };
  if (!prometheus) return { sink: () => undefined };
  const refused = new Set<string>();
  const gatherer = gatherForPrometheus(prometheus, globalTags, metricPrefix, (name) => {
    if (refused.has(name)) return;
    refused.add(name);
    logger.error('a metric has too many combinations of tags, further ones are dropped', { metric: name });
  });
  return { sink: gatherer.sink, endpoint: openMetricsEndpoint(prometheus.bindAddress, gatherer.text) };
}

/** A meter for what a worker measures itself: names begin with the prefix, values have the service's tags. */
export function workerMeter(runtime: Pick<Runtime, 'metricSink' | 'options'>): MetricMeter {
  const { metricPrefix, serviceTags } = runtime.options;
  const renamed = new WeakMap<Metric, Metric>();
  return createMeter((metric, value, tags) => {
    const prefixed = renamed.get(metric) ?? { ...metric, name: `${metricPrefix}${metric.name}` };
    renamed.set(metric, prefixed);
    runtime.metricSink(prefixed, value, { ...serviceTags, ...tags });
  });
}
