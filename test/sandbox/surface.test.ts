import { fileURLToPath } from 'node:url';
import { afterEach, beforeAll, expect, test } from 'vitest';
import { defaultPayloadConverter } from '../../sdk/common/converter/payload-converter.js';
import { bundleWorkflowCode, type WorkflowBundle } from '../../sdk/worker/bundler.js';
import { inWorkflowContext } from '../../sdk/workflow/current-run.js';
import { Duet } from './duet.js';
import { payload } from './test-history.js';

let bundle: WorkflowBundle;
beforeAll(async () => {
  bundle = await bundleWorkflowCode({
    workflowsPath: fileURLToPath(new URL('./versions/surface.ts', import.meta.url)),
  });
});
const duets: Duet[] = [];
afterEach(() => Promise.all(duets.splice(0).map((duet) => duet.close())));

async function start(): Promise<Duet> {
  const duet = await Duet.start(bundle);
  duets.push(duet);
  return duet;
}

async function run(workflowType: string, ...args: readonly unknown[]): Promise<Duet> {
  const duet = await start();
  await duet.run(workflowType, ...args);
  return duet;
}

function resultOf(duet: Duet): unknown {
  const result = duet.eventsOf('WorkflowExecutionCompleted')[0]?.result;
  if (!result) throw new Error('the workflow has no result');
  return defaultPayloadConverter.fromPayload(result);
}

test('scheduleActivity takes the type by name, and every option goes with it [workflow.schedule-activity workflow.activity-options]', async () => {
  const [scheduled] = (await run('schedulesByName')).eventsOf('ActivityTaskScheduled');
  expect(scheduled).toMatchObject({
    activityId: 'the-greeting',
    activityType: 'greet',
    taskQueue: 'elsewhere',
    startToCloseTimeoutMs: 1_000,
    scheduleToStartTimeoutMs: 2_000,
    scheduleToCloseTimeoutMs: 3_000,
    retryPolicy: { maximumAttempts: 5, nonRetryableErrorTypes: ['Fatal'] },
  });
  expect(scheduled?.heartbeatTimeoutMs).toBeGreaterThan(0);
  expect(scheduled?.input.map((arg) => defaultPayloadConverter.fromPayload(arg))).toEqual(['Ada', 2]);
});

test('activities without one of the two time-outs are a TypeError at once [workflow.proxy-activities-timeouts]', async () => {
  expect(resultOf(await run('forgetsTimeouts'))).toMatch(/^TypeError: .*(startToCloseTimeout|scheduleToCloseTimeout)/);
});

test('with ABANDON the code goes on at once and nobody is asked to stop [workflow.cancellation-abandon]', async () => {
  const duet = await run('abandonsActivity');
  await duet.signal('go');
  expect(resultOf(duet)).toBe('cancelled: true');
  expect(duet.eventsOf('ActivityTaskScheduled')).toHaveLength(1);
  expect(duet.eventsOf('ActivityTaskCancelRequested')).toEqual([]);
});

test('a scope knows its parent and that it was cancelled, and cancels what waits in it [workflow.cancellation-scope]', async () => {
  expect(resultOf(await run('usesScope'))).toEqual({
    before: false,
    asked: 'Cancellation scope cancelled',
    nap: 'CancelledFailure: Cancellation scope cancelled',
    after: true,
    isParentRoot: true,
    root: true,
  });
});

test('the current scope is that of the code that is running, through all its waits [workflow.scope-async-context]', async () => {
  const duet = await run('followsScopes');
  await duet.advance(10);
  await duet.advance(10);
  expect(resultOf(duet)).toEqual([true, true, true, true, true, true, true]);
});

test('a workflow finds what it was started with, and whether it is in a run [workflow.workflow-info-memo workflow.in-workflow-context]', async () => {
  const duet = await start();
  const city = payload(['Oslo']);
  duet.history.start({
    workflowType: 'tellsContext',
    memo: { note: payload('n') },
    searchAttributes: { City: { ...city, metadata: { ...city.metadata, type: Buffer.from('Text') } } },
  });
  await duet.settle();
  expect(resultOf(duet)).toMatchObject({
    memo: { note: 'n' },
    searchAttributes: { City: ['Oslo'] },
    typed: [{ key: { name: 'City', type: 'TEXT' }, value: 'Oslo' }],
    isInContext: [true, true],
  });
  expect(inWorkflowContext()).toBe(false);
});

test('unsafe facts tell replay from first run, and the real time [workflow.workflow-info-unsafe]', async () => {
  const live = { isReplaying: false, isReplayingHistoryEvents: false };
  const cached = await run('tellsReplay');
  await cached.signal('go');
  expect(resultOf(cached)).toMatchObject([live, live]);

  const replayed = await run('tellsReplay');
  const beforeReplay = Date.now();
  await replayed.replaceWorker(bundle);
  await replayed.signal('go');
  const seen = resultOf(replayed) as ReadonlyArray<{ readonly realTime: number }>;
  expect(seen).toMatchObject([{ isReplaying: true, isReplayingHistoryEvents: true }, live]);
  expect(seen[0]?.realTime).toBeGreaterThanOrEqual(beforeReplay);
});

test('the export named default serves the workflow types that have none [workflow.dynamic-workflow]', async () => {
  expect(resultOf(await run('unheardOf', 1, 'x'))).toEqual(['unheardOf', 1, 'x']);
});
