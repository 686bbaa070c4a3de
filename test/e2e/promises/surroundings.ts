// What the tests of the promises stand on: a namespace with its history service and workers as processes.
import { Client, Connection } from 'millrace/client';
import { afterAll, inject } from 'vitest';
import { connectCodec } from '../../../services/platform/codec/registry.js';
import { silentLogger } from '../../../services/platform/logger.js';
import { provisionNamespace } from '../../../services/platform/namespace.js';
import { connectTestLog, newNamespace } from '../../kit/kit.js';
import { type SpawnedProcess, spawnWorker } from '../../kit/processes.js';

const here = 'dist/test/e2e/promises';
const connections: Connection[] = [];

afterAll(async () => {
  await Promise.all(connections.splice(0).map((connection) => connection.close()));
});

/** A namespace that is set up, without a service. */
export async function provisioned(): Promise<string> {
  const namespace = newNamespace();
  const log = await connectTestLog();
  const codec = await connectCodec({ registryUrl: inject('registryUrl'), logger: silentLogger });
  await provisionNamespace({ log, codec, namespace, partitions: 4 });
  return namespace;
}

export async function connectClient(namespace: string): Promise<Client> {
  const connection = await Connection.connect({
    brokers: inject('brokers'),
    schemaRegistry: inject('registryUrl'),
    logger: silentLogger,
  });
  connections.push(connection);
  return new Client({ connection, namespace });
}

export interface WorkerChoice {
  /** Modules below the tests' folder, without their ending. Default: `workflows` and `activities`; null for none. */
  readonly workflows?: string | null;
  readonly activities?: string | null;
  /** A module anywhere, in place of `activities`. */
  readonly activitiesPath?: string;
  /** Default: `q`. */
  readonly taskQueue?: string;
}

export function startWorker(namespace: string, choice: WorkerChoice = {}): Promise<SpawnedProcess> {
  const { workflows = 'workflows', activities = 'activities', activitiesPath, taskQueue = 'q' } = choice;
  const activitiesModule = activitiesPath ?? (activities === null ? '' : `${here}/${activities}.js`);
  return spawnWorker({
    namespace,
    script: `${here}/worker.js`,
    env: {
      MILLRACE_LOG_LEVEL: 'error',
      TASK_QUEUE: taskQueue,
      WORKFLOWS_MODULE: workflows === null ? '' : `${here}/${workflows}.js`,
      ACTIVITIES_MODULE: activitiesModule,
    },
  });
}
