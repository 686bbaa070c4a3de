import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { Client } from '../../sdk/client/index.js';
import { Worker } from '../../sdk/worker/index.js';
import { eventually } from '../kit/kit.js';
import { add, type inSteps } from './fixtures/chains.js';
import { type MemoryPlatform, openMemoryPlatform } from './memory-platform.js';

const workflowsPath = fileURLToPath(new URL('./fixtures/chains.ts', import.meta.url));
const options = { workflowId: 'in-steps', taskQueue: 'chains' };

let platform: MemoryPlatform;
let client: Client;
let worker: Worker;
let running: Promise<void>;
let stepped: string[];

beforeEach(async () => {
  stepped = [];
  const activities = {
    step: async (name: string) => {
      stepped.push(name);
      return `${name} ${stepped.length}`;
    },
  };
  platform = await openMemoryPlatform();
  client = new Client({ connection: platform.connect() });
  worker = await Worker.create({
    connection: platform.connect(),
    taskQueue: options.taskQueue,
    workflowsPath,
    activities,
  });
  running = worker.run();
});

afterEach(async () => {
  worker.shutdown();
  await running;
  await platform.close();
});

/** A run that has done both steps and waits for its second amount. */
async function untilTheSecondWait() {
  const handle = await client.workflow.start<typeof inSteps>('inSteps', options);
  await handle.signal(add, 1);
  await eventually(async () => {
    const { events } = await handle.fetchHistory();
    expect(events.filter(({ type }) => type === 'ActivityTaskCompleted')).toHaveLength(2);
    expect(events.at(-1)?.type).toBe('WorkflowTaskCompleted');
  });
  return handle;
}

test('a reset does a step anew, and keeps the results before it [client.reset]', async () => {
  const old = await untilTheSecondWait();
  const current = client.workflow.getHandle<typeof inSteps>('in-steps');
  const scheduled = (await old.fetchHistory()).events.filter((event) => event.type === 'ActivityTaskScheduled');
  const { runId } = await current.reset({ toActivity: scheduled[1]?.activityId ?? '', reason: 'a step went wrong' });
  expect(runId).not.toBe(old.firstExecutionRunId);
  await expect(client.workflow.getHandle('in-steps', old.firstExecutionRunId).result()).rejects.toThrow(
    'a step went wrong',
  );
  await current.signal(add, 2);
  const { steps, amounts } = await current.result();
  expect(steps).toEqual(['first 1', 'second 3']);
  expect(amounts).toEqual([1, 2]);
  expect(stepped).toEqual(['first', 'second', 'second']);
});

test('a run that was reset draws the same numbers as before up to there, and others behind it', async () => {
  await untilTheSecondWait();
  const current = client.workflow.getHandle<typeof inSteps>('in-steps');
  await current.reset({ toLastWorkflowTask: true });
  await current.reset({ toLastWorkflowTask: true });
  await current.signal(add, 2);
  const reset = await current.result();
  expect(reset.amounts).toEqual([1, 2]);
  expect(new Set(reset.drawn).size).toBe(3);
});

test('a reset to the first task does everything anew, with the signals that came since', async () => {
  await untilTheSecondWait();
  const current = client.workflow.getHandle<typeof inSteps>('in-steps');
  await current.reset({ toFirstWorkflowTask: true });
  await current.signal(add, 2);
  expect(await current.result()).toMatchObject({ amounts: [1, 2] });
  expect(stepped).toEqual(['first', 'second', 'first', 'second']);
});

test('a reset to a point that is not there is refused', async () => {
  await untilTheSecondWait();
  const current = client.workflow.getHandle('in-steps');
  await expect(current.reset({ toActivity: 'third' })).rejects.toThrow('no workflow task to reset to');
  await expect(current.reset({ toEventId: 1 })).rejects.toThrow('no workflow task to reset to');
});
