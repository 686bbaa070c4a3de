// What the benchmarks run on: one Kafka, one registry, a history service and a worker as processes of their own, and
// the client in this one. All on this machine, so that ratios mean something and absolute times little.
import { randomUUID } from 'node:crypto';
import { Client, Connection } from 'millrace/client';
import { type GuardedChild, startChild } from '../services/dev/child-process.js';
import { type Cluster, startCluster } from '../services/dev/cluster.js';
import { consoleLogger } from '../services/dev/console-logger.js';
import { projectFolder } from '../services/dev/project-folder.js';
import { until } from '../services/dev/until.js';
import { connectKafkaLog } from '../services/platform/log/kafka/kafka-log.js';
import type { Log } from '../services/platform/log/log.js';
import { silentLogger } from '../services/platform/logger.js';
import { topicsOf } from '../services/platform/topics.js';
import { type ProcessorTime, processorTime } from './processor-time.js';

const READY_TIMEOUT_MS = 60_000;

export interface Rig {
  readonly namespace: string;
  readonly client: Client;
  readonly log: Log;
  readonly registryUrl: string;
  /** The topics that workflows of the benchmarks write to. */
  readonly topics: readonly string[];
  processorTime(): ProcessorTime;
  /** Ends the history service by SIGKILL and starts another; resolves once that one serves. */
  replaceHistoryService(): Promise<void>;
  /** Starts a history service of another namespace, and resolves once it serves. It is ended with the rest, if not before. */
  startHistoryService(namespace: string, onLog: (line: string) => void): Promise<GuardedChild>;
  stop(): Promise<void>;
}

export async function startRig(): Promise<Rig> {
  const cluster = await startCluster({ logger: consoleLogger, usualPorts: false });
  const namespace = `bench-${randomUUID().slice(0, 8)}`;
  const children: GuardedChild[] = [];
  try {
    const env = environmentOf(cluster, namespace);
    let history = await startReady('dist/services/history/main.js', env, children);
    const worker = await startReady('dist/bench/worker.js', env, children);
    const [broker] = cluster.brokers;
    const connection = await Connection.connect({
      brokers: broker ?? '',
      schemaRegistry: cluster.registryUrl,
      logger: silentLogger,
    });
    const log = await connectKafkaLog({ brokers: cluster.brokers, clientId: 'bench', logger: silentLogger });
    const { commands, history: historyTopic, replies, ...queues } = topicsOf(namespace);
    return {
      namespace,
      client: new Client({ connection, namespace }),
      log,
      registryUrl: cluster.registryUrl,
      topics: [commands, historyTopic, replies, queues.workflowTasks('bench'), queues.activityTasks('bench')],
      processorTime: () =>
        processorTime({ broker: cluster.broker?.pid, history: history.pid, worker: worker.pid, client: process.pid }),
      async replaceHistoryService() {
        history.kill('SIGKILL');
        await history.exited;
        history = await startReady('dist/services/history/main.js', env, children);
      },
      startHistoryService(other, onLog) {
        const otherEnv = { ...environmentOf(cluster, other), MILLRACE_LOG_LEVEL: 'info' };
        return startReady('dist/services/history/main.js', otherEnv, children, onLog);
      },
      async stop() {
        await connection.close();
        await log.close();
        await stopAll(children, cluster);
      },
    };
  } catch (error) {
    await stopAll(children, cluster);
    throw error;
  }
}

function environmentOf({ brokers, registryUrl }: Cluster, namespace: string): NodeJS.ProcessEnv {
  return {
    ...process.env,
    KAFKA_BROKERS: brokers.join(','),
    SCHEMA_REGISTRY_URL: registryUrl,
    MILLRACE_NAMESPACE: namespace,
    MILLRACE_LOG_LEVEL: 'warn',
  };
}

/** Starts a script of ours and resolves once it says, as a line of JSON, that it runs. */
async function startReady(
  script: string,
  env: NodeJS.ProcessEnv,
  children: GuardedChild[],
  onLog: (line: string) => void = console.error,
): Promise<GuardedChild> {
  let isReady = false;
  const child = await startChild({
    command: process.execPath,
    args: ['--enable-source-maps', script],
    cwd: projectFolder,
    env,
    onLine(line, stream) {
      if (stream === 'stdout' && line.startsWith('{"event"')) isReady = true;
      else if (stream === 'stderr') onLog(line);
    },
  });
  children.push(child);
  const ready = await until(() => isReady || !child.running || undefined, { timeoutMs: READY_TIMEOUT_MS });
  if (!ready || !isReady) throw new Error(`${script} did not get ready:\n${child.lastLines()}`);
  return child;
}

async function stopAll(children: readonly GuardedChild[], cluster: Cluster): Promise<void> {
  for (const child of children) child.kill('SIGTERM');
  await Promise.all(children.map((child) => child.exited));
  await cluster.stop();
}
