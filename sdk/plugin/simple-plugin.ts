import type { ClientOptions } from '../client/client.js';
import type { ConnectionOptions } from '../client/connection.js';
import type { ClientPlugin, ConnectionPlugin } from '../client/plugins.js';
import type { DataConverter } from '../common/converter/data-converter.js';
import type { BundleOptions, BundlerPlugin } from '../worker/bundler.js';
import type { WorkerInterceptors } from '../worker/interceptors.js';
import type { WorkerPlugin } from '../worker/plugins.js';
import type { Worker } from '../worker/worker.js';
import type { WorkerOptions, WorkflowBundleOption } from '../worker/worker-options.js';
import { appendLists, given, mergeFields, type PluginParameter, resolveParameter } from './plugin-parameter.js';

type ClientInterceptors = NonNullable<ClientOptions['interceptors']>;

export interface SimplePluginBaseOptions {
  readonly name: string;
  readonly tls?: PluginParameter<NonNullable<ConnectionOptions['tls']>>;
  /** A value's fields take the place of the data converter's own. */
  readonly dataConverter?: PluginParameter<DataConverter>;
}

export interface SimpleClientPluginOptions extends SimplePluginBaseOptions {
  /** A value's interceptors come after the client's own. */
  readonly clientInterceptors?: PluginParameter<ClientInterceptors>;
}

export interface SimpleWorkerPluginOptions extends SimplePluginBaseOptions {
  /** A value's activities join the worker's own, and take the place of those of the same name. */
  readonly activities?: PluginParameter<object>;
  readonly workflowsPath?: PluginParameter<string>;
  readonly workflowBundle?: PluginParameter<WorkflowBundleOption>;
  /** A value's interceptors come after the worker's own. */
  readonly workerInterceptors?: PluginParameter<WorkerInterceptors>;
  /** Stands around the worker's `run`. */
  readonly runContext?: (next: () => Promise<void>) => Promise<void>;
}

export interface SimplePluginOptions extends SimpleClientPluginOptions, SimpleWorkerPluginOptions {}

/** A plugin for clients and connections, described by values. */
export class SimpleClientPlugin implements ClientPlugin, ConnectionPlugin {
  readonly name: string;
  readonly #options: SimpleClientPluginOptions;

  constructor(options: SimpleClientPluginOptions) {
    this.name = options.name;
    this.#options = options;
  }

  configureClient(options: ClientOptions): ClientOptions {
    const { dataConverter, clientInterceptors } = this.#options;
    return {
      ...options,
      ...given<ClientOptions>({
        dataConverter: resolveParameter(options.dataConverter, dataConverter, mergeFields),
        interceptors: resolveParameter(options.interceptors ?? undefined, clientInterceptors, appendLists),
      }),
    };
  }

  configureConnection(options: ConnectionOptions): ConnectionOptions {
    return { ...options, ...given<ConnectionOptions>({ tls: resolveParameter(options.tls, this.#options.tls) }) };
  }
}

/** A plugin for workers, their bundles and connections, described by values. */
export class SimpleWorkerPlugin implements WorkerPlugin, BundlerPlugin, ConnectionPlugin {
  readonly name: string;
  readonly #options: SimpleWorkerPluginOptions;

  constructor(options: SimpleWorkerPluginOptions) {
    this.name = options.name;
    this.#options = options;
  }

  configureWorker(options: WorkerOptions): WorkerOptions {
    const { activities } = this.#options;
    return {
      ...this.#configure(options),
      ...given<WorkerOptions>({ activities: resolveParameter(options.activities, activities, mergeFields) }),
    };
  }

  configureReplayWorker<T extends Pick<WorkerOptions, 'dataConverter' | 'workflowsPath' | 'workflowBundle'>>(
    options: T,
  ): T {
    return this.#configure(options);
  }

  #configure<T extends Pick<WorkerOptions, 'dataConverter' | 'workflowsPath' | 'workflowBundle' | 'interceptors'>>(
    options: T,
  ): T {
    const { dataConverter, workflowsPath, workflowBundle, workerInterceptors } = this.#options;
    return {
      ...options,
      ...given<WorkerOptions>({
        dataConverter: resolveParameter(options.dataConverter, dataConverter, mergeFields),
        workflowsPath: resolveParameter(options.workflowsPath, workflowsPath),
        workflowBundle: resolveParameter(options.workflowBundle, workflowBundle),
        interceptors: resolveParameter(options.interceptors, workerInterceptors, appendLists),
      }),
    };
  }

  runWorker(worker: Worker, next: (worker: Worker) => Promise<void>): Promise<void> {
    const { runContext } = this.#options;
    return runContext ? runContext(() => next(worker)) : next(worker);
  }

  configureBundler(options: BundleOptions): BundleOptions {
    const workflowsPath = resolveParameter<BundleOptions['workflowsPath']>(
      options.workflowsPath,
      this.#options.workflowsPath as PluginParameter<BundleOptions['workflowsPath']> | undefined,
    );
    return workflowsPath === undefined ? options : { ...options, workflowsPath };
  }

  configureNativeConnection(options: ConnectionOptions): ConnectionOptions {
    return { ...options, ...given<ConnectionOptions>({ tls: resolveParameter(options.tls, this.#options.tls) }) };
  }
}

/** Both in one: what a library gives its users to configure clients and workers alike. */
export class SimplePlugin implements ClientPlugin, WorkerPlugin, BundlerPlugin, ConnectionPlugin {
  readonly name: string;
  readonly #client: SimpleClientPlugin;
  readonly #worker: SimpleWorkerPlugin;

  constructor(options: SimplePluginOptions) {
    this.name = options.name;
    this.#client = new SimpleClientPlugin(options);
    this.#worker = new SimpleWorkerPlugin(options);
  }

  configureClient(options: ClientOptions): ClientOptions {
    return this.#client.configureClient(options);
  }

  configureConnection(options: ConnectionOptions): ConnectionOptions {
    return this.#client.configureConnection(options);
  }

  configureNativeConnection(options: ConnectionOptions): ConnectionOptions {
    return this.#worker.configureNativeConnection(options);
  }

  configureWorker(options: WorkerOptions): WorkerOptions {
    return this.#worker.configureWorker(options);
  }

  configureReplayWorker<T extends Pick<WorkerOptions, 'dataConverter' | 'workflowsPath' | 'workflowBundle'>>(
    options: T,
  ): T {
    return this.#worker.configureReplayWorker(options);
  }

  runWorker(worker: Worker, next: (worker: Worker) => Promise<void>): Promise<void> {
    return this.#worker.runWorker(worker, next);
  }

  configureBundler(options: BundleOptions): BundleOptions {
    return this.#worker.configureBundler(options);
  }
}
