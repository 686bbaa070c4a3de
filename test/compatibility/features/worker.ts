import type { Feature } from '../feature.js';

export const workerFeatures: readonly Feature[] = [
  {
    id: 'worker.native-connection',
    section: '1.5',
    feature: "NativeConnection.connect, usable as a client's connection",
  },
  {
    id: 'worker.create-run',
    section: '1.5',
    feature: 'Worker.create and run()',
  },
  {
    id: 'worker.run-until',
    section: '1.5',
    feature: 'runUntil(promise or function)',
  },
  {
    id: 'worker.shutdown',
    section: '1.5',
    feature: 'shutdown() with shutdownGraceTime and shutdownForceTime',
  },
  {
    id: 'worker.state',
    section: '1.5',
    feature: 'getState(): from INITIALIZED to STOPPED or FAILED',
  },
  {
    id: 'worker.status',
    section: '1.5',
    feature: 'getStatus(): what is in hand',
    partly: 'Local activities and cached workflows are not counted.',
  },
  {
    id: 'worker.client',
    section: '1.5',
    feature: 'worker.connection and worker.client',
    partly: "The connection of a worker can't be replaced while it lives.",
  },
  {
    id: 'worker.run-replay-history',
    section: '1.5',
    feature: "Worker.runReplayHistory throws where code doesn't match history",
  },
  {
    id: 'worker.run-replay-histories',
    section: '1.5',
    feature: 'Worker.runReplayHistories gives a ReplayResult for each history',
  },
  {
    id: 'worker.bundle',
    section: '1.5',
    feature: 'bundleWorkflowCode and workflowBundle: code or codePath',
  },
  {
    id: 'worker.bundler-options',
    section: '1.5',
    feature: 'bundlerOptions: ignoreModules, preloadModules',
  },
  {
    id: 'worker.webpack-hook',
    section: '1.5',
    feature: 'webpackConfigHook',
    unsupported: 'Bundles are made by esbuild.',
  },
  {
    id: 'worker.option-defaults',
    section: '1.5',
    feature: "Temporal's defaults of the options",
  },
  {
    id: 'worker.option-refused',
    section: '1.5',
    feature: 'an option that is not supported is refused by name',
  },
  {
    id: 'worker.max-concurrent',
    section: '1.5',
    feature: 'maxConcurrent{WorkflowTask,Activity,LocalActivity}…',
  },
  {
    id: 'worker.max-activities-per-second',
    section: '1.5',
    feature: 'maxActivitiesPerSecond',
  },
  {
    id: 'worker.max-task-queue-activities-per-second',
    section: '1.5',
    feature: 'maxTaskQueueActivitiesPerSecond',
    unsupported: 'Needs matching, a service that comes later.',
  },
  {
    id: 'worker.poller-behavior',
    section: '1.5',
    feature: 'poller counts and behaviours',
    unsupported: 'A worker reads partitions of a topic; there is nothing to poll with.',
  },
  {
    id: 'worker.cache',
    section: '1.5',
    feature: 'maxCachedWorkflows, and a cache that is bounded by measured bytes',
  },
  {
    id: 'worker.workflow-threads',
    section: '1.5',
    feature: 'workflowThreadPoolSize',
  },
  {
    id: 'worker.heartbeat-throttle',
    section: '1.5',
    feature: 'maxHeartbeatThrottleInterval and defaultHeartbeatThrottleInterval',
  },
  {
    id: 'worker.workflow-failure-error-types',
    section: '1.5',
    feature: 'workflowFailureErrorTypes',
  },
  {
    id: 'worker.patch-activation-callback',
    section: '1.5',
    feature: 'patchActivationCallback may veto a patch',
    unsupported:
      'Refused by name: workflow code runs in a thread of its own and can not wait for what the main thread decides.',
  },
  {
    id: 'worker.stack-sources',
    section: '1.5',
    feature: 'showStackTraceSources',
    unsupported:
      'Taken, and without effect: stacks name the files and lines of the sources, whose text is not sent along.',
  },
  {
    id: 'worker.debug-mode',
    section: '1.5',
    feature: 'debugMode, TEMPORAL_DEBUG',
    unsupported:
      'Taken, and without effect: workflow code stays in its threads and within isolateExecutionTimeout, which can be set high for a debugger.',
  },
  {
    id: 'worker.deployment-options',
    section: '1.5',
    feature: 'workerDeploymentOptions',
    unsupported: 'Worker versioning is not part of Millrace yet.',
  },
  {
    id: 'worker.tuner',
    section: '1.5',
    feature: 'tuners: TunerHolder, FixedSizeSlotSupplier, CustomSlotSupplier',
  },
  {
    id: 'worker.resource-tuner',
    section: '1.5',
    feature: 'ResourceBasedTuner',
  },
  {
    id: 'worker.activity-interceptors',
    section: '1.5',
    feature: 'activity interceptors: inbound.execute, outbound.getLogAttributes and getMetricTags',
  },
  {
    id: 'worker.workflow-interceptor-modules',
    section: '1.5',
    feature: 'interceptors.workflowModules',
  },
  {
    id: 'worker.nexus',
    section: '1.5',
    feature: 'nexusServices and Nexus interceptors',
    unsupported: 'Nexus is a service that comes later.',
  },
  {
    id: 'worker.sinks',
    section: '1.5',
    feature: 'InjectedSinks run after the activation; their errors are logged',
  },
  {
    id: 'worker.runtime',
    section: '1.5',
    feature: 'Runtime.install, instance() and shutdown()',
  },
  {
    id: 'worker.runtime-logger',
    section: '1.5',
    feature: 'DefaultLogger, makeTelemetryFilterString, log forwarding',
  },
  {
    id: 'worker.runtime-metrics',
    section: '1.5',
    feature: 'telemetryOptions.metrics: prometheus, otel or buffer',
    partly: 'The OpenTelemetry exporter is refused by name: a collector may scrape the Prometheus endpoint.',
  },
  {
    id: 'worker.shutdown-signals',
    section: '1.5',
    feature: 'SIGINT and SIGTERM shut the workers of the process down',
  },
  {
    id: 'worker.errors',
    section: '1.5',
    feature:
      'GracefulShutdownPeriodExpiredError, UnhandledRejectionError, CombinedWorkerRunError, PromiseCompletionTimeoutError',
    partly: 'UnhandledRejectionError is never thrown: a rejection fails the task of the run that it belongs to.',
  },
  {
    id: 'worker.debug-replayer',
    section: '1.5',
    feature: 'startDebugReplayer',
    unsupported: "A replay runs in the editor's own debugger through Worker.runReplayHistory.",
  },
  {
    id: 'worker.plugins',
    section: '1.5',
    feature: 'WorkerPlugin, BundlerPlugin, SimplePlugin',
  },
  {
    id: 'worker.data-converter',
    section: '1.5',
    feature: 'dataConverter: converters are bundled into the sandbox, codecs run outside of it',
  },
];
