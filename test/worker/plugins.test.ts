import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { Client, type ClientPlugin, Connection, type ConnectionPlugin } from '../../sdk/client/index.js';
import { SimplePlugin } from '../../sdk/plugin/index.js';
import {
  type BundlerPlugin,
  bundleWorkflowCode,
  NativeConnection,
  Worker,
  type WorkerPlugin,
} from '../../sdk/worker/index.js';
import { type MemoryPlatform, openMemoryPlatform } from './memory-platform.js';

const workflowsPath = fileURLToPath(new URL('./fixtures/workflows.ts', import.meta.url));
const taskQueue = 'plugged';

let platform: MemoryPlatform;

beforeEach(async () => {
  platform = await openMemoryPlatform();
});

afterEach(() => platform.close());

const greet = async (name: string) => `hello ${name}`;

describe('plugins', () => {
  test('configure a worker in order and stand around its run [worker.plugins]', async () => {
    const notes: string[] = [];
    const plugin = (name: string): WorkerPlugin & BundlerPlugin => ({
      name,
      configureWorker: (options) => {
        notes.push(`${name} configures`);
        return { ...options, identity: `${options.identity ?? ''}${name}` };
      },
      configureBundler: (options) => {
        notes.push(`${name} bundles`);
        return options;
      },
      async runWorker(worker, next) {
        notes.push(`${name} before ${worker.getState()}`);
        await next(worker);
        notes.push(`${name} after ${worker.getState()}`);
      },
    });
    const worker = await Worker.create({
      connection: platform.connect(),
      taskQueue,
      workflowsPath,
      plugins: [plugin('a'), { name: 'none' }, plugin('b')],
    });
    expect(worker.options.identity).toBe('ab');
    await worker.runUntil(Promise.resolve());
    expect(notes).toEqual([
      'a configures',
      'b configures',
      'a bundles',
      'b bundles',
      'a before INITIALIZED',
      'b before INITIALIZED',
      'b after STOPPED',
      'a after STOPPED',
    ]);
  });

  test('a run that a plugin holds back ends when its promise has', async () => {
    let release: () => void = () => undefined;
    const held = new Promise<void>((resolve) => {
      release = resolve;
    });
    const holding: WorkerPlugin = { name: 'holding', runWorker: (worker, next) => held.then(() => next(worker)) };
    const options = { connection: platform.connect(), taskQueue, activities: { greet }, plugins: [holding] };
    const worker = await Worker.create(options);
    const result = worker.runUntil(async () => 'done');
    setImmediate(release);
    expect(await result).toBe('done');
    expect(worker.getState()).toBe('STOPPED');
  });

  test('of a connection count for its options, its clients and its workers [client.plugins worker.plugins]', async () => {
    const plugin: ConnectionPlugin & ClientPlugin & WorkerPlugin = {
      name: 'shared',
      configureConnection: (options) => ({ ...options, identity: 'by-plugin' }),
      configureClient: (options) => ({ ...options, namespace: 'elsewhere' }),
      configureWorker: (options) => ({ ...options, taskQueue: 'elsewhere' }),
    };
    expect(Connection.lazy({ plugins: [plugin] }).identity).toBe('by-plugin');
    const native: ConnectionPlugin = {
      name: 'native',
      configureNativeConnection: (options) => ({ ...options, identity: `${options.identity}, natively` }),
    };
    expect(NativeConnection.lazy({ plugins: [plugin, native] }).identity).toBe('by-plugin, natively');
    const connection = platform.connect(undefined, [plugin]);
    expect(new Client({ connection }).options.namespace).toBe('elsewhere');
    const worker = await Worker.create({ connection, taskQueue, activities: { greet } });
    expect(worker.options.taskQueue).toBe('elsewhere');
    await worker.runUntil(Promise.resolve());
  });
});

describe('SimplePlugin [worker.plugins]', () => {
  test('gives a worker what it needs, beside its own', async () => {
    const seen: string[] = [];
    const note = (name: string) => () => ({
      inbound: {
        execute: async (input: { args: unknown[] }, next: (input: never) => Promise<unknown>) => {
          seen.push(name);
          return next(input as never);
        },
      },
    });
    const plugin = new SimplePlugin({
      name: 'all',
      activities: { greet },
      workflowsPath,
      workerInterceptors: { activity: [note('plugin')] },
      runContext: async (next) => {
        seen.push('run');
        await next();
        seen.push('ran');
      },
    });
    const connection = platform.connect();
    const client = new Client({ connection, plugins: [plugin] });
    const worker = await Worker.create({
      connection,
      taskQueue,
      interceptors: { activity: [note('own')] },
      plugins: [plugin],
    });
    const execute = client.workflow.execute('hello', { workflowId: 'hello-1', taskQueue, args: ['Ada'] });
    expect(await worker.runUntil(execute)).toBe('hello Ada');
    expect(seen).toEqual(['run', 'own', 'plugin', 'ran']);
  });

  test('takes functions of what is there', async () => {
    const plugin = new SimplePlugin({
      name: 'functions',
      activities: (existing) => ({ ...existing, added: greet }),
      dataConverter: (existing) => ({ ...existing, payloadCodecs: [] }),
      workflowsPath: () => workflowsPath,
    });
    const worker = plugin.configureWorker({ taskQueue, activities: { greet } });
    expect(Object.keys(worker.activities ?? {})).toEqual(['greet', 'added']);
    expect(worker).toMatchObject({ workflowsPath, dataConverter: { payloadCodecs: [] } });
    expect(plugin.configureClient({ namespace: 'n' })).toEqual({
      namespace: 'n',
      dataConverter: { payloadCodecs: [] },
    });
    const { code } = await bundleWorkflowCode({ workflowsPath: 'nowhere.ts', plugins: [plugin] });
    expect(code).toContain('waitingForTheEnd');
  });
});
