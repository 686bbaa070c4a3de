export { type ConnectionOptions as NativeConnectionOptions, NativeConnection } from '../client/connection.js';
export type { TLSConfig } from '../client/tls.js';
export { IllegalStateError } from '../common/errors.js';
export type { Headers } from '../common/headers.js';
export {
  type DataConverter,
  defaultPayloadConverter,
} from '../common/index.js';
export type { Next } from '../common/interceptors.js';
export type { History } from '../common/lib/proto-utils.js';
export type { Logger, LogLevel, LogMetadata } from '../common/logger.js';
export { DeterminismViolationError } from '../workflow/errors.js';
export {
  type BundleOptions,
  type BundlerOptions,
  type BundlerPlugin,
  bundleWorkflowCode,
  type WorkflowBundle,
  type WorkflowBundle as WorkflowBundleWithSourceMap,
  WorkflowBundleError,
} from './bundler.js';
export * as errors from './errors.js';
export {
  CombinedWorkerRunError,
  GracefulShutdownPeriodExpiredError,
  PromiseCompletionTimeoutError,
  ReplayError,
  UnhandledRejectionError,
} from './errors.js';
export {
  appendDefaultInterceptors,
  defaultSinks,
  defaultWorkflowInterceptorModules,
  type LoggerSinks,
} from './formerly-needed.js';
export type {
  ActivityExecuteInput,
  ActivityInboundCallsInterceptor,
  ActivityInboundCallsInterceptorFactory,
  ActivityInterceptors,
  ActivityInterceptorsFactory,
  ActivityOutboundCallsInterceptor,
  GetLogAttributesInput,
  GetMetricTagsInput,
  WorkerInterceptors,
} from './interceptors.js';
export type { OptionsWithoutEffect, PollerBehavior } from './options-without-effect.js';
export type { WorkerPlugin } from './plugins.js';
export type { HistoryAndWorkflowId, ReplayableHistory, ReplayResult, ReplayWorkerOptions } from './replay.js';
export { Runtime } from './runtime.js';
export {
  type BufferedMetricsExporter,
  type CoreLogFilterOptions,
  type LogExporterConfig,
  type MetricsExporterConfig,
  makeTelemetryFilterString,
  type OtelCollectorExporter,
  type PrometheusMetricsExporter,
  type RuntimeOptions,
  type TelemetryOptions,
} from './runtime-options.js';
export type { InjectedSinkFunction, InjectedSinks, SinkWorkflowInfo } from './sinks.js';
export type * from './slots/slot-supplier.js';
export { DefaultLogger, type LogEntry, LogTimestamp } from './telemetry/default-logger.js';
export { type BufferedMetricUpdate, MetricsBuffer, type MetricsBufferOptions } from './telemetry/metrics-buffer.js';
export { type RunUntilOptions, Worker, type WorkerState, type WorkerState as State } from './worker.js';
export type { WorkerOptions, WorkflowBundleOption } from './worker-options.js';
export type { WorkerStatus } from './worker-status.js';
