import type { AsyncCompletionClient } from '../client/async-completion-client.js';
import { Client, type ClientOptions } from '../client/client.js';
import type { Connection, ConnectionOptions } from '../client/connection.js';
import type { WorkflowClient } from '../client/workflow-client.js';
import { type Duration, msToNumber } from '../common/duration.js';
import type { Backend } from './backend.js';
import { environmentLogger } from './environment-logger.js';
import { startInMemory } from './in-memory-backend.js';
import { onKafka, startLocal } from './kafka-backend.js';
import { Teardown } from './teardown.js';

/** The options of the environment's client. */
export type ClientOptionsForTestEnv = Omit<ClientOptions, 'namespace' | 'connection'>;

interface EnvironmentOptions {
  readonly client?: ClientOptionsForTestEnv;
  readonly plugins?: ClientOptions['plugins'];
}

export interface TimeSkippingTestWorkflowEnvironmentOptions extends EnvironmentOptions {
  /** What Temporal's test server is told. Nothing is downloaded and nothing listens here, so there is nothing to set. */
  readonly server?: object;
}

export interface LocalTestWorkflowEnvironmentOptions extends EnvironmentOptions {
  /** Of what Temporal's server is told only the namespace has a meaning here. */
  readonly server?: { readonly namespace?: string } & Readonly<Record<string, unknown>>;
}

export interface ExistingServerTestWorkflowEnvironmentOptions
  extends EnvironmentOptions,
    Omit<ConnectionOptions, 'defaultNamespace' | 'plugins'> {
  /** Default: `default`. */
  readonly namespace?: string;
}

/** Somewhere to run workflows and workers in a test. End it with `teardown`. */
export class TestWorkflowEnvironment {
  readonly namespace: string;
  /** Brokers, with commas between; `in-memory` where there are none. */
  readonly address: string;
  readonly supportsTimeSkipping: boolean;
  /** For clients. */
  readonly connection: Connection;
  /** For workers. */
  readonly nativeConnection: Connection;
  readonly client: Client;
  readonly #backend: Backend;
  readonly #teardown: Teardown;

  /**
   * The platform in this process: history services over a log in memory, with a clock of the environment's own. It needs
   * no Kafka, downloads nothing and takes some milliseconds to start; environments may be used side by side.
   *
   * Time passes as usual, but while a workflow's result is waited for (`handle.result()`, `client.workflow.execute()`)
   * or `sleep` is under way it is set forward to the next timer whenever no task is out at a worker: a workflow that
   * sleeps for a month takes no longer than one that doesn't. Activities take the time they take.
   */
  static createTimeSkipping(
    options: TimeSkippingTestWorkflowEnvironmentOptions = {},
  ): Promise<TestWorkflowEnvironment> {
    return TestWorkflowEnvironment.#create(options, (teardown) => startInMemory(environmentLogger(), teardown));
  }

  /**
   * Kafka, a schema registry and a history service, in real time. Where KAFKA_BROKERS and SCHEMA_REGISTRY_URL are set
   * those are used, with a namespace made up for this environment and deleted with it unless one is named; else both
   * are started here, on the local Java or in Docker, and end with the environment. Clients and workers over its
   * connections that name no namespace are in this one.
   * Errors: ClusterError NO_WAY_TO_RUN, which says what to install, and those of starting and connecting.
   */
  static createLocal(options: LocalTestWorkflowEnvironmentOptions = {}): Promise<TestWorkflowEnvironment> {
    const { namespace } = options.server ?? {};
    return TestWorkflowEnvironment.#create(options, (teardown) => {
      return startLocal({ namespace }, environmentLogger(), teardown);
    });
  }

  /**
   * A platform that runs already, found as by `Connection.connect`. Nothing is made in it but by the test, and nothing
   * but the connections is ended. Errors: those of `Connection.connect`.
   */
  static createFromExistingServer(
    options: ExistingServerTestWorkflowEnvironmentOptions = {},
  ): Promise<TestWorkflowEnvironment> {
    const { namespace = 'default', client: _client, plugins: _plugins, ...connection } = options;
    return TestWorkflowEnvironment.#create(options, async () => {
      return onKafka(namespace, { logger: environmentLogger(), ...connection });
    });
  }

  /** Ends again what was started when a later step fails. */
  static async #create(
    { client, plugins }: EnvironmentOptions,
    start: (teardown: Teardown) => Promise<Backend>,
  ): Promise<TestWorkflowEnvironment> {
    const teardown = new Teardown();
    try {
      const backend = await start(teardown);
      const connect = async () => {
        const connection = await backend.connect();
        teardown.add(() => connection.close());
        return connection;
      };
      const [connection, nativeConnection] = [await connect(), await connect()];
      const { namespace } = backend;
      const all = { connection, namespace, ...(plugins !== undefined && { plugins }), ...client };
      return new TestWorkflowEnvironment(backend, teardown, new Client(all), nativeConnection);
    } catch (error) {
      await teardown.run().catch(() => undefined);
      throw error;
    }
  }

  private constructor(backend: Backend, teardown: Teardown, client: Client, nativeConnection: Connection) {
    this.namespace = backend.namespace;
    this.address = backend.address;
    this.supportsTimeSkipping = backend.supportsTimeSkipping;
    this.client = client;
    this.connection = client.connection;
    this.nativeConnection = nativeConnection;
    this.#backend = backend;
    this.#teardown = teardown;
  }

  /** The same as `client.workflow`; Temporal's older name. */
  get workflowClient(): WorkflowClient {
    return this.client.workflow;
  }

  /** The same as `client.activity`; Temporal's older name. */
  get asyncCompletionClient(): AsyncCompletionClient {
    return this.client.activity;
  }

  /**
   * Resolves once this much of the environment's time has passed. Where time can be skipped it is, from timer to timer.
   * An activity that sleeps by this doesn't hold time back meanwhile; when it is asked to stop, this rejects with a
   * `CancelledFailure`, as `Context.sleep` does.
   */
  readonly sleep = (duration: Duration): Promise<void> => this.#backend.sleep(msToNumber(duration));

  /** The environment's time, in milliseconds since the epoch. */
  readonly currentTimeMs = async (): Promise<number> => this.#backend.now();

  /** Closes the connections and ends what was started for this environment. Shut its workers down before. */
  readonly teardown = (): Promise<void> => this.#teardown.run();
}
