import { checkTaskQueue } from '../../services/platform/topics.js';
import type { Connection } from '../client/connection.js';
import type { ClientInterceptors } from '../client/interceptors.js';
import { loadDataConverter } from '../client/load-data-converter.js';
import type { DataConverter, LoadedDataConverter } from '../common/converter/data-converter.js';
import { type Duration, msOptionalToNumber, msToNumber } from '../common/duration.js';
import { ValueError } from '../common/errors.js';
import { checkName } from '../common/reserved-names.js';
import type { FailureErrorTypes } from '../workflow/named-failures.js';
import type { Sinks } from '../workflow/sinks.js';
import { type ActivityRegistry, registerActivities } from './activity-registry.js';
import type { BundleOptions, BundlerOptions, BundlerPlugin } from './bundler.js';
import { type ActivityInterceptorsFactory, activityInterceptorsOf, type WorkerInterceptors } from './interceptors.js';
import { type OptionsWithoutEffect, optionsWithoutEffect, refusedOptions } from './options-without-effect.js';
import type { WorkerPlugin } from './plugins.js';
import type { InjectedSinks } from './sinks.js';
import type { SlotInfo, SlotSupplier, WorkerTuner } from './slots/slot-supplier.js';
import { type SlotKind, suppliersOf } from './slots/tuner.js';

/** A bundle that `bundleWorkflowCode` made, or the file it was written to. */
export type WorkflowBundleOption = { readonly code: string } | { readonly codePath: string };

/** The options of `Worker.create`; names and defaults are Temporal's. */
export interface WorkerOptions extends OptionsWithoutEffect {
  /** The queue whose tasks this worker takes. */
  readonly taskQueue: string;
  /** Default: a connection of its own to KAFKA_BROKERS and SCHEMA_REGISTRY_URL, closed when the worker stops. */
  readonly connection?: Connection;
  /** Default: the connection's, which is `default` unless a test's environment has made it. */
  readonly namespace?: string;
  /** Who this worker is, to people who read histories. Default: `pid@host`. */
  readonly identity?: string;
  /** Module that exports the workflows, bundled when the worker is created. Without it and `workflowBundle` the worker takes no workflow tasks. */
  readonly workflowsPath?: string;
  /** A bundle made before, in place of `workflowsPath`. The data converter's modules must have been bundled with it. */
  readonly workflowBundle?: WorkflowBundleOption;
  /** For the bundle that is made of `workflowsPath`. */
  readonly bundlerOptions?: BundlerOptions;
  /** The activities by type; `default` serves the types that have none. Without any the worker takes no activity tasks. */
  readonly activities?: object;
  readonly dataConverter?: DataConverter;
  /** What stands before activities and what they say, in workflow code, and before the calls of the worker's client. */
  readonly interceptors?: WorkerInterceptors;
  /**
   * Errors that end a workflow, where any other fails its task only, by the exact names of their classes: for each
   * workflow type, and under `*` for all. `Error` stands for every error, `NondeterminismError` for code that no longer
   * fits its history. Default: none but TemporalFailures.
   */
  readonly workflowFailureErrorTypes?: FailureErrorTypes;
  /** What `proxySinks` in workflow code calls. */
  // biome-ignore lint/suspicious/noExplicitAny: sinks of any shape, as in Temporal's types
  readonly sinks?: InjectedSinks<any>;
  /** Default: 40. Not together with `tuner`, as the other two. */
  readonly maxConcurrentWorkflowTaskExecutions?: number;
  /** Default: 100. */
  readonly maxConcurrentActivityTaskExecutions?: number;
  /** Default: 100. */
  readonly maxConcurrentLocalActivityExecutions?: number;
  /** How many tasks of each kind are carried out at once, where numbers won't do. */
  readonly tuner?: WorkerTuner;
  /** Activities that this worker begins a second, at most. Local ones don't count. Default: no limit. */
  readonly maxActivitiesPerSecond?: number;
  /** Whether the worker takes activity tasks; without them its activities serve as local ones only. Default: true. */
  readonly enableNonLocalActivities?: boolean;
  /** Each may change the options before the worker is made, in order, and stand around its `run`. */
  readonly plugins?: readonly WorkerPlugin[];
  /** How long activities may go on after `shutdown` before they are asked to stop. Default: 0. */
  readonly shutdownGraceTime?: Duration;
  /** How long after `shutdown` the worker gives up waiting and `run` rejects. Default: it waits. */
  readonly shutdownForceTime?: Duration;
  /** Time between heartbeats sent for an activity without a heartbeat time-out. Default: 30 seconds. */
  readonly defaultHeartbeatThrottleInterval?: Duration;
  /** Longest time between heartbeats sent, whatever the time-out. Default: 60 seconds. */
  readonly maxHeartbeatThrottleInterval?: Duration;
  /** Workflows kept in memory for their next task. Default: as many as fit in 256 MiB, by measure. */
  readonly maxCachedWorkflows?: number;
  /** Threads that run workflow code; a run keeps to one. Default: half the machine's processors. */
  readonly workflowThreadPoolSize?: number;
  /** How long workflow code may run without yielding. Default: 5 seconds. */
  readonly isolateExecutionTimeout?: Duration;
}

