import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { COMPATIBILITY, SchemaRegistry, SchemaType } from '@kafkajs/confluent-schema-registry';
import { afterEach, beforeEach, describe, expect, inject, it } from 'vitest';
import { messageSchemas } from '../../schemas/generated/messages.js';
import type { Codec } from '../../services/platform/codec/codec.js';
import { connectCodec } from '../../services/platform/codec/registry.js';
import { silentLogger } from '../../services/platform/logger.js';
import { type RegistryProxy, startRegistryProxy } from './registry-proxy.js';
import { messageNames, randomFrom, sampleMessage } from './samples.js';

const subject = 'millrace.reply.PartitionOwnerChanged';
const message = { type: 'PartitionOwnerChanged', partition: 1, ownerEpoch: 2 } as const;

let proxy: RegistryProxy;
beforeEach(async () => {
  proxy = await startRegistryProxy(inject('registryUrl'));
});
afterEach(() => proxy.stop());

function connect(changed: { registryUrl?: string; connectTimeoutMs?: number } = {}): Promise<Codec> {
  return connectCodec({ registryUrl: proxy.url, logger: silentLogger, ...changed });
}

/** The library that any Kafka client in JavaScript would use. */
function plainRegistry(): SchemaRegistry {
  return new SchemaRegistry({ host: proxy.url, retry: { retries: 0 } });
}

/** Registers a changed shape of the subject, whatever the registry thinks of it, and returns its id. */
async function register(subjectName: string, change: (schema: { name: string; fields: unknown[] }) => void) {
  const schema = JSON.parse(messageSchemas[subjectName] ?? messageSchemas[subject] ?? '');
  change(schema);
  const compatibility = COMPATIBILITY.FULL_TRANSITIVE;
  return plainRegistry().register(
    { type: SchemaType.AVRO, schema: JSON.stringify(schema) },
    { subject: subjectName, compatibility },
  );
}

describe('connecting', () => {
  it('registers every message type under its full name, with compatibility FULL_TRANSITIVE', async () => {
    const codec = await connect();
    const registry = plainRegistry();
    for (const { id, schema } of codec.snapshot().schemas) {
      const name = `${JSON.parse(schema).namespace}.${JSON.parse(schema).name}`;
      expect(await registry.getLatestSchemaId(name)).toBe(id);
    }
    const config = await fetch(`${proxy.url}/config/${subject}`);
    expect(await config.json()).toMatchObject({ compatibilityLevel: 'FULL_TRANSITIVE' });
  });

  it('registers nothing when everything is registered, and makes one request a type', async () => {
    const first = await connect();
    const before = proxy.requests.length;
    const second = await connect();
    expect(second.snapshot()).toStrictEqual(first.snapshot());
    expect(proxy.requests.slice(before).filter((line) => line.includes('/versions'))).toStrictEqual([]);
    expect(proxy.requests.length - before).toBe(messageNames.length);
  });

  it('may be done by several processes at once', async () => {
    const codecs = await Promise.all([connect(), connect(), connect()]);
    for (const codec of codecs) expect(codec.snapshot()).toStrictEqual(codecs[0]?.snapshot());
  });

  it('waits for a registry that comes up late', async () => {
    const { url } = proxy;
    await proxy.stop();
    const codec = connect({ registryUrl: url });
    const late = await startRegistryProxy(inject('registryUrl'), Number(new URL(url).port));
    await expect(codec.then((connected) => connected.encode(message))).resolves.toBeInstanceOf(Buffer);
    await late.stop();
  });

  it('gives up after connectTimeoutMs with an error that names the URL', async () => {
    await proxy.stop();
    const startedAt = performance.now();
    await expect(connect({ connectTimeoutMs: 400 })).rejects.toMatchObject({
      code: 'REGISTRY_UNAVAILABLE',
      retryable: true,
      message: expect.stringMatching(
        `^no schema registry answered at ${proxy.url} for 0.\\d s .*ECONNREFUSED.*set SCHEMA_REGISTRY_URL$`,
      ),
    });
    expect(performance.now() - startedAt).toBeGreaterThanOrEqual(400);
  });

  it('gives up on a registry that accepts connections and never answers', async () => {
    const silent = createServer(() => {});
    await new Promise<void>((resolve) => silent.listen(0, '127.0.0.1', resolve));
    const registryUrl = `http://127.0.0.1:${(silent.address() as AddressInfo).port}`;
    await expect(connect({ registryUrl, connectTimeoutMs: 300 })).rejects.toMatchObject({
      code: 'REGISTRY_UNAVAILABLE',
    });
    silent.closeAllConnections();
    silent.close();
  });

  it('fails at once on a schema that the registry refuses, naming the subject and the reason', async () => {
    await register(subject, ({ fields }) => fields.push({ name: 'ancient', doc: 'Required.', type: 'string' }));
    await expect(connect()).rejects.toMatchObject({
      code: 'SCHEMA_INCOMPATIBLE',
      retryable: false,
      facts: { subject },
      message: expect.stringMatching(`refused the schema of ${subject}: .*[Ii]ncompatible`),
    });
  });

  it("refuses a URL that isn't one, and shows no credentials", async () => {
    await expect(connect({ registryUrl: 'localhost:8081' })).rejects.toThrow(/must be an http or https URL/);
    await proxy.stop();
    const registryUrl = proxy.url.replace('http://', 'http://user:secret@');
    const error = await connect({ registryUrl, connectTimeoutMs: 1 }).catch((reason: Error) => reason);
    expect(String(error)).toContain(proxy.url);
    expect(String(error)).not.toContain('secret');
  });
});

