// A namespace on the three brokers with history services and workers as processes, each of which may have a network of
// its own.
import { Client, Connection } from 'millrace/client';
import { connectCodec } from '../../services/platform/codec/registry.js';
import { silentLogger } from '../../services/platform/logger.js';
import { provisionNamespace } from '../../services/platform/namespace.js';
import { connectTestLog, newNamespace } from '../kit/kit.js';
import { type SpawnedProcess, spawnHistoryService, spawnWorker } from '../kit/processes.js';
import type { ThreeBrokers } from '../kit/three-brokers.js';

export const taskQueue = 'q';
export const partitions = 4;

const env = {
  MILLRACE_LOG_LEVEL: process.env.MILLRACE_LOG_LEVEL ?? 'error',
  TASK_QUEUE: taskQueue,
  WORKFLOWS_MODULE: 'dist/test/cluster/workflows.js',
  ACTIVITIES_MODULE: 'dist/test/cluster/activities.js',
};

export interface Platform {
  readonly namespace: string;
  readonly registryUrl: string;
  /** Starts a process; its brokers are the cluster's own unless named. */
  startHistory(brokers?: readonly string[]): Promise<SpawnedProcess>;
  startWorker(brokers?: readonly string[]): Promise<SpawnedProcess>;
  connectClient(brokers?: readonly string[]): Promise<Client>;
  /** Ends what was started. */
  stop(): Promise<void>;
}

export async function startPlatform(cluster: ThreeBrokers): Promise<Platform> {
  const { registryUrl } = cluster;
  const namespace = newNamespace();
  const log = await connectTestLog(cluster.brokers);
  const codec = await connectCodec({ registryUrl, logger: silentLogger });
  await provisionNamespace({ log, codec, namespace, partitions, replyPartitions: 2, taskPartitions: partitions });
  const processes: SpawnedProcess[] = [];
  const connections: Connection[] = [];

  async function kept(starting: Promise<SpawnedProcess>): Promise<SpawnedProcess> {
    const started = await starting;
    processes.push(started);
    return started;
  }

  return {
    namespace,
    registryUrl,
    startHistory: (brokers = cluster.brokers) => kept(spawnHistoryService({ namespace, brokers, registryUrl, env })),
    startWorker: (brokers = cluster.brokers) =>
      kept(spawnWorker({ namespace, brokers, registryUrl, env, script: 'dist/test/e2e/promises/worker.js' })),
    async connectClient(brokers = cluster.brokers) {
      const connection = await Connection.connect({ brokers, schemaRegistry: registryUrl, logger: silentLogger });
      connections.push(connection);
      return new Client({ connection, namespace });
    },
    async stop() {
      await Promise.all(connections.map((connection) => connection.close()));
      await Promise.all(processes.map((started) => started.kill('SIGKILL')));
    },
  };
}
