import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { Connection, ServiceError } from '../../sdk/client/index.js';
import { createLocalCodec } from '../../services/platform/codec/local-codec.js';
import { createMemoryBroker } from '../../services/platform/log/memory/memory-log.js';
import { silentLogger } from '../../services/platform/logger.js';

/** Nothing listens on it: ports below 1024 are not given to programs, and nobody serves port 1. */
const nowhere = '127.0.0.1:1';
const quick = { connectTimeout: 200, logger: silentLogger };

describe('connecting', () => {
  let registry: Server | undefined;
  afterEach(() => {
    registry?.close();
    registry = undefined;
    vi.unstubAllEnvs();
  });

  async function startRegistry(): Promise<string> {
    const server = createServer((_request, response) =>
      response.setHeader('content-type', 'application/json').end('{"id":1}'),
    );
    registry = server;
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  }

  it('gives up after its time-out and names the broker that cannot be reached [client.connection]', async () => {
    const connecting = Connection.connect({ ...quick, brokers: nowhere, schemaRegistry: await startRegistry() });
    await expect(connecting).rejects.toThrow(ServiceError);
    await expect(connecting).rejects.toMatchObject({ code: 'UNREACHABLE', retryable: true });
    await expect(connecting).rejects.toThrow(nowhere);
  });

  it('names broker and registry when neither can be reached', async () => {
    const connecting = Connection.connect({
      ...quick,
      brokers: nowhere,
      schemaRegistry: 'http://127.0.0.1:1/registry',
    });
    await expect(connecting).rejects.toThrow(nowhere);
    await expect(connecting).rejects.toThrow('http://127.0.0.1:1/registry');
  });

  it('takes the addresses from the environment', async () => {
    vi.stubEnv('KAFKA_BROKERS', `${nowhere}, 127.0.0.1:2`);
    vi.stubEnv('SCHEMA_REGISTRY_URL', 'http://127.0.0.1:1/from-environment');
    const connecting = Connection.connect(quick);
    await expect(connecting).rejects.toThrow('127.0.0.1:2');
    await expect(connecting).rejects.toThrow('http://127.0.0.1:1/from-environment');
  });

  it('takes an address for a broker, explains that, and prefers the environment [envconfig.client-options]', async () => {
    const options = { ...quick, address: nowhere, schemaRegistry: await startRegistry() };
    vi.stubEnv('KAFKA_BROKERS', '');
    await expect(Connection.connect(options)).rejects.toThrow(
      /127\.0\.0\.1:1 .*'address' was taken for a Kafka broker/,
    );
    vi.stubEnv('KAFKA_BROKERS', '127.0.0.1:2');
    const connecting = Connection.connect(options);
    await expect(connecting).rejects.toThrow('127.0.0.1:2');
    await expect(connecting).rejects.not.toThrow('address');
  });

  it('lazily waits for the first use, and tries again at the next [client.connection-lazy]', async () => {
    const connection = Connection.lazy({ ...quick, brokers: nowhere, schemaRegistry: 'http://127.0.0.1:1' });
    const first = await connection.ensureConnected().catch((error: unknown) => error);
    const second = await connection.namespace('default').catch((error: unknown) => error);
    expect([first, second]).toEqual([expect.any(ServiceError), expect.any(ServiceError)]);
    expect(second).not.toBe(first);
    await connection.close();
  });

  it('is not done again after the close [client.connection-close]', async () => {
    const log = createMemoryBroker().connect();
    const connection = Connection.over({ log, codec: createLocalCodec(), logger: silentLogger });
    await connection.ensureConnected();
    await connection.close();
    await expect(connection.ensureConnected()).rejects.toThrow('the connection was closed');
    await expect(log.partitionCount('t')).rejects.toMatchObject({ code: 'LOG_UNAVAILABLE' });
  });
});
