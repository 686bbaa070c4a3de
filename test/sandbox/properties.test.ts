import { fileURLToPath } from 'node:url';
import { afterEach, beforeAll, expect, test } from 'vitest';
import { defaultPayloadConverter } from '../../sdk/common/converter/payload-converter.js';
import { bundleWorkflowCode, type WorkflowBundle } from '../../sdk/worker/bundler.js';
import { Duet } from './duet.js';

let bundle: WorkflowBundle;
beforeAll(async () => {
  const workflowsPath = fileURLToPath(new URL('./versions/properties.ts', import.meta.url));
  bundle = await bundleWorkflowCode({ workflowsPath });
});
const duets: Duet[] = [];
afterEach(() => Promise.all(duets.splice(0).map((duet) => duet.close())));

async function run(workflowType: string, ...args: readonly unknown[]): Promise<Duet> {
  const duet = await Duet.start(bundle);
  duets.push(duet);
  await duet.run(workflowType, ...args);
  return duet;
}

function resultOf(duet: Duet): unknown {
  const result = duet.eventsOf('WorkflowExecutionCompleted')[0]?.result;
  return result ? defaultPayloadConverter.fromPayload(result) : undefined;
}

const decoded = (map: Readonly<Record<string, Parameters<typeof defaultPayloadConverter.fromPayload>[0]>>) =>
  Object.fromEntries(Object.entries(map).map(([key, value]) => [key, defaultPayloadConverter.fromPayload(value)]));

test('upsertMemo changes fields, null takes one away, and the code sees it at once [workflow.upsert-memo]', async () => {
  const duet = await run('changesMemo');
  await duet.signal('next');
  expect(decoded(duet.history.run().memo)).toEqual({ note: { deep: 1 }, other: 'x' });
  await duet.replaceWorker(bundle);
  await duet.signal('next');
  expect(decoded(duet.history.run().memo)).toEqual({ other: 'x' });
  expect(resultOf(duet)).toMatchObject([{ memo: { note: { deep: 1 }, other: 'x' } }, { memo: { other: 'x' } }]);
  expect(duet.eventsOf('WorkflowPropertiesModified')).toHaveLength(2);
});

test('upsertSearchAttributes takes lists and typed pairs; null and [] take one away [workflow.upsert-search-attributes]', async () => {
  const duet = await run('changesAttributes');
  await duet.signal('next');
  expect(decoded(duet.history.run().searchAttributes)).toEqual({ City: ['Oslo', 'Bergen'], Count: [3] });
  await duet.signal('next');
  await duet.replaceWorker(bundle);
  await duet.signal('next');
  expect(Object.keys(duet.history.run().searchAttributes)).toEqual(['At']);
  expect(resultOf(duet)).toMatchObject([
    { searchAttributes: { City: ['Oslo', 'Bergen'], Count: [3] } },
    {
      searchAttributes: { Count: [4] },
      typed: [{ key: { name: 'Count', type: 'INT' }, value: 4 }, { key: { name: 'At' } }],
    },
    { typed: [{ key: { name: 'At', type: 'DATETIME' } }] },
  ]);
});

test('a named stream of random numbers depends on no other use of randomness [workflow.random-streams]', async () => {
  const [alone, amongOthers] = [await run('drawsFromStreams', false), await run('drawsFromStreams', true)];
  const mine = ({ first, bytes, id }: Record<string, unknown>) => ({ first, bytes, id });
  const [one, other] = [resultOf(alone), resultOf(amongOthers)] as Array<Record<string, unknown>>;
  expect(mine(one ?? {})).toEqual(mine(other ?? {}));
  expect(one?.first).toEqual(expect.any(Number));
  expect(one?.own).not.toBe(other?.own);
});

test('errors of the classes that a workflow names end it, others fail its task [workflow.workflow-options-failure-types]', async () => {
  const meant = await run('failsAsMeant', false);
  const failure = meant.eventsOf('WorkflowExecutionFailed')[0]?.failure;
  expect(failure).toMatchObject({ message: 'over', applicationInfo: { failureType: 'MeantError' } });
  const mistaken = await run('failsAsMeant', true);
  expect(mistaken.eventsOf('WorkflowExecutionFailed')).toEqual([]);
  expect(mistaken.eventsOf('WorkflowTaskFailed')[0]?.failure?.message).toBe('a mistake');
});

test('timers and activities carry their summary, and activities their priority [workflow.timer-summary workflow.activity-summary workflow.activity-priority]', async () => {
  const duet = await run('saysWhatItDoes');
  const text = (payload: { readonly data: Uint8Array } | null | undefined) => payload && `${Buffer.from(payload.data)}`;
  expect(duet.eventsOf('TimerStarted').map(({ summary }) => text(summary))).toEqual(['"a nap"']);
  const scheduled = duet.eventsOf('ActivityTaskScheduled');
  expect(scheduled.map(({ summary }) => text(summary))).toEqual(['"charges"', '"charges once"']);
  expect(scheduled[0]?.priority).toMatchObject({ priorityKey: 2, fairnessKey: 'tenant' });
});

test('executeWithOptions replaces single options, and single fields of the retry policy [workflow.execute-with-options]', async () => {
  const [first, second] = (await run('saysWhatItDoes')).eventsOf('ActivityTaskScheduled');
  expect(first?.retryPolicy).toMatchObject({ initialIntervalMs: 2_000, maximumAttempts: 5 });
  expect(second?.retryPolicy).toMatchObject({ initialIntervalMs: 2_000, maximumAttempts: 1 });
  expect(second?.startToCloseTimeoutMs).toBe(10_000);
});