/** The options with defaults filled in, and checked. */
export interface CompiledWorkerOptions {
  readonly taskQueue: string;
  readonly connection: Connection | undefined;
  readonly namespace: string;
  readonly identity: string | undefined;
  readonly workflows: BundleOptions | WorkflowBundleOption | undefined;
  /** Undefined when there are none. */
  readonly activities: ActivityRegistry | undefined;
  readonly dataConverter: LoadedDataConverter;
  /** As given, for the worker's client. */
  readonly dataConverterOption: DataConverter | undefined;
  readonly interceptors: readonly ActivityInterceptorsFactory[];
  readonly clientInterceptors: ClientInterceptors;
  readonly sinks: InjectedSinks<Sinks>;
  readonly workflowFailureErrorTypes: FailureErrorTypes;
  /** Where the slots of each kind of task come from. */
  readonly slots: Readonly<Record<SlotKind, SlotSupplier<SlotInfo>>>;
  readonly maxActivitiesPerSecond: number | undefined;
  /** Whether activity tasks are taken, and not local activities alone. */
  readonly takesActivityTasks: boolean;
  readonly plugins: readonly WorkerPlugin[];
  readonly shutdownGraceTimeMs: number;
  readonly shutdownForceTimeMs: number | undefined;
  readonly throttle: { readonly defaultThrottleMs: number; readonly maxThrottleMs: number };
  readonly codeTimeoutMs: number;
  readonly maxCachedWorkflows: number | undefined;
  readonly workflowThreads: number | undefined;
}

const supportedOptions = new Set<string>([
  'taskQueue',
  'connection',
  'namespace',
  'identity',
  'workflowsPath',
  'workflowBundle',
  'activities',
  'bundlerOptions',
  'dataConverter',
  'interceptors',
  'sinks',
  'workflowFailureErrorTypes',
  'maxConcurrentWorkflowTaskExecutions',
  'maxConcurrentActivityTaskExecutions',
  'maxConcurrentLocalActivityExecutions',
  'tuner',
  'maxActivitiesPerSecond',
  'enableNonLocalActivities',
  'plugins',
  'shutdownGraceTime',
  'shutdownForceTime',
  'defaultHeartbeatThrottleInterval',
  'maxHeartbeatThrottleInterval',
  'isolateExecutionTimeout',
  'maxCachedWorkflows',
  'workflowThreadPoolSize',
] satisfies Array<keyof WorkerOptions>);

/** Whether an option that is not supported has a value that asks for nothing. */
function asksForNothing(value: unknown): boolean {
  if (typeof value === 'object' && value !== null) return Object.keys(value).length === 0;
  return value === undefined || value === null || value === false;
}

