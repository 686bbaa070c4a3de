import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { Client } from '../../sdk/client/index.js';
import { defaultPayloadConverter } from '../../sdk/common/index.js';
import { Worker } from '../../sdk/worker/index.js';
import type { Facts, Logger } from '../../services/platform/logger.js';
import { type MemoryPlatform, openMemoryPlatform } from './memory-platform.js';

const fixture = (name: string) => fileURLToPath(new URL(`./fixtures/${name}.ts`, import.meta.url));
const taskQueue = 'intercepted';
let platform: MemoryPlatform;
let client: Client;
let lines: Array<{ readonly message: string; readonly facts: Facts }>;

beforeEach(async () => {
  platform = await openMemoryPlatform();
  client = new Client({ connection: platform.connect() });
  lines = [];
});
afterEach(() => platform.close());

function recordingLogger(): Logger {
  const write = (message: string, facts: Facts = {}) => void lines.push({ message, facts });
  const logger: Logger = { trace: write, debug: write, info: write, warn: write, error: write, child: () => logger };
  return logger;
}

/** Its activities tell the header that they were called with. */
function createWorker(): Promise<Worker> {
  return Worker.create({
    connection: platform.connect(recordingLogger()),
    taskQueue,
    workflowsPath: fixture('intercepted-workflows'),
    interceptors: {
      workflowModules: [fixture('workflow-interceptors')],
      activity: [
        () => ({
          inbound: {
            async execute({ headers }) {
              const { tenant } = headers;
              return tenant && defaultPayloadConverter.fromPayload(tenant);
            },
          },
        }),
      ],
    },
    activities: { tenantOf: async () => 'nobody' },
  });
}

async function execute(workflowType: string, ...args: unknown[]): Promise<unknown> {
  const worker = await createWorker();
  return worker.runUntil(client.workflow.execute(workflowType, { workflowId: 'w', taskQueue, args }));
}

test('outbound interceptors see and change what workflow code calls [workflow.interceptors-outbound worker.workflow-interceptor-modules]', async () => {
  expect(await execute('callsOut', 'a')).toMatchObject({
    arg: 'a!',
    tenants: ['w', 'w', 'execute tenant,signal go tenant'],
    trace: expect.arrayContaining([
      'timer 2592000000 a long nap',
      'activity tenantOf 1',
      'local activity tenantOf 1',
      'child waits the-child',
      'signal go to child',
    ]),
  });
  const { events } = await client.workflow.getHandle('w').fetchHistory();
  const timer = events.find((event) => event.type === 'TimerStarted');
  expect(timer).toMatchObject({ startToFireTimeoutMs: 1 });
});

test('continueAsNew goes out through interceptors, and its headers come in with the next run [workflow.interceptors-outbound workflow.interceptors-inbound]', async () => {
  expect(await execute('goesOn', 'x')).toMatchObject({
    args: ['x!!', expect.stringMatching(/^\d+!$/)],
    trace: expect.arrayContaining(['execute tenant']),
  });
});

test('inbound interceptors stand around signals, queries, updates and validators [workflow.interceptors-inbound]', async () => {
  const handle = await client.workflow.start('answers', { workflowId: 'w', taskQueue });
  const worker = await createWorker();
  await worker.runUntil(async () => {
    expect(await handle.query('isGone')).toEqual([false, 'isGone']);
    expect(await handle.executeUpdate('leave', { args: ['slowly'] })).toBe('intercepted slowly');
    expect(await handle.result()).toBe('validate leave');
  });
});

test('internals interceptors stand around activations [workflow.interceptors-internals]', async () => {
  const { trace } = (await execute('callsOut', 'a')) as { trace: string[] };
  expect(trace.filter((line) => /^(activate|conclude)/.test(line)).slice(0, 4)).toEqual([
    'activate initializeWorkflow',
    'conclude w: startTimer',
    'activate fireTimer',
    'conclude w: scheduleActivityTask',
  ]);
});

test('an interceptor adds to what goes with each line of the log [workflow.interceptors-log-attributes]', async () => {
  await execute('callsOut', 'a');
  expect(lines.find(({ message }) => message === 'calls out')?.facts).toMatchObject({ tenant: 'w' });
});

test('an interceptor may ask whose line it is also when the worker warns of a run that has been left [workflow.interceptors-log-attributes]', async () => {
  const options = { workflowId: 'w', taskQueue, signal: 'go' };
  const handle = await client.workflow.signalWithStart('leavesAHandler', options);
  const worker = await createWorker();
  expect(await worker.runUntil(handle.result())).toBe('left');
  const warning = lines.find(({ message }) => message.includes('TMPRL1102'));
  expect(warning?.facts).toMatchObject({ tenant: 'w' });
});
