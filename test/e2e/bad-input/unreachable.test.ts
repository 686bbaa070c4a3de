// A broker or a registry that isn't there when a client, a worker or a history service starts.
import { afterEach, describe, expect, inject, test } from 'vitest';
import { Connection } from '../../../sdk/client/index.js';
import { NativeConnection, Worker } from '../../../sdk/worker/index.js';
import { silentLogger } from '../../../services/platform/logger.js';
import { eventually, newNamespace } from '../../kit/kit.js';
import { type SpawnedProcess, spawnHistoryService } from '../../kit/processes.js';
import { type LateServer, reserveAddress } from './late-server.js';

/** Nobody listens there: programs aren't given ports below 1024, and nobody serves port 1. */
const nowhere = '127.0.0.1:1';
const noBroker = /no Kafka broker answered at 127\.0\.0\.1:1 within 300 ms: start one there, or correct KAFKA_BROKERS/;
const noRegistry =
  /no schema registry answered at http:\/\/127\.0\.0\.1:1\/apis for 0\.\d s \(.*\): start one there, or set SCHEMA_REGISTRY_URL/;

const opened: Array<{ close(): Promise<void> }> = [];

afterEach(async () => {
  await Promise.all(opened.splice(0).map((each) => each.close()));
});

/** Addresses of the broker and the registry where nobody listens yet. */
async function lateServers(): Promise<{ broker: LateServer; registry: LateServer; registryUrl: string }> {
  const [first = ''] = inject('brokers');
  const url = new URL(inject('registryUrl'));
  const [broker, registry] = await Promise.all([reserveAddress(first), reserveAddress(url.host)]);
  opened.push(broker, registry);
  return { broker, registry, registryUrl: `http://${registry.address}${url.pathname}` };
}

describe('a client', () => {
  const given = { connectTimeout: 300, logger: silentLogger };

  test('is told what can not be reached, broker or registry or both, after the time it allows', async () => {
    const brokers = inject('brokers');
    const schemaRegistry = inject('registryUrl');
    const noKafka = Connection.connect({ ...given, brokers: nowhere, schemaRegistry });
    await expect(noKafka).rejects.toThrow(noBroker);
    const noSchemas = Connection.connect({ ...given, brokers, schemaRegistry: `http://${nowhere}/apis` });
    await expect(noSchemas).rejects.toThrow(noRegistry);
    const neither = Connection.connect({ ...given, brokers: nowhere, schemaRegistry: `http://${nowhere}/apis` });
    await expect(neither).rejects.toThrow(noBroker);
    await expect(neither).rejects.toThrow(noRegistry);
    await expect(neither).rejects.toMatchObject({ name: 'ServiceError', code: 'UNREACHABLE', retryable: true });
  });

  test('connects when they come up within that time', async () => {
    const { broker, registry, registryUrl } = await lateServers();
    const connecting = Connection.connect({
      ...given,
      connectTimeout: '20 s',
      brokers: broker.address,
      schemaRegistry: registryUrl,
    });
    await Promise.all([broker.open(), registry.open()]);
    const connection = await connecting;
    opened.unshift(connection);
    await expect(connection.namespace(newNamespace())).rejects.toThrow(/is not set up: start a history service for it/);
  });
});

test('a worker is told the same', async () => {
  const connection = NativeConnection.lazy({
    brokers: nowhere,
    schemaRegistry: `http://${nowhere}/apis`,
    connectTimeout: 300,
    logger: silentLogger,
  });
  const worker = Worker.create({ connection, taskQueue: 'q', activities: { async a() {} } });
  await expect(worker).rejects.toThrow(noBroker);
  await expect(worker).rejects.toThrow(noRegistry);
});

describe('a history service', () => {
  test('keeps trying for the time it allows, then says what it could not reach and exits with 1', async () => {
    const started = await spawnHistoryService({
      namespace: newNamespace(),
      brokers: [nowhere],
      registryUrl: `http://${nowhere}/apis`,
      env: { MILLRACE_CONNECT_TIMEOUT_MS: '300' },
      waitUntilReady: false,
    });
    expect(await started.exited).toEqual({ code: 1, signal: null });
    const [broker, registry] = linesOf(started).slice(-2);
    expect(broker).toMatchObject({
      msg: 'the history service could not start',
      error: { message: expect.stringMatching(noBroker) },
    });
    expect(registry).toMatchObject({
      msg: 'the history service could not start',
      error: { message: expect.stringMatching(noRegistry) },
    });
    expect(started.said).toEqual([]);
  });

  test('serves when they come up within that time, having said meanwhile what it waits for', async () => {
    const { broker, registry, registryUrl } = await lateServers();
    const service = await spawnHistoryService({
      namespace: newNamespace(),
      brokers: [broker.address],
      registryUrl,
      waitUntilReady: false,
    });
    await eventually(() => {
      const waitedFor = linesOf(service).map(({ msg }) => msg);
      expect(waitedFor).toContain('no Kafka broker answers yet, trying again');
      expect(waitedFor).toContain('the schema registry does not answer yet, trying again');
    });
    await Promise.all([broker.open(), registry.open()]);
    await eventually(() => expect(service.said).toMatchObject([{ event: 'serving' }]));
    await service.kill('SIGTERM');
  });
});

function linesOf(started: SpawnedProcess): Array<Record<string, unknown>> {
  return started
    .lastLines()
    .split('\n')
    .filter((line) => line.startsWith('{'))
    .map((line) => JSON.parse(line));
}
