import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { activityInfo, Context } from '../../sdk/activity/index.js';
import { Client } from '../../sdk/client/index.js';
import { TestWorkflowEnvironment } from '../../sdk/testing/index.js';
import { bundleWorkflowCode, Worker, type WorkflowBundle } from '../../sdk/worker/index.js';
import { eventually } from '../kit/kit.js';
import { type MemoryPlatform, openMemoryPlatform } from './memory-platform.js';

const workflowsPath = fileURLToPath(new URL('../sandbox/versions/local-activities.ts', import.meta.url));
const taskQueue = 'local';
let workflowBundle: WorkflowBundle;
let platform: MemoryPlatform;
let client: Client;
let calls: string[];

beforeEach(async () => {
  workflowBundle ??= await bundleWorkflowCode({ workflowsPath });
  platform = await openMemoryPlatform();
  client = new Client({ connection: platform.connect() });
  calls = [];
});
afterEach(() => platform.close());

const activities = {
  async echo(value: string): Promise<string> {
    calls.push(value);
    return value;
  },
  async flaky(upTo: number): Promise<string> {
    const { attempt, isLocal } = activityInfo();
    calls.push(`attempt ${attempt}`);
    if (attempt < upTo) throw new Error(`attempt ${attempt} failed`);
    return `attempt ${attempt}, local: ${isLocal}`;
  },
  async hang(): Promise<string> {
    calls.push('hang');
    await Context.current().cancelled;
    return 'never';
  },
};

function createWorker(): Promise<Worker> {
  return Worker.create({ connection: platform.connect(), taskQueue, workflowBundle, activities });
}

async function execute(workflowType: string, ...args: unknown[]): Promise<unknown> {
  const worker = await createWorker();
  return worker.runUntil(client.workflow.execute(workflowType, { workflowId: 'w', taskQueue, args }));
}

/** The types of the run's events, those of its workflow tasks left out. */
async function eventTypes(): Promise<string[]> {
  const { events } = await client.workflow.getHandle('w').fetchHistory();
  return events.map(({ type }) => type).filter((type) => !type.startsWith('WorkflowTask'));
}

test('local activities run in the worker and leave one marker each [workflow.proxy-local-activities workflow.schedule-local-activity]', async () => {
  expect(await execute('inTurn')).toBe('abcd');
  expect(await eventTypes()).toEqual([
    'WorkflowExecutionStarted',
    'MarkerRecorded',
    'MarkerRecorded',
    'MarkerRecorded',
    'TimerStarted',
    'TimerFired',
    'MarkerRecorded',
    'WorkflowExecutionCompleted',
  ]);
});

test('a replay takes their results from the history and runs none of them again [workflow.proxy-local-activities]', async () => {
  const handle = await client.workflow.start('inTurn', { workflowId: 'w', taskQueue });
  const first = await createWorker();
  await first.runUntil(eventually(async () => expect(await eventTypes()).toContain('TimerStarted')));
  expect(await (await createWorker()).runUntil(handle.result())).toBe('abcd');
  expect(calls.toSorted()).toEqual(['a', 'b', 'c', 'd']);
});

test('one that fails is tried again by the worker, without a trace in the history [workflow.local-activity-retry]', async () => {
  expect(await execute('retried')).toBe('attempt 3, local: true');
  expect(await eventTypes()).toEqual(['WorkflowExecutionStarted', 'MarkerRecorded', 'WorkflowExecutionCompleted']);
});

test('a wait beyond the threshold is a durable timer [workflow.local-activity-retry workflow.local-activity-options]', async () => {
  const env = await TestWorkflowEnvironment.createTimeSkipping();
  try {
    const worker = await Worker.create({ connection: env.nativeConnection, taskQueue, workflowBundle, activities });
    const workflow = env.client.workflow.execute('retriedDurably', { workflowId: 'w', taskQueue });
    expect(await worker.runUntil(workflow)).toBe('attempt 2, local: true');
    const { events } = await env.client.workflow.getHandle('w').fetchHistory();
    expect(events.filter(({ type }) => type === 'TimerFired' || type === 'MarkerRecorded')).toHaveLength(3);
  } finally {
    await env.teardown();
  }
});

test('one that fails for good rejects with what it failed with [workflow.proxy-local-activities]', async () => {
  expect(await execute('failsLocally')).toEqual({
    name: 'ApplicationFailure',
    message: 'attempt 1 failed',
    type: 'Error',
  });
});

test('one that takes too long times out, whether or not it stops [workflow.local-activity-options]', async () => {
  expect(await execute('timesOut')).toEqual(['Local Activity timed out', 'activity StartToClose timeout']);
});

test.each(['TRY_CANCEL', 'WAIT_CANCELLATION_COMPLETED'])(
  'a scope cancels one, by %s [workflow.local-activity-cancellation]',
  async (cancellationType) => {
    expect(await execute('cancelsLocally', cancellationType)).toBe('cancelled: true');
    expect(calls).toContain('hang');
  },
);

test('a type that the worker does not have fails the workflow task [workflow.local-activity-not-registered]', async () => {
  const handle = await client.workflow.start('asksForWhatIsMissing', { workflowId: 'w', taskQueue });
  const worker = await createWorker();
  await worker.runUntil(
    eventually(async () => {
      const failure = (await handle.describe()).raw.workflowTaskFailure;
      expect(failure?.message).toBe("Local activity of type 'missing' not registered on worker");
    }),
  );
});

test('a workflow task is handed in before its time is over, and the local activity goes on in the next [workflow.proxy-local-activities]', async () => {
  const workflow = { workflowId: 'w', taskQueue, args: ['slow'], workflowTaskTimeout: 100 };
  const handle = await client.workflow.start('waitsForOne', workflow);
  let release = () => {};
  const released = new Promise<void>((resolve) => {
    release = resolve;
  });
  const worker = await Worker.create({
    connection: platform.connect(),
    taskQueue,
    workflowBundle,
    activities: {
      async echo(value: string) {
        calls.push(value);
        await released;
        return value;
      },
    },
  });
  await worker.runUntil(async () => {
    await eventually(async () => {
      const { events } = await handle.fetchHistory();
      expect(events.filter(({ type }) => type === 'WorkflowTaskCompleted').length).toBeGreaterThanOrEqual(3);
    });
    release();
    expect(await handle.result()).toBe('slow');
  });
  expect(calls).toEqual(['slow']);
  expect(await eventTypes()).toEqual(['WorkflowExecutionStarted', 'MarkerRecorded', 'WorkflowExecutionCompleted']);
});

test('time goes on while a workflow task waits for one [workflow.proxy-local-activities]', async () => {
  expect(await execute('seesTimePass')).toBeGreaterThanOrEqual(0);
});
