// Kafka and the registry in containers, by the project's own docker-compose.yml: for machines without Java.

import { join } from 'node:path';
import { type GuardedChild, startChild } from './child-process.js';
import { ClusterError } from './errors.js';
import { outputOf } from './java.js';
import { servingCluster } from './kafka-probe.js';
import { freePort } from './ports.js';
import { projectFolder } from './project-folder.js';
import { answers } from './schema-registry.js';
import { until } from './until.js';

/** The first start pulls the image. */
const READY_TIMEOUT_MS = 300_000;

/** Compose asks the container to end, then insists after 10 seconds. */
const STOP_TIMEOUT_MS = 30_000;

/** Whether a Docker engine answers and has Compose. */
export async function dockerAnswers(env: NodeJS.ProcessEnv): Promise<boolean> {
  const [engine, compose] = await Promise.all([
    outputOf('docker', ['version', '--format', '{{.Server.Version}}'], env),
    outputOf('docker', ['compose', 'version'], env),
  ]);
  return engine !== undefined && compose !== undefined;
}

const services = {
  kafka: {
    portVariable: 'KAFKA_PORT',
    serves: async (address: string) => (await servingCluster(address)) !== undefined,
  },
  registry: {
    portVariable: 'REGISTRY_PORT',
    serves: (address: string) => answers(`http://${address}/apis/ccompat/v7`),
  },
} as const;

/** Starts one service of docker-compose.yml and resolves once it serves. Errors: `PROCESS_FAILED`, `NOT_READY`. */
export async function startService(
  name: keyof typeof services,
  env: NodeJS.ProcessEnv,
  preferredPort: number | undefined,
): Promise<DockerService> {
  const service = new DockerService(name, env, await freePort(preferredPort));
  await service.restart();
  return service;
}

class DockerService {
  readonly address: string;
  /** The process is in a container: it has no id here. */
  readonly pid = undefined;
  readonly #name: keyof typeof services;
  readonly #env: NodeJS.ProcessEnv;
  /** Names the containers, so that several clusters stand side by side. */
  readonly #project: string;
  /** `up` stays attached to the container, so that it stops when this process ends, however it ends. */
  #attached: GuardedChild | undefined;

  constructor(name: keyof typeof services, env: NodeJS.ProcessEnv, port: number) {
    this.address = `127.0.0.1:${port}`;
    this.#name = name;
    this.#env = { ...env, [services[name].portVariable]: String(port) };
    this.#project = `millrace-${name}-${port}`;
  }

  async kill(signal: NodeJS.Signals): Promise<void> {
    await this.#run('kill', '--signal', signal, this.#name);
    if (signal !== 'SIGSTOP' && signal !== 'SIGCONT') await this.#attached?.exited;
  }

  async restart(): Promise<void> {
    await this.#attached?.stop(STOP_TIMEOUT_MS);
    const attached = await this.#compose('up', '--no-deps', this.#name);
    this.#attached = attached;
    const ready = await until(
      async () => {
        if (attached.running) return (await services[this.#name].serves(this.address)) || undefined;
        throw new ClusterError('PROCESS_FAILED', `'docker compose up' ended. It said:\n${attached.lastLines()}`);
      },
      { timeoutMs: READY_TIMEOUT_MS, everyMs: 500 },
    );
    if (ready) return;
    await this.stop();
    throw new ClusterError(
      'NOT_READY',
      `${this.#name} did not serve within ${READY_TIMEOUT_MS} ms in its container. It said:\n${attached.lastLines()}`,
    );
  }

  async stop(): Promise<void> {
    await this.#attached?.stop(STOP_TIMEOUT_MS);
    await this.#run('down', '--volumes');
  }

  #compose(...args: readonly string[]): Promise<GuardedChild> {
    const file = join(projectFolder, 'docker-compose.yml');
    return startChild({
      command: 'docker',
      args: ['compose', '--project-name', this.#project, '--file', file, ...args],
      env: this.#env,
    });
  }

  async #run(...args: readonly string[]): Promise<void> {
    const child = await this.#compose(...args);
    const { code } = await child.exited;
    if (code === 0) return;
    throw new ClusterError('PROCESS_FAILED', `'docker compose ${args.join(' ')}' failed:\n${child.lastLines()}`);
  }
}
