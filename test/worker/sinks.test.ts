import { fileURLToPath } from 'node:url';
import { afterEach, beforeAll, beforeEach, expect, test } from 'vitest';
import { Client } from '../../sdk/client/index.js';
import { bundleWorkflowCode, type InjectedSinks, Worker, type WorkflowBundle } from '../../sdk/worker/index.js';
import type { Facts, Logger } from '../../services/platform/logger.js';
import { eventually } from '../kit/kit.js';
import { type MemoryPlatform, openMemoryPlatform } from './memory-platform.js';

const taskQueue = 'telling';
let workflowBundle: WorkflowBundle;
let platform: MemoryPlatform;
let client: Client;
let told: unknown[];
let lines: Array<{ readonly message: string; readonly facts: Facts }>;

beforeAll(async () => {
  const workflowsPath = fileURLToPath(new URL('./fixtures/telling-workflows.ts', import.meta.url));
  workflowBundle = await bundleWorkflowCode({ workflowsPath });
});
beforeEach(async () => {
  platform = await openMemoryPlatform();
  client = new Client({ connection: platform.connect() });
  told = [];
  lines = [];
});
afterEach(() => platform.close());

// biome-ignore lint/suspicious/noExplicitAny: sinks of any shape
const sinks: InjectedSinks<any> = {
  teller: {
    tell: { fn: (info, ...args) => void told.push([info.workflowId, info.workflowType, ...args]) },
    always: { fn: (_info, what) => void told.push(`always: ${what}`), callDuringReplay: true },
    fails: {
      fn: async () => {
        throw new Error('deaf');
      },
    },
  },
};

function recordingLogger(): Logger {
  const write = (message: string, facts: Facts = {}) => void lines.push({ message, facts });
  const logger: Logger = { trace: write, debug: write, info: write, warn: write, error: write, child: () => logger };
  return logger;
}

function createWorker(): Promise<Worker> {
  return Worker.create({ connection: platform.connect(recordingLogger()), taskQueue, workflowBundle, sinks });
}

test('sinks are called with the workflow that calls, not on a replay unless they ask for it, and their errors are only logged [workflow.sinks worker.sinks]', async () => {
  const handle = await client.workflow.start('tells', { workflowId: 'w', taskQueue });
  const first = await createWorker();
  await first.runUntil(eventually(() => expect(told).toHaveLength(2)));
  expect(told).toEqual([['w', 'tells', 'begun', { deep: ['x'], at: new Date(0) }], 'always: begun']);
  await handle.signal('go');
  const second = await createWorker();
  expect(await second.runUntil(handle.result())).toBe('told');
  expect(told.slice(2)).toEqual(['always: begun', ['w', 'tells', 'gone']]);
  const failed = lines.filter(({ message }) => message === 'a function of a sink has failed');
  expect(failed).toMatchObject([{ facts: { sink: 'teller', function: 'fails', workflowId: 'w' } }]);
});

test('arguments that can not be copied are an error of the code that gives them [workflow.sinks]', async () => {
  const worker = await createWorker();
  const result = client.workflow.execute('tellsTheUntellable', { workflowId: 'w', taskQueue });
  expect(await worker.runUntil(result)).toContain("the arguments of sink function 'teller.tell' can't be copied");
});

test('a sink that the worker does not have is said in its log [workflow.sinks]', async () => {
  const worker = await createWorker();
  const result = client.workflow.execute('callsUnknownSink', { workflowId: 'w', taskQueue });
  expect(await worker.runUntil(result)).toBe('not heard');
  expect(lines.find(({ facts }) => facts.sink === 'nobody')?.message).toContain('not registered');
});

test('lines of the log say which workflow wrote them [workflow.log-attributes]', async () => {
  const handle = await client.workflow.start('tells', { workflowId: 'w', taskQueue });
  await handle.signal('go');
  await (await createWorker()).runUntil(handle.result());
  const line = lines.find(({ message }) => message === 'begun');
  expect(line?.facts).toMatchObject({
    sdkComponent: 'workflow',
    namespace: 'default',
    taskQueue,
    workflowId: 'w',
    workflowType: 'tells',
    own: 1,
  });
});
