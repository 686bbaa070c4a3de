// A registry where somebody has registered under our subjects what our schemas can't follow.
import { COMPATIBILITY, SchemaRegistry, SchemaType } from '@kafkajs/confluent-schema-registry';
import { afterEach, beforeEach, expect, inject, test } from 'vitest';
import { Connection, ServiceError } from '../../../sdk/client/index.js';
import { silentLogger } from '../../../services/platform/logger.js';
import { type RegistryProxy, startRegistryProxy } from '../../codec/registry-proxy.js';
import { newNamespace } from '../../kit/kit.js';
import { spawnHistoryService } from '../../kit/processes.js';

const subject = 'millrace.command.StartWorkflow';

let registry: RegistryProxy;

beforeEach(async () => {
  registry = await startRegistryProxy(inject('registryUrl'));
});

afterEach(() => registry.stop());

/** Registers a record of that name with one required field. */
async function register(compatibility: COMPATIBILITY): Promise<void> {
  const fields = [{ name: 'somethingElse', type: 'long' }];
  const schema = JSON.stringify({ type: 'record', name: 'StartWorkflow', namespace: 'millrace.command', fields });
  const client = new SchemaRegistry({ host: registry.url });
  await client.register({ type: SchemaType.AVRO, schema }, { subject, compatibility });
}

/** Connecting fails, and not for want of an answer. */
async function refusal(): Promise<ServiceError> {
  const options = { brokers: inject('brokers'), schemaRegistry: registry.url, logger: silentLogger };
  const error = await Connection.connect(options).catch((reason: unknown) => reason);
  expect(error).toBeInstanceOf(ServiceError);
  expect(error).toMatchObject({ code: 'REFUSED', retryable: false, cause: { code: 'SCHEMA_INCOMPATIBLE' } });
  return error as ServiceError;
}

test('an incompatible schema under a subject of ours is named with the reason, to clients and services alike', async () => {
  await register(COMPATIBILITY.FULL_TRANSITIVE);
  const { message } = await refusal();
  const refused =
    /refused the schema of millrace\.command\.StartWorkflow: .*Incompatible.*somethingElse.*; use the registry of this Millrace, or a version of Millrace that follows the one/;
  expect(message).toMatch(refused);

  const service = await spawnHistoryService({
    namespace: newNamespace(),
    registryUrl: registry.url,
    waitUntilReady: false,
  });
  expect(await service.exited).toEqual({ code: 1, signal: null });
  const last = JSON.parse(service.lastLines().split('\n').at(-1) ?? '');
  expect(last).toMatchObject({
    msg: 'the history service could not start',
    error: { message: expect.stringMatching(refused) },
  });
});

test('a subject of ours with a weaker compatibility is refused, saying which it must have', async () => {
  await register(COMPATIBILITY.NONE);
  expect((await refusal()).message).toMatch(
    /StartWorkflow: .*NONE.*; set the subject's compatibility to FULL_TRANSITIVE/,
  );
});
