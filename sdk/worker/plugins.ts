import type { ReplayWorkerOptions } from './replay.js';
import type { Worker } from './worker.js';
import type { WorkerOptions } from './worker-options.js';

/** Changes workers without being named where they are made. Those of a connection count for its workers too. */
export interface WorkerPlugin {
  readonly name: string;
  /** Called by `Worker.create` before the options are looked at. */
  configureWorker?(options: WorkerOptions): WorkerOptions;
  /** Called by `Worker.runReplayHistory` and `runReplayHistories` before the options are looked at. */
  configureReplayWorker?(options: ReplayWorkerOptions): ReplayWorkerOptions;
  /** Stands around the worker's `run`, which `next` goes on with. */
  runWorker?(worker: Worker, next: (worker: Worker) => Promise<void>): Promise<void>;
}

/** Lets the plugins of the options, and of their connection, change them in order. */
export function configureByPlugins(given: WorkerOptions): WorkerOptions {
  const options = withInherited(given);
  const { plugins = [] } = options;
  return plugins.reduce((configured, plugin) => plugin.configureWorker?.(configured) ?? configured, options);
}

/** As `configureByPlugins`, for a replay. */
export function configureReplayByPlugins(given: ReplayWorkerOptions): ReplayWorkerOptions {
  const options = withInherited(given);
  const { plugins = [] } = options;
  return plugins.reduce((configured, plugin) => plugin.configureReplayWorker?.(configured) ?? configured, options);
}

/** The options with the plugins of their connection after their own. */
function withInherited<T extends Pick<WorkerOptions, 'connection' | 'plugins'>>(options: T): T {
  const inherited = (options.connection?.plugins ?? []).filter(isWorkerPlugin);
  return inherited.length === 0 ? options : { ...options, plugins: [...(options.plugins ?? []), ...inherited] };
}

function isWorkerPlugin(plugin: { readonly name: string }): plugin is WorkerPlugin {
  return 'configureWorker' in plugin || 'configureReplayWorker' in plugin || 'runWorker' in plugin;
}

/** Calls `run` inside of what the plugins do around it, the first outermost. */
export function runByPlugins(
  plugins: readonly WorkerPlugin[],
  worker: Worker,
  run: () => Promise<void>,
): Promise<void> {
  const chain = plugins.reduceRight<(worker: Worker) => Promise<void>>(
    (next, plugin) => (plugin.runWorker ? (inner) => plugin.runWorker?.(inner, next) ?? next(inner) : next),
    run,
  );
  return chain(worker);
}
