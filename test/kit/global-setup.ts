import type { TestProject } from 'vitest/node';
import { startCluster } from '../../services/dev/cluster.js';
import { consoleLogger } from '../../services/dev/console-logger.js';

declare module 'vitest' {
  interface ProvidedContext {
    brokers: string[];
    registryUrl: string;
  }
}

/** One Kafka and one registry for the whole run; tests keep apart by their namespaces. */
export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  const cluster = await startCluster({ logger: consoleLogger, usualPorts: false });
  project.provide('brokers', [...cluster.brokers]);
  project.provide('registryUrl', cluster.registryUrl);
  return () => cluster.stop();
}