describe('once connected', () => {
  it('messages are written and read without the registry', async () => {
    const codec = await connect();
    await proxy.stop();
    for (const name of messageNames) {
      const sample = sampleMessage(name, randomFrom(5));
      expect(await codec.decodeLearning(codec.encode(sample))).toStrictEqual(sample);
    }
  });

  it("a newer writer's schema is fetched once and resolved to this build's shape", async () => {
    const codec = await connect();
    const { id } = await register(subject, ({ fields }) =>
      fields.unshift({ name: 'added', doc: 'New.', type: ['null', 'string'], default: null }),
    );
    const bytes = await plainRegistry().encode(id, { added: 'later', partition: 1, ownerEpoch: 2 });
    expect(() => codec.decode(bytes)).toThrow(expect.objectContaining({ code: 'UNKNOWN_SCHEMA' }));

    const before = proxy.requests.length;
    expect(await Promise.all([codec.decodeLearning(bytes), codec.decodeLearning(bytes)])).toStrictEqual([
      message,
      message,
    ]);
    expect(proxy.requests.slice(before)).toStrictEqual([`GET /schemas/ids/${id}`]);
    expect(codec.decode(bytes)).toStrictEqual(message);
    expect(codec.snapshot().schemas).toContainEqual({ id, schema: expect.any(String), write: false });
  });

  it('an unknown schema and no registry is an error to try again after', async () => {
    const codec = await connect();
    await proxy.stop();
    const bytes = codec.encode(message);
    bytes.writeUInt32BE(99_999_999, 1);
    await expect(codec.decodeLearning(bytes)).rejects.toMatchObject({ code: 'REGISTRY_UNAVAILABLE', retryable: true });
  });

  it('a schema id that the registry lacks is no message', async () => {
    const codec = await connect();
    const bytes = codec.encode(message);
    bytes.writeUInt32BE(99_999_999, 1);
    await expect(codec.decodeLearning(bytes)).rejects.toMatchObject({ code: 'NOT_A_MESSAGE' });
  });

  it("another application's record is no message", async () => {
    const codec = await connect();
    const schema = JSON.stringify({
      type: 'record',
      name: 'Order',
      namespace: 'shop',
      fields: [{ name: 'id', type: 'string' }],
    });
    const registry = plainRegistry();
    const { id } = await registry.register({ type: SchemaType.AVRO, schema }, { subject: 'shop.Order' });
    const bytes = await registry.encode(id, { id: '1' });
    await expect(codec.decodeLearning(bytes)).rejects.toMatchObject({
      code: 'NOT_A_MESSAGE',
      message: expect.stringContaining('shop.Order'),
    });
  });

  it.each([true, false])(
    'a message type of a newer Millrace is told apart, with its skippable %s',
    async (skippable) => {
      const codec = await connect();
      const header = { workflowId: 'w', runId: 'r', eventId: 1, sequence: 1, eventTime: 0, skippable };
      const { id } = await register('millrace.history.WorkflowExecutionForgotten', (schema) => {
        Object.assign(schema, JSON.parse(messageSchemas['millrace.history.WorkflowExecutionTimedOut'] ?? ''), {
          name: 'WorkflowExecutionForgotten',
        });
      });
      const bytes = await plainRegistry().encode(id, { header, retryState: 'TIMEOUT' });
      await expect(codec.decodeLearning(bytes)).rejects.toMatchObject({
        code: 'UNKNOWN_TYPE',
        facts: { subject: 'millrace.history.WorkflowExecutionForgotten', schemaId: id, skippable },
      });
    },
  );
});

describe('a plain client with only the registry', () => {
  it.each(messageNames)('reads what we write, and writes what we read: %s', async (name) => {
    const codec = await sharedCodec();
    const registry = sharedRegistry();
    const { type, ...fields } = sampleMessage(name, randomFrom(9));
    const bytes = codec.encode({ type, ...fields } as never);
    expect(await registry.decode(bytes)).toEqual(fields);
    expect(codec.decode(await registry.encode(bytes.readUInt32BE(1), fields))).toStrictEqual({ type, ...fields });
  });
});

let codecOfAll: Promise<Codec> | undefined;
function sharedCodec(): Promise<Codec> {
  codecOfAll ??= connect({ registryUrl: inject('registryUrl') });
  return codecOfAll;
}

let registryOfAll: SchemaRegistry | undefined;
function sharedRegistry(): SchemaRegistry {
  registryOfAll ??= new SchemaRegistry({ host: inject('registryUrl') });
  return registryOfAll;
}
