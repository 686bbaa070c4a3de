import { checkTaskQueue } from '../../services/platform/topics.js';
import type { Connection } from '../client/connection.js';
import { loadDataConverter } from '../client/load-data-converter.js';
import type { DataConverter, LoadedDataConverter } from '../common/converter/data-converter.js';
import { type Duration, msOptionalToNumber, msToNumber } from '../common/duration.js';
import { ValueError } from '../common/errors.js';
import { type ActivityRegistry, registerActivities } from './activity-registry.js';
import type { BundleOptions, BundlerOptions } from './bundler.js';
import { type ActivityInterceptorsFactory, activityInterceptorsOf, type WorkerInterceptors } from './interceptors.js';

/** A bundle that `bundleWorkflowCode` made, or the file it was written to. */
export type WorkflowBundleOption = { readonly code: string } | { readonly codePath: string };

/** The options of `Worker.create`; names and defaults are Temporal's. */
export interface WorkerOptions {
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
  /** What stands before activities and what they say. */
  readonly interceptors?: WorkerInterceptors;
  /** Default: 40. */
  readonly maxConcurrentWorkflowTaskExecutions?: number;
  /** Default: 100. */
  readonly maxConcurrentActivityTaskExecutions?: number;
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
  readonly maxConcurrentWorkflowTasks: number;
  readonly maxConcurrentActivityTasks: number;
  readonly shutdownGraceTimeMs: number;
  readonly shutdownForceTimeMs: number | undefined;
  readonly throttle: { readonly defaultThrottleMs: number; readonly maxThrottleMs: number };
  readonly codeTimeoutMs: number;
  readonly maxCachedWorkflows: number | undefined;
  readonly workflowThreads: number | undefined;
}

/** Options of Temporal's workers that have nothing to act on here: there are no polls. */
const optionsWithoutEffect = new Set([
  'maxConcurrentWorkflowTaskPolls',
  'maxConcurrentActivityTaskPolls',
  'maxConcurrentNexusTaskPolls',
  'maxConcurrentLocalActivityExecutions',
  'maxConcurrentNexusTaskExecutions',
  'workflowTaskPollerBehavior',
  'activityTaskPollerBehavior',
  'nexusTaskPollerBehavior',
  'nonStickyToStickyPollRatio',
  'stickyQueueScheduleToStartTimeout',
  'reuseV8Context',
  'maxEagerActivityReservationsPerWorkflowTask',
  'showStackTraceSources',
  'debugMode',
]);

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
  'maxConcurrentWorkflowTaskExecutions',
  'maxConcurrentActivityTaskExecutions',
  'shutdownGraceTime',
  'shutdownForceTime',
  'defaultHeartbeatThrottleInterval',
  'maxHeartbeatThrottleInterval',
  'isolateExecutionTimeout',
  'maxCachedWorkflows',
  'workflowThreadPoolSize',
] satisfies Array<keyof WorkerOptions>);

/** Whether an option that is not supported has a value that asks for nothing. */
function asksForNothing(name: string, value: unknown): boolean {
  if (name === 'enableNonLocalActivities') return value === undefined || value === true;
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
  const dataConverter = loadDataConverter(options.dataConverter);
  return {
    taskQueue: checkTaskQueue(options.taskQueue),
    connection: options.connection,
    namespace: options.namespace ?? options.connection?.defaultNamespace ?? 'default',
    identity: options.identity,
    workflows,
    activities: hasActivities ? registerActivities(activities, options.taskQueue) : undefined,
    dataConverter,
    dataConverterOption: options.dataConverter,
    interceptors: activityInterceptorsOf(options.interceptors),
    maxConcurrentWorkflowTasks: count('maxConcurrentWorkflowTaskExecutions', options, 40),
    maxConcurrentActivityTasks: count('maxConcurrentActivityTaskExecutions', options, 100),
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

function bundleOptions(workflowsPath: string, { bundlerOptions, dataConverter = {} }: WorkerOptions): BundleOptions {
  const { payloadConverterPath, failureConverterPath } = dataConverter;
  return { ...bundlerOptions, workflowsPath, payloadConverterPath, failureConverterPath };
}

/** What is not supported would change what the worker does: refused by name rather than passed over. */
function refuseUnknown(options: WorkerOptions): void {
  for (const [name, value] of Object.entries(options)) {
    if (supportedOptions.has(name) || optionsWithoutEffect.has(name) || asksForNothing(name, value)) continue;
    throw new ValueError(`WorkerOptions.${name} is not supported yet: leave it out`);
  }
}

function count(
  name: 'maxConcurrentWorkflowTaskExecutions' | 'maxConcurrentActivityTaskExecutions',
  options: WorkerOptions,
  byDefault: number,
): number {
  const value = options[name] ?? byDefault;
  if (!Number.isInteger(value) || value < 1) throw new ValueError(`WorkerOptions.${name} must be a positive integer`);
  return value;
}
