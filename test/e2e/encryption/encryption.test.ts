import { randomBytes } from 'node:crypto';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, expect, inject, test } from 'vitest';
import { Context } from '../../../sdk/activity/index.js';
import { Client, Connection, WorkflowFailedError } from '../../../sdk/client/index.js';
import { ApplicationFailure, type DataConverter, ExternalStorage } from '../../../sdk/common/index.js';
import { InMemoryStorageDriver } from '../../../sdk/external-storage/index.js';
import { Worker } from '../../../sdk/worker/index.js';
import { type HistoryService, startHistoryService } from '../../../services/history/service.js';
import { connectCodec } from '../../../services/platform/codec/registry.js';
import { silentLogger } from '../../../services/platform/logger.js';
import { connectTestLog, eventually, newNamespace } from '../../kit/kit.js';
import { encryptingCodec } from './encrypting-codec.js';
import { recordsOf } from './namespace-records.js';
import type { blurts, keepsSecrets, saysMuch } from './workflows.js';

const path = (name: string) => fileURLToPath(new URL(name, import.meta.url));
const namespace = newNamespace();
const taskQueue = 'secrets';
const dataConverter: DataConverter = {
  payloadCodecs: [encryptingCodec(randomBytes(32))],
  failureConverterPath: path('./encoded-failures.mjs'),
};

let service: HistoryService;
let client: Client;
let worker: Worker;
const connections: Connection[] = [];

/** Fails once, with details and a heartbeat behind it. */
const activities = {
  whisper: async (secret: string) => `${secret}, whispered`,
  async stumble(secret: string) {
    const { info, heartbeat } = Context.current();
    if (info.attempt > 1) return `${secret}, after ${String(info.heartbeatDetails)}`;
    heartbeat(`secret-progress-${secret}`);
    throw ApplicationFailure.create({ message: `secret-failure-${secret}`, details: [`secret-detail-${secret}`] });
  },
};

async function connect(): Promise<Connection> {
  const brokers = inject('brokers');
  const connection = await Connection.connect({ brokers, schemaRegistry: inject('registryUrl'), logger: silentLogger });
  connections.push(connection);
  return connection;
}

beforeAll(async () => {
  const log = await connectTestLog();
  const codec = await connectCodec({ registryUrl: inject('registryUrl'), logger: silentLogger });
  service = await startHistoryService({ log, codec, namespace, identity: 'history', logger: silentLogger });
  client = new Client({ connection: await connect(), namespace, dataConverter });
  worker = await Worker.create({
    connection: await connect(),
    namespace,
    taskQueue,
    workflowsPath: path('./workflows.ts'),
    activities,
    dataConverter,
    // Each task replays its history, which has gone through the codecs, too.
    maxCachedWorkflows: 0,
  });
});

afterAll(async () => {
  await Promise.all(connections.map((connection) => connection.close()));
  await service.stop();
});

test('with a codec that encrypts, nothing is readable on any topic [common.payload-codecs-everywhere]', async () => {
  const { result, query, failure, memo, history } = await worker.runUntil(async () => {
    const handle = await client.workflow.start<typeof keepsSecrets>('keepsSecrets', {
      workflowId: 'keeper',
      taskQueue,
      args: ['secret-argument'],
      memo: { first: 'secret-memo' },
    });
    const query = await eventually(async () => {
      const heard = await handle.query<string[], [string]>('told', 'secret-query-');
      expect(heard).toHaveLength(4);
      return heard;
    });
    const { memo } = await handle.describe();
    await handle.signal('tell', 'secret-signal');
    const result = await handle.result();
    const failure = await client.workflow
      .execute<typeof blurts>('blurts', { workflowId: 'blurter', taskQueue, args: ['secret-told'] })
      .catch((error: unknown) => error);
    const history = await client.workflow.getHandle('keeper', handle.firstExecutionRunId).fetchHistory();
    return { result, query, failure, memo, history };
  });

  const heard = [
    'secret-argument, whispered',
    'secret-argument, after secret-progress-secret-argument',
    'secret-argument, whispered',
    'secret-child-secret-argument, kept',
  ];
  expect(query).toEqual(heard.map((text) => `secret-query-${text}`));
  expect(memo).toEqual({ first: 'secret-memo', later: 'secret-later-secret-argument' });
  expect(result).toEqual([...heard, 'secret-signal', 'secret-memo', 'secret-later-secret-argument']);
  expect(failure).toBeInstanceOf(WorkflowFailedError);
  const cause = (failure as WorkflowFailedError).cause as ApplicationFailure;
  expect(cause).toBeInstanceOf(ApplicationFailure);
  expect(cause).toMatchObject({ message: 'secret-message-secret-told', details: ['secret-detail-secret-told'] });

  const records = await recordsOf(namespace);
  const seen = new Set(records.map(({ topic }) => topic.slice(namespace.length + 1)));
  const written = ['commands', 'history', 'replies', `tasks.${taskQueue}.workflow`, `tasks.${taskQueue}.activity`];
  expect([...seen]).toEqual(expect.arrayContaining(written));
  const readable = records.filter(({ bytes }) => bytes.includes('secret-'));
  expect(readable.map(({ topic, bytes }) => `${topic}: ${bytes.toString('latin1')}`)).toEqual([]);

  // What was fetched is as it stands there; the replay's codecs read it.
  await Worker.runReplayHistory({ workflowsPath: path('./workflows.ts'), dataConverter, namespace }, history);
});

test('values larger than a record go by claim check, encrypted, through workflows too [common.external-storage]', async () => {
  const driver = new InMemoryStorageDriver();
  const externalStorage = new ExternalStorage({ drivers: [driver] });
  const large: DataConverter = { ...dataConverter, externalStorage };
  const connection = await connect();
  const options = { connection, namespace, taskQueue: 'large', workflowsPath: path('./workflows.ts'), activities };
  const largeWorker = await Worker.create({ ...options, dataConverter: large });
  const largeClient = new Client({ connection, namespace, dataConverter: large });
  const result = await largeWorker.runUntil(
    largeClient.workflow.execute<typeof saysMuch>('saysMuch', {
      workflowId: 'talker',
      taskQueue: 'large',
      args: [500_000],
    }),
  );
  const said = `${'secret-'.repeat(500_000)}, whispered`;
  expect(result).toBe(`${said.length}:${said}`);
  // The activity's argument and result, and the workflow's result.
  expect(driver.size).toBeGreaterThanOrEqual(3);
  const records = await recordsOf(namespace);
  expect(records.filter(({ bytes }) => bytes.includes('secret-') || bytes.length > 1_000_000)).toEqual([]);
});
