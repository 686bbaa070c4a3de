import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { activityInfo, cancellationDetails, cancelled, heartbeat } from '../../sdk/activity/index.js';
import { Client } from '../../sdk/client/index.js';
import { Worker } from '../../sdk/worker/index.js';
import { eventually } from '../kit/kit.js';
import { add, type tally } from './fixtures/chains.js';
import { type MemoryPlatform, openMemoryPlatform } from './memory-platform.js';

const workflowsPath = fileURLToPath(new URL('./fixtures/chains.ts', import.meta.url));
const options = { workflowId: 'paused', taskQueue: 'chains' };

let platform: MemoryPlatform;
let client: Client;

beforeEach(async () => {
  platform = await openMemoryPlatform();
  client = new Client({ connection: platform.connect() });
});

afterEach(() => platform.close());

test('a paused workflow gathers signals, and goes on with them [client.pause]', async () => {
  const { taskQueue } = options;
  const worker = await Worker.create({ connection: platform.connect(), taskQueue, workflowsPath });
  await worker.runUntil(async () => {
    const handle = await client.workflow.start<typeof tally>('tally', { ...options, args: [2, 9] });
    await eventually(async () => expect((await handle.describe()).raw.workflowTaskAttempt).toBe(0));
    await handle.pause('maintenance');
    expect((await handle.describe()).status).toEqual({ code: 8, name: 'PAUSED' });
    await handle.signal(add, 1);
    await handle.signal(add, 2);
    expect((await handle.describe()).raw.workflowTaskAttempt).toBe(0);
    await handle.unpause('done');
    expect(await handle.result()).toBe(3);
    const { events } = await handle.fetchHistory();
    expect(events.filter(({ type }) => type.startsWith('WorkflowExecution')).map(({ type }) => type)).toEqual([
      'WorkflowExecutionStarted',
      'WorkflowExecutionPaused',
      'WorkflowExecutionSignaled',
      'WorkflowExecutionSignaled',
      'WorkflowExecutionUnpaused',
      'WorkflowExecutionCompleted',
    ]);
    await expect(handle.pause()).rejects.toThrow('workflow execution already completed');
  });
});

test('an activity is told of the pause at once, and runs again when its workflow goes on [activity.cancellation-details]', async () => {
  const taskQueue = 'waits';
  const details: unknown[] = [];
  let onBegun: () => void = () => undefined;
  const begun = new Promise<void>((resolve) => {
    onBegun = resolve;
  });
  const worker = await Worker.create({
    connection: platform.connect(),
    taskQueue,
    workflowsPath: fileURLToPath(new URL('./fixtures/workflows.ts', import.meta.url)),
    activities: {
      async wait() {
        if (activityInfo().attempt > 1) return;
        heartbeat();
        onBegun();
        await cancelled().finally(() => details.push(cancellationDetails()));
      },
    },
  });
  await worker.runUntil(async () => {
    const handle = await client.workflow.start('waiting', { workflowId: 'waits', taskQueue });
    await begun;
    await handle.pause();
    await eventually(() => expect(details).toMatchObject([{ paused: true, cancelRequested: false }]));
    await handle.unpause();
    await handle.result();
  });
});
