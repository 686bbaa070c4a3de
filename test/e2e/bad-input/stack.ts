// What the tests of bad input work with: a namespace of their own with a history service, a client, and workers on request.
import { fileURLToPath } from 'node:url';
import { afterAll, inject } from 'vitest';
import type { WorkflowDescribed } from '../../../schemas/generated/messages.js';
import { Client, Connection, type WorkflowHandle } from '../../../sdk/client/index.js';
import { Worker, type WorkerOptions } from '../../../sdk/worker/index.js';
import { HistoryService } from '../../../services/history/service.js';
import type { Codec } from '../../../services/platform/codec/codec.js';
import { connectCodec } from '../../../services/platform/codec/registry.js';
import type { Log } from '../../../services/platform/log/log.js';
import { silentLogger } from '../../../services/platform/logger.js';
import { type Topics, topicsOf } from '../../../services/platform/topics.js';
import { connectTestLog, eventually, newNamespace } from '../../kit/kit.js';

/** Few, so that all is set up and taken over quickly. */
const PARTITIONS = 2;

export interface RunningWorker {
  /** Shuts down, and resolves once it has stopped; rejects with what ended it otherwise. */
  stop(): Promise<void>;
}

export interface Stack {
  readonly namespace: string;
  readonly topics: Topics;
  readonly log: Log;
  readonly codec: Codec;
  readonly client: Client;
  /** Runs a worker of the workflows in a file of this folder, until it is stopped or the file's tests are over. */
  startWorker(
    options: Pick<WorkerOptions, 'taskQueue' | 'activities'> & { readonly workflows?: string },
  ): Promise<RunningWorker>;
}

const closers: Array<() => Promise<void>> = [];

afterAll(async () => {
  for (const close of closers.splice(0).toReversed()) await close();
});

/** Opens a namespace; it is closed after the file's tests, which fail when a worker has. */
export async function openStack(): Promise<Stack> {
  const namespace = newNamespace();
  const log = await connectTestLog();
  const codec = await connectCodec({ registryUrl: inject('registryUrl'), logger: silentLogger });
  const counts = { partitions: PARTITIONS, replyPartitions: PARTITIONS, taskPartitions: PARTITIONS };
  const service = await HistoryService.start({
    ...counts,
    log,
    codec,
    namespace,
    identity: 'history',
    logger: silentLogger,
  });
  closers.push(() => service.stop());
  const connection = await Connection.connect({
    brokers: inject('brokers'),
    schemaRegistry: inject('registryUrl'),
    logger: silentLogger,
  });
  closers.push(() => connection.close());
  return {
    namespace,
    topics: topicsOf(namespace),
    log,
    codec,
    client: new Client({ connection, namespace }),
    async startWorker({ workflows = 'workflows.ts', ...options }) {
      const workflowsPath = fileURLToPath(new URL(`./${workflows}`, import.meta.url));
      return run(await Worker.create({ ...options, connection, namespace, workflowsPath }));
    },
  };
}

function run(worker: Worker): RunningWorker {
  const ended = worker.run();
  ended.catch(() => undefined);
  const stop = async () => {
    if (worker.getState() === 'RUNNING') worker.shutdown();
    await ended;
  };
  closers.push(stop);
  return { stop };
}

/** The workflow task's failure, as `describe` shows it; waits until there is one. */
export function taskFailureOf(handle: WorkflowHandle): Promise<NonNullable<WorkflowDescribed['workflowTaskFailure']>> {
  return eventually(async () => {
    const { status, raw } = await handle.describe();
    if (raw.workflowTaskFailure !== null) return raw.workflowTaskFailure;
    throw new Error(`the workflow is ${status.name}, and its task has not failed`);
  });
}

/** The causes of the workflow task's failures in the history. */
export async function taskFailureCauses(handle: WorkflowHandle): Promise<string[]> {
  const { events } = await handle.fetchHistory();
  return events.flatMap((event) => (event.type === 'WorkflowTaskFailed' ? [event.cause] : []));
}
