// Workflow code that never yields, and workflow code that no longer matches its history.
import { beforeAll, expect, test } from 'vitest';
import { openStack, type Stack, taskFailureCauses, taskFailureOf } from './stack.js';

const activities = { echo: async (value: unknown) => value, audit: async () => 'audited' };

let stack: Stack;

beforeAll(async () => {
  stack = await openStack();
});

test('code that never yields fails its task after 5 s, the others go on, and mended code completes it [determinism.task-retry determinism.endless-loop]', async () => {
  const taskQueue = 'spinning';
  const worker = await stack.startWorker({ taskQueue, activities });
  const start = (type: string, workflowId: string) =>
    stack.client.workflow.start(type, { workflowId, taskQueue, args: [workflowId] });
  const stuck = await start('spins', 'stuck');
  const others = await Promise.all([start('greet', 'a'), start('greet', 'b'), start('greet', 'c')]);

  const { message } = await taskFailureOf(stuck);
  expect(message).toMatch(/workflow code ran for 5000 ms without yielding: .*belongs in an activity/);
  expect(await taskFailureCauses(stuck)).toEqual(['WORKFLOW_CODE_TIMEOUT']);
  expect(await Promise.all(others.map((handle) => handle.result()))).toEqual(['hello a', 'hello b', 'hello c']);

  await worker.stop();
  await stack.startWorker({ taskQueue, activities, workflows: 'mended-workflows.ts' });
  expect(await stuck.result()).toBe('before');
});

test('code that no longer matches its history is shown what history has, and the old code completes it', async () => {
  const taskQueue = 'changing';
  const old = await stack.startWorker({ taskQueue, activities });
  const handle = await stack.client.workflow.start('twoSteps', { workflowId: 'changing', taskQueue });
  await expect.poll(async () => (await handle.fetchHistory()).events.at(-1)?.type).toBe('WorkflowTaskCompleted');
  await old.stop();

  const changed = await stack.startWorker({ taskQueue, activities, workflows: 'mended-workflows.ts' });
  await handle.signal('finish');
  const { message } = await taskFailureOf(handle);
  expect(message.split('\n')).toEqual([
    "[TMPRL1100] Nondeterminism error: the workflow's code no longer matches its history.",
    "  history, expected: ScheduleActivityTask activity 'echo' (id 1) (event 5, ActivityTaskScheduled)",
    "  code, actual:      ScheduleActivityTask activity 'audit' (id 1)",
    expect.stringMatching(/^ {2}given at test\/e2e\/bad-input\/mended-workflows\.ts:\d+:\d+$/),
    expect.stringContaining('await audit()'),
  ]);
  expect(await taskFailureCauses(handle)).toEqual(['NON_DETERMINISTIC_ERROR']);
  await changed.stop();

  await stack.startWorker({ taskQueue, activities });
  expect(await handle.result()).toEqual(['first', 'second']);
});
