// A namespace on the three brokers with two history services and two workers as processes, one of each behind a network
// that can be spoilt.
import { Client, Connection } from 'millrace/client';
import { connectCodec } from '../../services/platform/codec/registry.js';
import { silentLogger } from '../../services/platform/logger.js';
import { provisionNamespace } from '../../services/platform/namespace.js';
import { connectTestLog, newNamespace } from '../kit/kit.js';
import { Network } from '../kit/network.js';
import { type SpawnedProcess, spawnHistoryService, spawnWorker } from '../kit/processes.js';
import type { ThreeBrokers } from '../kit/three-brokers.js';

export const taskQueue = 'q';
export const partitions = 4;

const env = {
  MILLRACE_LOG_LEVEL: process.env.MILLRACE_LOG_LEVEL ?? 'error',
  // Each owner compares its live state with what its history folds into.
  MILLRACE_CHECK_STATE_EVERY: '2000',
  TASK_QUEUE: taskQueue,
  WORKFLOWS_MODULE: 'dist/test/cluster/workflows.js',
  ACTIVITIES_MODULE: 'dist/test/cluster/activities.js',
};

/** A process and how to start another in its place. */
export class Post {
  readonly #start: () => Promise<SpawnedProcess>;
  #holder: SpawnedProcess;

  private constructor(start: () => Promise<SpawnedProcess>, holder: SpawnedProcess) {
    this.#start = start;
    this.#holder = holder;
  }

  static async fill(start: () => Promise<SpawnedProcess>): Promise<Post> {
    return new Post(start, await start());
  }

  kill(signal: NodeJS.Signals): Promise<void> {
    return this.#holder.kill(signal);
  }

  /** Starts another process in the place of one that was killed. */
  async refill(): Promise<void> {
    this.#holder = await this.#start();
  }
}

/** One that reaches the brokers directly, and one behind a network. */
export interface Pair<T> {
  readonly direct: T;
  readonly networked: T;
}

export class Platform {
  readonly cluster: ThreeBrokers;
  readonly namespace: string;
  readonly owners: Pair<Post>;
  readonly workers: Pair<Post>;
  readonly clients: Pair<Client>;
  /** The network of an owner, and that of a worker and a client. */
  readonly networks: { readonly owner: Network; readonly edge: Network };

  private constructor(parts: Pick<Platform, 'cluster' | 'namespace' | 'owners' | 'workers' | 'clients' | 'networks'>) {
    this.cluster = parts.cluster;
    this.namespace = parts.namespace;
    this.owners = parts.owners;
    this.workers = parts.workers;
    this.clients = parts.clients;
    this.networks = parts.networks;
  }

  static async start(cluster: ThreeBrokers): Promise<Platform> {
    const { registryUrl, brokers } = cluster;
    const namespace = newNamespace();
    const log = await connectTestLog(brokers);
    const codec = await connectCodec({ registryUrl, logger: silentLogger });
    await provisionNamespace({ log, codec, namespace, partitions, replyPartitions: 2, taskPartitions: partitions });
    const networks = { owner: await Network.start(brokers), edge: await Network.start(brokers) };
    const script = 'dist/test/e2e/promises/worker.js';
    const owner = (addresses: readonly string[]) =>
      Post.fill(() => spawnHistoryService({ namespace, brokers: addresses, registryUrl, env }));
    const worker = (addresses: readonly string[]) =>
      Post.fill(() => spawnWorker({ namespace, brokers: addresses, registryUrl, env, script }));
    const client = async (addresses: readonly string[]) => {
      const options = { brokers: addresses, schemaRegistry: registryUrl, logger: silentLogger };
      return new Client({ connection: await Connection.connect(options), namespace });
    };
    const [owners, workers, clients] = await Promise.all([
      pairOf(owner, brokers, networks.owner),
      pairOf(worker, brokers, networks.edge),
      pairOf(client, brokers, networks.edge),
    ]);
    return new Platform({ cluster, namespace, owners, workers, clients, networks });
  }

  async stop(): Promise<void> {
    for (const { connection } of [this.clients.direct, this.clients.networked]) await connection.close();
    const posts = [this.owners, this.workers].flatMap(({ direct, networked }) => [direct, networked]);
    await Promise.all(posts.map((post) => post.kill('SIGKILL')));
    await Promise.all([this.networks.owner.close(), this.networks.edge.close()]);
  }
}

async function pairOf<T>(
  start: (brokers: readonly string[]) => Promise<T>,
  brokers: readonly string[],
  network: Network,
): Promise<Pair<T>> {
  const [direct, networked] = await Promise.all([start(brokers), start(network.brokers)]);
  return { direct, networked };
}
