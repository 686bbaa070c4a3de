import { join } from 'node:path';
import type { Logger } from '../platform/logger.js';
import { startChild } from './child-process.js';
import { startCluster } from './cluster.js';
import { ClusterError } from './errors.js';
import { projectFolder } from './project-folder.js';
import { until } from './until.js';

const READY_TIMEOUT_MS = 60_000;

/** Everything that a workflow needs but its worker: Kafka, a registry and a history service. */
export interface Stack {
  readonly brokers: readonly string[];
  readonly registryUrl: string;
  readonly namespace: string;
  /** The environment of a program that is to use it. */
  readonly env: NodeJS.ProcessEnv;
  stop(): Promise<void>;
}

/** Starts the stack and resolves once it serves. MILLRACE_DATA_DIR keeps its data; otherwise they go when it stops. */
export async function startStack(logger: Logger): Promise<Stack> {
  const dataDir = process.env.MILLRACE_DATA_DIR;
  const cluster = await startCluster({ logger, ...(dataDir && { dataDir }) });
  const { brokers, registryUrl } = cluster;
  const namespace = process.env.MILLRACE_NAMESPACE || 'default';
  const env = {
    ...process.env,
    KAFKA_BROKERS: brokers.join(','),
    SCHEMA_REGISTRY_URL: registryUrl,
    MILLRACE_NAMESPACE: namespace,
  };
  try {
    const history = await startHistoryService(env, logger);
    async function stop(): Promise<void> {
      // The service gives its partitions back to Kafka, so Kafka goes last.
      await history.stop();
      await cluster.stop();
    }
    return { brokers, registryUrl, namespace, env, stop };
  } catch (error) {
    await cluster.stop();
    throw error;
  }
}

async function startHistoryService(env: NodeJS.ProcessEnv, logger: Logger) {
  let serves = false;
  let stopping = false;
  const child = await startChild({
    command: process.execPath,
    args: ['--enable-source-maps', join(projectFolder, 'dist', 'services', 'history', 'main.js')],
    env: { MILLRACE_LOG_LEVEL: 'warn', ...env },
    onLine(line, stream) {
      if (stream === 'stdout') serves = true;
      else logger.warn(`history: ${readable(line)}`);
    },
  });
  void child.exited.then((status) => {
    if (serves && !stopping) logger.error('the history service has ended', { ...status });
  });
  const ready = await until(() => serves || !child.running || undefined, { timeoutMs: READY_TIMEOUT_MS });
  if (ready && child.running) {
    return {
      async stop() {
        stopping = true;
        await child.stop(20_000);
      },
    };
  }
  stopping = true;
  await child.stop();
  throw new ClusterError(
    'PROCESS_FAILED',
    `the history service did not come to serve. Its last words:\n${child.lastLines()}`,
  );
}

/** A line of the service's log without what only machines want. */
function readable(line: string): string {
  if (!line.startsWith('{')) return line;
  const { level, time, pid, hostname, name, msg, ...facts } = JSON.parse(line);
  return Object.keys(facts).length === 0 ? msg : `${msg} ${JSON.stringify(facts)}`;
}
