// One Kafka node (broker and controller) on the local Java, on loopback. It can be ended by any signal and started
// again on the same port and data: tests do that to it.

import { existsSync } from 'node:fs';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { MAX_BATCH_BYTES } from '../platform/limits.js';
import type { Logger } from '../platform/logger.js';
import { type GuardedChild, startChild } from './child-process.js';
import { ClusterError } from './errors.js';
import { servingCluster } from './kafka-probe.js';
import { freePort, onFreePort } from './ports.js';
import { until } from './until.js';

/** Allows for a slow machine, and for the controller to forget the session of a broker ended by SIGKILL. */
const READY_TIMEOUT_MS = 60_000;

export interface KafkaBrokerOptions {
  /** The command that runs Java. */
  readonly java: string;
  /** The folder with Kafka's jars. */
  readonly jars: string;
  /** A folder for its files, made when it is missing. */
  readonly dataDir: string;
  readonly env: NodeJS.ProcessEnv;
  readonly logger: Logger;
  /** Where it listens when that port is free. */
  readonly preferredPort: number | undefined;
}

/** Starts a node and resolves once it serves. Errors: `PROCESS_FAILED`, `NOT_READY`. */
export async function startKafkaBroker(options: KafkaBrokerOptions): Promise<KafkaBroker> {
  await mkdir(options.dataDir, { recursive: true });
  await writeFile(join(options.dataDir, 'log4j2.properties'), logProperties);
  return onFreePort(options.preferredPort, async (port) => {
    const settings = properties(options.dataDir, port, await freePort());
    await writeFile(join(options.dataDir, 'server.properties'), settings);
    const broker = new KafkaBroker(options, port);
    await broker.restart();
    return broker;
  });
}

export class KafkaBroker {
  /** The address clients connect to. */
  readonly address: string;
  readonly #options: KafkaBrokerOptions;
  #clusterId: string | undefined;
  #child: GuardedChild | undefined;
  /** Whether somebody asked for the end of the process, so that it is no news. */
  #endIsExpected = false;

  constructor(options: KafkaBrokerOptions, port: number) {
    this.#options = options;
    this.address = `127.0.0.1:${port}`;
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
    const { java, jars, dataDir, env } = this.#options;
    const config = join(dataDir, 'server.properties');
    const identity = join(dataDir, 'log', 'meta.properties');
    if (!existsSync(identity)) await this.#format(config);
    this.#clusterId = /^cluster\.id=(.*)$/m.exec(await readFile(identity, 'utf8'))?.[1];
    const child = await startChild({
      command: java,
      args: [
        '-Xms256m',
        '-Xmx768m',
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
    const { java, jars, dataDir, env } = this.#options;
    const clusterId = Buffer.from(crypto.getRandomValues(new Uint8Array(16))).toString('base64url');
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

function properties(dataDir: string, port: number, controllerPort: number): string {
  const settings = {
    'process.roles': 'broker,controller',
    'node.id': 1,
    'controller.quorum.voters': `1@127.0.0.1:${controllerPort}`,
    'controller.listener.names': 'CONTROLLER',
    listeners: `PLAINTEXT://127.0.0.1:${port},CONTROLLER://127.0.0.1:${controllerPort}`,
    'advertised.listeners': `PLAINTEXT://127.0.0.1:${port}`,
    'log.dirs': join(dataDir, 'log'),
    'message.max.bytes': MAX_BATCH_BYTES,
    'auto.create.topics.enable': false,
    // Members of a group join one by one in development; waiting for more would only delay the first.
    'group.initial.rebalance.delay.ms': 0,
    // After a SIGKILL the controller refuses the node until its old session is over. The default is 9 seconds.
    'broker.session.timeout.ms': 3_000,
    'broker.heartbeat.interval.ms': 500,
    'offsets.topic.num.partitions': 8,
    'offsets.topic.replication.factor': 1,
    'transaction.state.log.num.partitions': 8,
    'transaction.state.log.replication.factor': 1,
    'transaction.state.log.min.isr': 1,
    'share.coordinator.state.topic.num.partitions': 1,
    'share.coordinator.state.topic.replication.factor': 1,
    'share.coordinator.state.topic.min.isr': 1,
  };
  return Object.entries(settings)
    .map(([name, value]) => `${name}=${value}\n`)
    .join('');
}

const logProperties = `appender.console.type=Console
appender.console.name=console
appender.console.layout.type=PatternLayout
appender.console.layout.pattern=%d{HH:mm:ss.SSS} %p %c{1}: %m%n
rootLogger.level=warn
rootLogger.appenderRef.console.ref=console
`;
