// A Kafka and a schema registry for development, tests and the bench: those of the environment when it names some,
// else embedded ones on the local Java, else containers. What it starts ends with this process.

import { rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Logger } from '../platform/logger.js';
import { isResolved, kafkaArtifact, registryArtifact, resolveArtifact } from './artifacts.js';
import { dockerAnswers, startService } from './docker-compose.js';
import { ClusterError } from './errors.js';
import { findJava, MIN_JAVA, outputOf } from './java.js';
import { startKafkaBroker } from './kafka-broker.js';
import { createOwnedFolder } from './owned-folder.js';
import { startSchemaRegistry } from './schema-registry.js';

const usualPorts = { kafka: 9092, registry: 8081 } as const;
const anyPorts = { kafka: undefined, registry: undefined } as const;

export interface ClusterOptions {
  readonly logger: Logger;
  /** Keeps the data of Kafka and the registry; by default it goes when the cluster stops. */
  readonly dataDir?: string;
  /** Whether KAFKA_BROKERS and SCHEMA_REGISTRY_URL are used when set. Default true. */
  readonly reuse?: boolean;
  /** Whether Kafka and the registry take 9092 and 8081 when those are free. Default true. */
  readonly usualPorts?: boolean;
  /** Default: that of this process. */
  readonly env?: NodeJS.ProcessEnv;
}

/** The broker's process, for tests that end it. */
export interface BrokerProcess {
  /** Undefined while it doesn't run, and in a container. */
  readonly pid: number | undefined;
  /** Sends a signal; for those that end a process it resolves once it has ended. */
  kill(signal: NodeJS.Signals): Promise<void>;
  /** Starts it on the same port and data; resolves once it serves. */
  restart(): Promise<void>;
}

export interface Cluster {
  readonly brokers: readonly string[];
  readonly registryUrl: string;
  /** Undefined when the brokers are those of the environment. */
  readonly broker: BrokerProcess | undefined;
  /** Ends what was started. */
  stop(): Promise<void>;
}

/** What runs Kafka or the registry, and ends it. */
interface Part {
  stop(): Promise<void>;
}

interface KafkaPart extends Part {
  readonly brokers: readonly string[];
  readonly broker: BrokerProcess | undefined;
}

interface RegistryPart extends Part {
  readonly registryUrl: string;
}

/** A way to run them. */
interface Way {
  startKafka(dataDir: string): Promise<KafkaPart>;
  startRegistry(dataDir: string): Promise<RegistryPart>;
}

/**
 * Resolves once Kafka and the registry serve. The first time it downloads them, which the logger is told.
 * Errors: `NO_WAY_TO_RUN`, `DOWNLOAD_FAILED`, `PROCESS_FAILED`, `NOT_READY`.
 */
export async function startCluster(options: ClusterOptions): Promise<Cluster> {
  const env = options.env ?? process.env;
  const { KAFKA_BROKERS, SCHEMA_REGISTRY_URL } = options.reuse === false ? {} : env;
  if (KAFKA_BROKERS && SCHEMA_REGISTRY_URL) {
    return { ...givenKafka(KAFKA_BROKERS), ...givenRegistry(SCHEMA_REGISTRY_URL) };
  }
  const ports = options.usualPorts === false ? anyPorts : usualPorts;
  const way = await findWay({ env, ports, logger: options.logger });
  const dataDir = options.dataDir ?? (await createOwnedFolder(tmpdir(), 'millrace-data'));
  const parts = await Promise.allSettled([
    KAFKA_BROKERS ? givenKafka(KAFKA_BROKERS) : way.startKafka(dataDir),
    SCHEMA_REGISTRY_URL ? givenRegistry(SCHEMA_REGISTRY_URL) : way.startRegistry(dataDir),
  ]);

  async function stop(): Promise<void> {
    await Promise.all(parts.map((part) => part.status === 'fulfilled' && part.value.stop()));
    if (options.dataDir === undefined) await rm(dataDir, { recursive: true, force: true });
  }

  const [kafka, registry] = parts;
  if (kafka.status === 'fulfilled' && registry.status === 'fulfilled') {
    return { ...kafka.value, ...registry.value, stop };
  }
  await stop();
  throw parts.find((part) => part.status === 'rejected')?.reason;
}

function givenKafka(brokers: string): KafkaPart {
  return { brokers: brokers.split(',').map((broker) => broker.trim()), broker: undefined, async stop() {} };
}

function givenRegistry(registryUrl: string): RegistryPart {
  return { registryUrl, async stop() {} };
}

interface WayOptions {
  readonly env: NodeJS.ProcessEnv;
  readonly ports: typeof usualPorts | typeof anyPorts;
  readonly logger: Logger;
}

async function findWay(options: WayOptions): Promise<Way> {
  const java = await findJava(options.env);
  const lacking = java.found ? await lackingToDownload(options.env) : java.reason;
  if (java.found && lacking === undefined) return javaWay(java.command, options);
  if (await dockerAnswers(options.env)) return dockerWay(options);
  throw new ClusterError(
    'NO_WAY_TO_RUN',
    `There is no Kafka to use here. Do one of these three:
  1. set KAFKA_BROKERS and SCHEMA_REGISTRY_URL to a Kafka and a schema registry that run already;
  2. install Java ${MIN_JAVA} or newer and Maven: both are then run from here (now: ${lacking});
  3. start Docker with Compose: both are then run in containers (now: no engine answers).`,
  );
}

/** Why the jars can't be had, or undefined when they are here or Maven is. */
async function lackingToDownload(env: NodeJS.ProcessEnv): Promise<string | undefined> {
  if (isResolved(kafkaArtifact, env) && isResolved(registryArtifact, env)) return undefined;
  return (await outputOf('mvn', ['--version'], env)) === undefined ? "no Maven ('mvn' doesn't run)" : undefined;
}

function javaWay(java: string, { env, ports, logger }: WayOptions): Way {
  return {
    async startKafka(dataDir) {
      const jars = await resolveArtifact(kafkaArtifact, env, logger);
      const folder = join(dataDir, 'kafka');
      const broker = await startKafkaBroker({ java, jars, dataDir: folder, env, logger, preferredPort: ports.kafka });
      return { brokers: [broker.address], broker, stop: () => broker.stop() };
    },
    async startRegistry(dataDir) {
      const files = await resolveArtifact(registryArtifact, env, logger);
      const folder = join(dataDir, 'registry');
      const options = { java, files, dataDir: folder, env, logger, preferredPort: ports.registry };
      const registry = await startSchemaRegistry(options);
      return { registryUrl: registry.url, stop: () => registry.stop() };
    },
  };
}

function dockerWay({ env, ports, logger }: WayOptions): Way {
  logger.info('Kafka and the registry run in Docker; the first time this downloads their images');
  return {
    async startKafka() {
      const kafka = await startService('kafka', env, ports.kafka);
      return { brokers: [kafka.address], broker: kafka, stop: () => kafka.stop() };
    },
    async startRegistry() {
      const registry = await startService('registry', env, ports.registry);
      return { registryUrl: `http://${registry.address}/apis/ccompat/v7`, stop: () => registry.stop() };
    },
  };
}
