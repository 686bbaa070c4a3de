import { once } from 'node:events';
import { connect } from 'node:net';
import { fileURLToPath } from 'node:url';
import { Kafka, logLevel } from 'kafkajs';
import { TestWorkflowEnvironment } from 'millrace/testing';
import { Worker } from 'millrace/worker';
import { afterEach, beforeEach, expect, inject, test, vi } from 'vitest';
import { sleep } from '../testing/workflows.js';

const workflowsPath = fileURLToPath(new URL('../testing/workflows.ts', import.meta.url));
const taskQueue = 'test';

beforeEach(() => {
  vi.stubEnv('KAFKA_BROKERS', inject('brokers').join(','));
  vi.stubEnv('SCHEMA_REGISTRY_URL', inject('registryUrl'));
});

afterEach(() => {
  vi.unstubAllEnvs();
});

/** A worker and a client that name no namespace, as in most tests. */
async function runWorkflow({ client, nativeConnection }: TestWorkflowEnvironment, workflowId: string): Promise<void> {
  const worker = await Worker.create({ connection: nativeConnection, taskQueue, workflowsPath });
  await worker.runUntil(client.workflow.execute(sleep, { workflowId, taskQueue, args: [10] }));
}

/** Whether somebody listens at `host:port`. */
function answers(address: string): Promise<boolean> {
  const { hostname, port } = new URL(`tcp://${address}`);
  const socket = connect({ host: hostname, port: Number(port) });
  return once(socket, 'connect').then(
    () => {
      socket.destroy();
      return true;
    },
    () => false,
  );
}

async function topicsWith(prefix: string): Promise<string[]> {
  const admin = new Kafka({ brokers: inject('brokers'), logLevel: logLevel.NOTHING }).admin();
  await admin.connect();
  const topics = await admin.listTopics();
  await admin.disconnect();
  return topics.filter((topic) => topic.startsWith(prefix));
}

test('a local environment runs on the Kafka of the surroundings and leaves nothing behind [testing.create-local testing.teardown]', async () => {
  const env = await TestWorkflowEnvironment.createLocal();
  await runWorkflow(env, 'local');
  expect(env.supportsTimeSkipping).toBe(false);
  expect(env.address).toBe(inject('brokers').join(','));
  expect(Math.abs((await env.currentTimeMs()) - Date.now())).toBeLessThan(60_000);
  expect(await topicsWith(env.namespace)).toContain(`${env.namespace}.tasks.${taskQueue}.workflow`);
  await env.teardown();
  // Brokers tell of a deletion a moment after it is accepted.
  await expect.poll(() => topicsWith(env.namespace)).toEqual([]);
  await expect(env.client.workflow.getHandle('local').describe()).rejects.toThrow('the connection was closed');
});

test('an environment over what runs already leaves that as it is [testing.create-from-existing]', async () => {
  const local = await TestWorkflowEnvironment.createLocal();
  const { namespace, address } = local;
  const schemaRegistry = inject('registryUrl');
  const env = await TestWorkflowEnvironment.createFromExistingServer({ address, namespace, schemaRegistry });
  await runWorkflow(env, 'existing');
  await env.teardown();
  expect(await local.client.workflow.getHandle('existing').describe()).toMatchObject({ status: { name: 'COMPLETED' } });
  await local.teardown();
});

test('where the surroundings have no Kafka one is started for the environment, and ended with it', async () => {
  vi.stubEnv('KAFKA_BROKERS', '');
  vi.stubEnv('SCHEMA_REGISTRY_URL', '');
  const env = await TestWorkflowEnvironment.createLocal();
  expect(env.namespace).toBe('default');
  await runWorkflow(env, 'embedded');
  expect(await answers(env.address)).toBe(true);
  await env.teardown();
  expect(await answers(env.address)).toBe(false);
});

test('what was started for an environment that can not be made is ended again', async () => {
  const dataConverter = { payloadConverterPath: '/nowhere/converter.js' };
  await expect(TestWorkflowEnvironment.createLocal({ client: { dataConverter } })).rejects.toThrow();
  await expect.poll(() => topicsWith('local-')).toEqual([]);
});
