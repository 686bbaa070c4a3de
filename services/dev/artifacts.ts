// The jars of Kafka and of the registry, resolved once by Maven into a cache folder of the user. A folder appears
// under its final name by one rename when everything is in it, so a download cut short is never taken for a whole
// one, and two processes that download at once don't see each other. Maven gets a repository of its own for the
// same reason: its local repository isn't made for two processes.

import { existsSync } from 'node:fs';
import { rename, rm, writeFile } from 'node:fs/promises';
import { homedir } from 'node:os';
import { join } from 'node:path';
import type { Logger } from '../platform/logger.js';
import { startChild } from './child-process.js';
import { ClusterError } from './errors.js';
import { createOwnedFolder } from './owned-folder.js';

const dependencyPlugin = 'org.apache.maven.plugins:maven-dependency-plugin:3.8.1';
const PROGRESS_EVERY_MS = 2_000;

/** Something that Maven Central has. Its name is the cache folder's and carries the version. */
export interface Artifact {
  readonly name: string;
  readonly title: string;
  /** The goal that puts it into a folder, with its parameters. */
  readonly goal: readonly string[];
  /** Coordinates (group:artifact:version) copied with all they depend on, for the goal `copy-dependencies`. */
  readonly dependencies: readonly string[];
}

export const kafkaArtifact: Artifact = {
  name: 'kafka-4.4.0',
  title: 'Apache Kafka 4.4.0',
  goal: [`${dependencyPlugin}:copy-dependencies`, '-DincludeScope=runtime'],
  dependencies: [
    'org.apache.kafka:kafka_2.13:4.4.0',
    'org.apache.kafka:kafka-tools:4.4.0',
    // Kafka logs through slf4j 1.7; without a binding its last words would be lost.
    'org.apache.logging.log4j:log4j-slf4j-impl:2.25.5',
  ],
};

export const registryArtifact: Artifact = {
  name: 'apicurio-registry-2.6.13.Final',
  title: 'Apicurio Registry 2.6.13',
  goal: [`${dependencyPlugin}:unpack`, '-Dartifact=io.apicurio:apicurio-registry-app:2.6.13.Final:tar.gz:all'],
  dependencies: [],
};

/** Where downloads are kept: XDG_CACHE_HOME, else ~/.cache, and there `millrace`. */
export function cacheFolder(env: NodeJS.ProcessEnv): string {
  return join(env.XDG_CACHE_HOME || join(env.HOME || homedir(), '.cache'), 'millrace');
}

export function isResolved(artifact: Artifact, env: NodeJS.ProcessEnv): boolean {
  return existsSync(join(cacheFolder(env), artifact.name));
}

/** Resolves an artifact, downloading it at the first time, and returns its folder. Errors: `DOWNLOAD_FAILED`. */
export async function resolveArtifact(artifact: Artifact, env: NodeJS.ProcessEnv, logger: Logger): Promise<string> {
  const cache = cacheFolder(env);
  const target = join(cache, artifact.name);
  if (isResolved(artifact, env)) return target;

  const work = await createOwnedFolder(cache, `${artifact.name}.download`);
  try {
    await writeFile(join(work, 'pom.xml'), pom(artifact));
    logger.info(`downloading ${artifact.title} from Maven Central, this once`, { into: cache });
    await runMaven(artifact, work, env, logger);
    await moveInto(join(work, 'files'), target);
    logger.info(`${artifact.title} is downloaded`);
  } finally {
    await rm(work, { recursive: true, force: true });
  }
  return target;
}

async function runMaven(artifact: Artifact, work: string, env: NodeJS.ProcessEnv, logger: Logger): Promise<void> {
  let files = 0;
  let saidAt = performance.now();
  const maven = await startChild({
    command: 'mvn',
    args: [
      '--batch-mode',
      `-Dmaven.repo.local=${join(work, 'repository')}`,
      `-DoutputDirectory=${join(work, 'files')}`,
      ...artifact.goal,
    ],
    env,
    cwd: work,
    onLine(line) {
      if (!line.includes('Downloaded from')) return;
      files++;
      if (performance.now() - saidAt < PROGRESS_EVERY_MS) return;
      saidAt = performance.now();
      logger.info(`downloading ${artifact.title}`, { files });
    },
  });
  const { code } = await maven.exited;
  if (code === 0) return;
  throw new ClusterError(
    'DOWNLOAD_FAILED',
    `Maven could not fetch ${artifact.title}: check the network and Maven's settings, then try again. It said:\n${maven.lastLines()}`,
  );
}

/** Another process may have been first: its folder is as good as ours. */
async function moveInto(source: string, target: string): Promise<void> {
  try {
    await rename(source, target);
  } catch (error) {
    if (!existsSync(target)) throw error;
  }
}

function pom(artifact: Artifact): string {
  const dependencies = artifact.dependencies.map((coordinates) => {
    const [group, id, version] = coordinates.split(':');
    return `<dependency><groupId>${group}</groupId><artifactId>${id}</artifactId><version>${version}</version></dependency>`;
  });
  return `<project xmlns="http://maven.apache.org/POM/4.0.0">
  <modelVersion>4.0.0</modelVersion>
  <groupId>millrace</groupId><artifactId>download</artifactId><version>1</version><packaging>pom</packaging>
  <dependencies>${dependencies.join('')}</dependencies>
</project>
`;
}
