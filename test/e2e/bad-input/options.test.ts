// Options that can't be used, as calls and as commands of workflow code.
import { beforeAll, describe, expect, test } from 'vitest';
import { Client, type WorkflowHandle } from '../../../sdk/client/index.js';
import { Worker } from '../../../sdk/worker/index.js';
import { openStack, type Stack, taskFailureCauses, taskFailureOf } from './stack.js';

const taskQueue = 'options';

let stack: Stack;

beforeAll(async () => {
  stack = await openStack();
  await stack.startWorker({ taskQueue, activities: { echo: async (value: unknown) => value } });
});

function start(options: object): Promise<WorkflowHandle> {
  return stack.client.workflow.start('greet', { workflowId: 'never', taskQueue, args: ['Ada'], ...options });
}

test.each<[string, object, RegExp]>([
  ['a task queue too long', { taskQueue: 'q'.repeat(200) }, /task queue 'q+' takes 200 characters .* at most 180/],
  ['no task queue', { taskQueue: undefined }, /Missing WorkflowOptions.taskQueue/],
  ['an empty workflow id', { workflowId: '' }, /Missing WorkflowOptions.workflowId/],
  ['a workflow id that is no string', { workflowId: 7 }, /workflowId must be a string that isn't empty/],
  ['a negative time-out', { workflowRunTimeout: -1 }, /workflowRunTimeout must be a positive duration, not -1/],
  ['an unreadable time-out', { workflowRunTimeout: 'soon' }, /Invalid duration string: 'soon'/],
  [
    'an unknown reuse policy',
    { workflowIdReusePolicy: 'SOMETIMES' },
    /workflowIdReusePolicy must be one of ALLOW_DUPLICATE, .*, not 'SOMETIMES'/,
  ],
  [
    'an unknown conflict policy',
    { workflowIdConflictPolicy: 'QUEUE' },
    /workflowIdConflictPolicy must be one of FAIL, .*, not 'QUEUE'/,
  ],
  ['a retry policy that never tries', { retry: { maximumAttempts: 0 } }, /maximumAttempts must be a positive integer/],
  ['a schedule that is none', { cronSchedule: 'often' }, /the cron schedule 'often' can't be used/],
  ['a schedule in another zone', { cronSchedule: 'CRON_TZ=Asia/Tokyo 0 9 * * *' }, /only UTC is known/],
  ['a schedule and a delay', { cronSchedule: '@daily', startDelay: 1 }, /exclude each other: set one of them/],
  ['arguments that are no list', { args: 'Ada' }, /args must be an array/],
])('a start with %s is refused by name, before anything is sent', async (_, options, message) => {
  await expect(start(options)).rejects.toThrow(message);
  await expect(stack.client.workflow.getHandle('never').describe()).rejects.toThrow("'never'");
});

test.each<[string, object, RegExp]>([
  ['a task queue too long', { taskQueue: 'a/b'.repeat(40) }, /takes 240 characters of a Kafka topic's name/],
  ['no task queue', { taskQueue: undefined }, /task queue/],
  ['nothing to do', { activities: {} }, /a worker needs workflows or activities/],
  ['versioning', { useVersioning: true }, /WorkerOptions.useVersioning is not supported: no service routes tasks by/],
  [
    'no slots',
    { maxConcurrentActivityTaskExecutions: 0 },
    /maxConcurrentActivityTaskExecutions must be a positive integer/,
  ],
  ['an unreadable time', { shutdownGraceTime: 'later' }, /Invalid duration string: 'later'/],
  [
    'a missing module',
    { workflowsPath: './no-such-workflows.ts' },
    /workflows of no-such-workflows.ts can't be bundled/,
  ],
])('a worker with %s is refused by name', async (_, options, message) => {
  const { connection } = stack.client;
  const activities = { async a() {} };
  const creating = Worker.create({ connection, namespace: stack.namespace, taskQueue, activities, ...options });
  await expect(creating).rejects.toThrow(message);
});

test('a client of an illegal namespace, or with options that are not supported, is refused by name', async () => {
  const { connection } = stack.client;
  const interceptors = { schedule: [{}] };
  expect(() => new Client({ connection, interceptors } as ConstructorParameters<typeof Client>[0])).toThrow(
    /ClientOptions.interceptors.schedule is not supported yet/,
  );
  const stranger = new Client({ connection, namespace: 'no/slashes' });
  await expect(stranger.workflow.getHandle('w').describe()).rejects.toThrow(/namespace 'no\/slashes' can't be part of/);
});

describe('commands of workflow code', () => {
  test.each<[string, string, RegExp]>([
    ['no time-out', 'timeouts', /Required either scheduleToCloseTimeout or startToCloseTimeout/],
    ['a bad retry policy', 'attempts', /RetryPolicy.maximumAttempts must be an integer/],
    ['a task queue too long', 'queue', /task queue 'q+' takes 200 characters of a Kafka topic's name/],
  ])('an activity with %s fails the workflow task by name', async (_, what, message) => {
    const handle = await stack.client.workflow.start('schedulesWithout', { workflowId: what, taskQueue, args: [what] });
    const failure = await taskFailureOf(handle);
    expect(failure.message).toMatch(message);
    expect((await taskFailureCauses(handle)).length).toBe(1);
    await handle.terminate('seen');
  });
});

describe('names that the workflow does not know', () => {
  let handle: WorkflowHandle;
  beforeAll(async () => {
    handle = await stack.client.workflow.start('notes', { workflowId: 'notes', taskQueue });
  });

  test('an unknown query names those that there are', async () => {
    await expect(handle.query('total')).rejects.toThrow(
      /Workflow did not register a handler for total. Registered queries: \[.*count wrong failsWrong\]/,
    );
  });

  test('an empty query or signal name is refused', async () => {
    await expect(handle.query('')).rejects.toThrow("query name must be a string that isn't empty");
    await expect(handle.signal('')).rejects.toThrow("signal name must be a string that isn't empty");
  });

  test('an unknown signal is kept and disturbs nothing', async () => {
    await handle.signal('unheardOf', 1);
    await handle.signal('finish');
    expect(await handle.result()).toBe(0);
    expect((await handle.fetchHistory()).events.map(({ type }) => type)).toContain('WorkflowExecutionSignaled');
  });

  test('a signal, a cancel request or a termination of a workflow that is closed, or not there, says so', async () => {
    const nobody = stack.client.workflow.getHandle('nobody');
    for (const [gone, why] of [
      [handle, 'workflow execution already completed'],
      [nobody, "'nobody'"],
    ] as const) {
      const calls = [() => gone.signal('finish'), () => gone.cancel(), () => gone.terminate()];
      for (const call of calls) {
        await expect(call()).rejects.toMatchObject({
          name: 'WorkflowNotFoundError',
          message: expect.stringContaining(why),
        });
      }
    }
  });
});
