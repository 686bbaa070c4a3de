import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { Logger } from '../platform/logger.js';
import { type GuardedChild, startChild } from './child-process.js';
import { ClusterError } from './errors.js';
import { onFreePort } from './ports.js';
import { until } from './until.js';

const READY_TIMEOUT_MS = 60_000;

export interface SchemaRegistryOptions {
  /** The command that runs Java. */
  readonly java: string;
  /** The folder with Apicurio's files. */
  readonly files: string;
  /** A folder for its database: schema ids are in the records on Kafka, so they must survive as long as those. */
  readonly dataDir: string;
  readonly env: NodeJS.ProcessEnv;
  readonly logger: Logger;
  /** Where it listens when that port is free. */
  readonly preferredPort: number | undefined;
}

export interface SchemaRegistry {
  /** The base of its Confluent API. */
  readonly url: string;
  stop(): Promise<void>;
}

/** Starts Apicurio Registry on loopback and resolves once it answers. Errors: `PROCESS_FAILED`, `NOT_READY`. */
export async function startSchemaRegistry(options: SchemaRegistryOptions): Promise<SchemaRegistry> {
  await mkdir(options.dataDir, { recursive: true });
  return onFreePort(options.preferredPort, (port) => startOnPort(options, port));
}

async function startOnPort(options: SchemaRegistryOptions, port: number): Promise<SchemaRegistry> {
  const { java, files, dataDir, env, logger } = options;
  const url = `http://127.0.0.1:${port}/apis/ccompat/v7`;
  let listens = false;
  const child = await startChild({
    command: java,
    args: [
      '-Xmx384m',
      '-XX:+UseSerialGC',
      '-XX:TieredStopAtLevel=1',
      '-Dquarkus.http.host=127.0.0.1',
      `-Dquarkus.http.port=${port}`,
      '-Dquarkus.datasource.jdbc.initial-size=2',
      '-Dquarkus.datasource.jdbc.min-size=2',
      ...['-cp', `${join(files, '*')}:${join(files, 'lib', '*')}`, 'io.quarkus.runner.GeneratedMain'],
    ],
    env: { ...env, REGISTRY_DATASOURCE_URL: `jdbc:h2:file:${join(dataDir, 'schemas')}` },
    cwd: dataDir,
    onLine(line) {
      listens ||= line.includes('Listening on:');
    },
  });
  // Its own word comes first: somebody else's registry may answer, when it was faster to take the port.
  await waitUntilReady(child, url, async () => listens && (await answers(url)));

  let stopping = false;
  void child.exited.then((status) => {
    if (!stopping) logger.error('the schema registry has ended', { ...status, lastLines: child.lastLines() });
  });
  return {
    url,
    async stop() {
      stopping = true;
      await child.stop();
    },
  };
}

async function waitUntilReady(child: GuardedChild, url: string, isReady: () => Promise<boolean>): Promise<void> {
  const ready = await until(
    async () => {
      if (!child.running) {
        throw new ClusterError(
          'PROCESS_FAILED',
          `the schema registry ended before it answered. Its last words:\n${child.lastLines()}`,
        );
      }
      return (await isReady()) || undefined;
    },
    { timeoutMs: READY_TIMEOUT_MS },
  );
  if (ready) return;
  await child.stop();
  throw new ClusterError(
    'NOT_READY',
    `the schema registry did not answer at ${url} within ${READY_TIMEOUT_MS} ms: the machine may be overloaded. ` +
      `Its last words:\n${child.lastLines()}`,
  );
}

/** Whether a registry with the Confluent API answers at this base address. */
export async function answers(url: string): Promise<boolean> {
  try {
    const response = await fetch(`${url}/subjects`, { signal: AbortSignal.timeout(2_000) });
    await response.body?.cancel();
    return response.ok;
  } catch {
    return false;
  }
}