/** Errors: ValueError or TypeError that names the option. */
export function compileWorkerOptions(options: WorkerOptions): CompiledWorkerOptions {
  refuseUnknown(options);
  const { workflowsPath, workflowBundle, activities = {} } = options;
  if (workflowsPath !== undefined && workflowBundle !== undefined) {
    throw new ValueError('give workflowsPath or workflowBundle, not both: a worker runs one set of workflows');
  }
  const workflows = workflowsPath === undefined ? workflowBundle : bundleOptions(workflowsPath, options);
  const hasActivities = Object.values(activities).some((activity) => typeof activity === 'function');
  if (workflows === undefined && !hasActivities) {
    throw new ValueError('a worker needs workflows or activities: give workflowsPath, workflowBundle or activities');
  }
  const takesActivityTasks = hasActivities && (options.enableNonLocalActivities ?? true);
  if (workflows === undefined && !takesActivityTasks) {
    throw new ValueError(
      'a worker without workflows takes activity tasks or nothing: leave enableNonLocalActivities out',
    );
  }
  for (const sink of Object.keys(options.sinks ?? {})) checkName('sink', sink);
  const dataConverter = loadDataConverter(options.dataConverter);
  return {
    taskQueue: checkName('task queue', checkTaskQueue(options.taskQueue)),
    connection: options.connection,
    namespace: options.namespace ?? options.connection?.defaultNamespace ?? 'default',
    identity: options.identity,
    workflows,
    activities: hasActivities ? registerActivities(activities, options.taskQueue) : undefined,
    dataConverter,
    dataConverterOption: options.dataConverter,
    interceptors: activityInterceptorsOf(options.interceptors),
    clientInterceptors: options.interceptors?.client ?? {},
    sinks: options.sinks ?? {},
    workflowFailureErrorTypes: options.workflowFailureErrorTypes ?? {},
    slots: slotSuppliers(options),
    maxActivitiesPerSecond: rate('maxActivitiesPerSecond', options),
    takesActivityTasks,
    plugins: options.plugins ?? [],
    shutdownGraceTimeMs: msToNumber(options.shutdownGraceTime ?? 0),
    shutdownForceTimeMs: msOptionalToNumber(options.shutdownForceTime),
    throttle: {
      defaultThrottleMs: msToNumber(options.defaultHeartbeatThrottleInterval ?? '30 seconds'),
      maxThrottleMs: msToNumber(options.maxHeartbeatThrottleInterval ?? '60 seconds'),
    },
    codeTimeoutMs: msToNumber(options.isolateExecutionTimeout ?? '5 seconds'),
    maxCachedWorkflows: optionalCount('maxCachedWorkflows', options, 0),
    workflowThreads: optionalCount('workflowThreadPoolSize', options, 1),
  };
}

function optionalCount(
  name: 'maxCachedWorkflows' | 'workflowThreadPoolSize',
  options: WorkerOptions,
  least: number,
): number | undefined {
  const value = options[name];
  if (value === undefined || (Number.isInteger(value) && value >= least)) return value;
  throw new ValueError(`WorkerOptions.${name} must be an integer of at least ${least}`);
}

function bundleOptions(workflowsPath: string, options: WorkerOptions): BundleOptions {
  const { bundlerOptions, dataConverter = {}, plugins = [], interceptors } = options;
  const { payloadConverterPath, failureConverterPath } = dataConverter;
  // Of a worker's plugins, those that know bundles have their say in the one it makes.
  const bundlerPlugins = plugins.filter(
    (plugin): plugin is WorkerPlugin & BundlerPlugin => 'configureBundler' in plugin,
  );
  const workflowInterceptorModules = interceptors?.workflowModules ?? [];
  return {
    ...bundlerOptions,
    workflowInterceptorModules,
    workflowsPath,
    payloadConverterPath,
    failureConverterPath,
    plugins: bundlerPlugins,
  };
}

/** What is not supported would change what the worker does: refused by name rather than passed over. */
function refuseUnknown(options: WorkerOptions): void {
  for (const [name, value] of Object.entries(options)) {
    if (supportedOptions.has(name) || optionsWithoutEffect.has(name)) continue;
    if (asksForNothing(value)) continue;
    const reason = refusedOptions[name] ?? 'leave it out';
    throw new ValueError(`WorkerOptions.${name} is not supported: ${reason}`);
  }
}

const counts = {
  workflow: ['maxConcurrentWorkflowTaskExecutions', 40],
  activity: ['maxConcurrentActivityTaskExecutions', 100],
  'local-activity': ['maxConcurrentLocalActivityExecutions', 100],
} as const;

function slotSuppliers(options: WorkerOptions): Readonly<Record<SlotKind, SlotSupplier<SlotInfo>>> {
  const { tuner } = options;
  if (tuner === undefined) {
    return {
      workflow: fixedSize(options, 'workflow'),
      activity: fixedSize(options, 'activity'),
      'local-activity': fixedSize(options, 'local-activity'),
    };
  }
  for (const [name] of Object.values(counts)) {
    if (options[name] === undefined) continue;
    throw new ValueError(`give WorkerOptions.tuner or ${name}, not both: each says how many tasks run at once`);
  }
  return suppliersOf(tuner);
}

function fixedSize(options: WorkerOptions, kind: SlotKind): SlotSupplier<SlotInfo> {
  const [name, byDefault] = counts[kind];
  const numSlots = options[name] ?? byDefault;
  if (Number.isInteger(numSlots) && numSlots > 0) return { type: 'fixed-size', numSlots };
  throw new ValueError(`WorkerOptions.${name} must be a positive integer`);
}

function rate(name: 'maxActivitiesPerSecond', options: WorkerOptions): number | undefined {
  const value = options[name];
  if (value === undefined || (Number.isFinite(value) && value > 0)) return value;
  throw new ValueError(`WorkerOptions.${name} must be a positive number`);
}
