// One Kafka node (broker and controller) on the local Java, on loopback. It can be ended by any signal and started
// again on the same port and data: tests do that to it.

import { existsSync } from 'node:fs';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Logger } from '../platform/logger.js';
import { type GuardedChild, startChild } from './child-process.js';
import { ClusterError } from './errors.js';
import { servingCluster } from './kafka-probe.js';
import { type KafkaNode, logProperties, nodeSettings, recordsFolder } from './kafka-settings.js';
import { freePort, onFreePort } from './ports.js';
import { until } from './until.js';

/** Allows for a slow machine, and for the controller to forget the session of a broker ended by SIGKILL. */
const READY_TIMEOUT_MS = 60_000;

export interface KafkaNodeOptions {
  /** The command that runs Java. */
  readonly java: string;
  /** The folder with Kafka's jars. */
  readonly jars: string;
  /** A folder for its files, made when it is missing. */
  readonly dataDir: string;
  readonly env: NodeJS.ProcessEnv;
  readonly logger: Logger;
  readonly node: KafkaNode;
  /** All nodes of its cluster. */
  readonly nodes: readonly KafkaNode[];
  /** The cluster's id, unless the data folder has one already. */
  readonly clusterId: string;
  /** The most that its heap may take, in mebibytes. Default 768. */
  readonly maxHeapMb?: number;
}

/** Starts a cluster of one node and resolves once it serves. Errors: `PROCESS_FAILED`, `NOT_READY`. */
export async function startKafkaBroker(
  options: Omit<KafkaNodeOptions, 'node' | 'nodes' | 'clusterId'> & {
    /** Where it listens when that port is free. */
    readonly preferredPort: number | undefined;
  },
): Promise<KafkaBroker> {
  return onFreePort(options.preferredPort, async (port) => {
    const node = { id: 1, port, controllerPort: await freePort() };
    const broker = new KafkaBroker({ ...options, node, nodes: [node], clusterId: newClusterId() });
    await broker.restart();
    return broker;
  });
}

/** Never begins with a dash, which Kafka's tool would take for an option. */
export function newClusterId(): string {
  const bytes = Buffer.from(crypto.getRandomValues(new Uint8Array(16)));
  bytes[0] = (bytes[0] ?? 0) & 0x7f;
  return bytes.toString('base64url');
}

export class KafkaBroker {
  /** The address clients connect to. */
  readonly address: string;
  readonly #options: KafkaNodeOptions;
  #clusterId: string | undefined;
  #child: GuardedChild | undefined;
  /** Whether somebody asked for the end of the process, so that it is no news. */
  #endIsExpected = false;

  constructor(options: KafkaNodeOptions) {
    this.#options = options;
    this.address = `127.0.0.1:${options.node.port}`;
  }

  /** The id of the process, or undefined while it doesn't run. */
  get pid(): number | undefined {
    return this.#child?.running ? this.#child.pid : undefined;
  }

  /** Sends a signal. For those that end a process it resolves once the process has ended. */
  async kill(signal: NodeJS.Signals): Promise<void> {
    const child = this.#child;
    if (child === undefined) return;
    if (signal === 'SIGSTOP' || signal === 'SIGCONT') {
      child.kill(signal);
      return;
    }
    this.#endIsExpected = true;
    child.kill(signal);
    await child.exited;
  }

  /** Ends the process if it runs and starts it on the same port and data; resolves once it serves. */
  async restart(): Promise<void> {
    await this.stop();
    const { java, jars, dataDir, env, maxHeapMb = 768 } = this.#options;
    const config = join(dataDir, 'server.properties');
    const identity = join(recordsFolder(dataDir), 'meta.properties');
    await mkdir(dataDir, { recursive: true });
    await writeFile(config, nodeSettings(this.#options));
    await writeFile(join(dataDir, 'log4j2.properties'), logProperties);
    if (!existsSync(identity)) await this.#format(config);
    this.#clusterId = /^cluster\.id=(.*)$/m.exec(await readFile(identity, 'utf8'))?.[1];
    const child = await startChild({
      command: java,
      args: [
        '-Xms256m',
        `-Xmx${maxHeapMb}m`,
        '-XX:+UseSerialGC',
        `-Dlog4j2.configurationFile=${join(dataDir, 'log4j2.properties')}`,
        ...['-cp', join(jars, '*'), 'kafka.Kafka', config],
      ],
      env,
      cwd: dataDir,
    });
    this.#child = child;
    this.#endIsExpected = false;
    await this.#waitUntilReady(child);
    void child.exited.then((status) => {
      if (this.#endIsExpected) return;
      this.#options.logger.error('Kafka has ended', { ...status, lastLines: child.lastLines() });
    });
  }

  async stop(): Promise<void> {
    this.#endIsExpected = true;
    await this.#child?.stop();
  }

  /** Gives the data folder its cluster id. */
  async #format(config: string): Promise<void> {
    const { java, jars, dataDir, env, clusterId } = this.#options;
    const tool = ['kafka.tools.StorageTool', 'format', '--cluster-id', clusterId, '--config', config];
    const child = await startChild({
      command: java,
      args: ['-XX:TieredStopAtLevel=1', '-XX:+UseSerialGC', '-cp', join(jars, '*'), ...tool],
      env,
      cwd: dataDir,
    });
    const { code } = await child.exited;
    if (code !== 0) {
      throw new ClusterError('PROCESS_FAILED', `Kafka's data folder could not be formatted:\n${child.lastLines()}`);
    }
  }

  async #waitUntilReady(child: GuardedChild): Promise<void> {
    const ready = await until(
      async () => {
        if (!child.running) {
          throw new ClusterError(
            'PROCESS_FAILED',
            `Kafka ended before it served. Its last words:\n${child.lastLines()}`,
          );
        }
        // Somebody else's Kafka may answer, when it was faster to take the port.
        return (await servingCluster(this.address)) === this.#clusterId || undefined;
      },
      { timeoutMs: READY_TIMEOUT_MS },
    );
    if (ready) return;
    const lastLines = child.lastLines();
    await this.stop();
    throw new ClusterError(
      'NOT_READY',
      `Kafka did not serve within ${READY_TIMEOUT_MS} ms: the machine may be overloaded. Its last words:\n${lastLines}`,
    );
  }
}
