import type { DataConverter } from '../common/converter/data-converter.js';
import { ValueError } from '../common/errors.js';
import { AsyncCompletionClient } from './async-completion-client.js';
import { Connection } from './connection.js';
import type { ClientInterceptors } from './interceptors.js';
import { type ClientPlugin, configureClientByPlugins } from './plugins.js';
import { WorkflowClient, type WorkflowClientOptions } from './workflow-client.js';

export interface ClientOptions {
  /** Default: one that connects to the default addresses at its first use. */
  readonly connection?: Connection;
  /** Default: `default`. */
  readonly namespace?: string;
  /** Who this client is, to people who read histories. Default: the connection's, `pid@host`. */
  readonly identity?: string;
  readonly dataConverter?: DataConverter;
  readonly workflow?: Pick<WorkflowClientOptions, 'queryRejectCondition' | 'requestTimeout'>;
  /** Stand between the calls and the services. Only those of workflows are supported: others are an error. */
  readonly interceptors?: ClientInterceptors;
  /** Each may change the options before the client is made, in order. */
  readonly plugins?: readonly ClientPlugin[];
}

/** The way into Millrace for a program that starts workflows. */
export class Client {
  readonly connection: Connection;
  readonly options: ClientOptions;
  readonly workflow: WorkflowClient;
  /** Completes activities from outside. */
  readonly activity: AsyncCompletionClient;

  /** Throws a ValueError for an option that isn't supported yet. */
  constructor(given: ClientOptions = {}) {
    const options = configureClientByPlugins(given);
    const { workflow, interceptors, plugins: _, ...shared } = options;
    const { workflow: ofWorkflows = [], ...others } = interceptors ?? {};
    checkInterceptors(ofWorkflows, others);
    this.connection = options.connection ?? Connection.lazy();
    this.options = options;
    this.workflow = new WorkflowClient({
      ...shared,
      interceptors: ofWorkflows,
      ...workflow,
      connection: this.connection,
    });
    this.activity = new AsyncCompletionClient({ ...shared, connection: this.connection });
  }

  /** Calls that `fn` makes by this client end at the time given: see `Connection.withDeadline`. */
  withDeadline<R>(deadline: number | Date, fn: () => Promise<R>): Promise<R> {
    return this.connection.withDeadline(deadline, fn);
  }

  /** Calls that `fn` makes by this client end when the signal aborts: see `Connection.withAbortSignal`. */
  withAbortSignal<R>(signal: AbortSignal, fn: () => Promise<R>): Promise<R> {
    return this.connection.withAbortSignal(signal, fn);
  }

  /** Without effect but for the call of `fn`: see `Connection.withMetadata`. */
  withMetadata<R>(metadata: Readonly<Record<string, string | Uint8Array>>, fn: () => Promise<R>): Promise<R> {
    return this.connection.withMetadata(metadata, fn);
  }
}

function checkInterceptors(ofWorkflows: unknown, others: Readonly<Record<string, unknown>>): void {
  if (!Array.isArray(ofWorkflows)) {
    throw new ValueError(
      'ClientOptions.interceptors.workflow must be an array of interceptors: factories are not supported',
    );
  }
  for (const [kind, interceptors] of Object.entries(others)) {
    if (interceptors === undefined || (Array.isArray(interceptors) && interceptors.length === 0)) continue;
    throw new ValueError(`ClientOptions.interceptors.${kind} is not supported yet: leave it out`);
  }
}
