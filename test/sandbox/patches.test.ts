import { fileURLToPath } from 'node:url';
import { afterEach, expect, test } from 'vitest';
import { bundleWorkflowCode, type WorkflowBundle } from '../../sdk/worker/bundler.js';
import { Duet } from './duet.js';
import { payload } from './test-history.js';

type Version = 'before' | 'patched' | 'deprecated' | 'after';

const bundles = new Map<Version, Promise<WorkflowBundle>>();
const duets: Duet[] = [];
afterEach(() => Promise.all(duets.splice(0).map((duet) => duet.close())));

function bundleOf(version: Version): Promise<WorkflowBundle> {
  const known = bundles.get(version);
  if (known !== undefined) return known;
  const workflowsPath = fileURLToPath(new URL(`./versions/${version}.ts`, import.meta.url));
  const made = bundleWorkflowCode({ workflowsPath });
  bundles.set(version, made);
  return made;
}

/** A run whose code of one version has scheduled its activity. */
async function begunOn(version: Version): Promise<Duet> {
  const duet = await Duet.start(await bundleOf(version));
  duets.push(duet);
  await duet.run('order');
  return duet;
}

/** Brings the run to its end on the code of another version, which has to replay the first one's part. */
async function endedOn(version: Version, duet: Duet): Promise<void> {
  await duet.replaceWorker(await bundleOf(version));
  await duet.signal('go');
  const scheduledEventId = duet.eventsOf('ActivityTaskScheduled')[0]?.header.eventId ?? 0;
  duet.history.send('CompleteActivityTask', { scheduledEventId, attempt: 1, result: payload('charged') });
  await duet.settle();
}

function chargedTheWay(duet: Duet): unknown {
  return duet.eventsOf('ActivityTaskScheduled').map(({ input }) => `${input[0]?.data}`);
}

function result(duet: Duet): unknown {
  return duet.eventsOf('WorkflowExecutionCompleted').map((event) => `${event.result?.data}`);
}

test('a run that begins on patched code goes the new way, and a marker says so [workflow.patched determinism.patch-markers]', async () => {
  const duet = await begunOn('patched');
  expect(duet.eventsOf('MarkerRecorded').map(({ markerName }) => markerName)).toEqual(['core_patch']);
  expect(chargedTheWay(duet)).toEqual(['"new"']);
  const upserted = duet.eventsOf('UpsertWorkflowSearchAttributes')[0]?.searchAttributes.TemporalChangeVersion;
  expect(`${upserted?.data}`).toBe('["new-charge"]');
  await endedOn('patched', duet);
  expect(result(duet)).toEqual(['"new, new"']);
});

test('a run that went by before the patch was made goes on the old way to its end [workflow.patched]', async () => {
  const duet = await begunOn('before');
  await endedOn('patched', duet);
  expect(duet.eventsOf('MarkerRecorded')).toEqual([]);
  expect(result(duet)).toEqual(['"old, old"']);
});

test('a patched run goes on with code that has deprecated the patch [workflow.deprecate-patch]', async () => {
  const duet = await begunOn('patched');
  await endedOn('deprecated', duet);
  expect(result(duet)).toEqual(['"new"']);
});

test('a run that began on deprecating code goes on with code that has forgotten the patch [workflow.deprecate-patch determinism.patch-markers]', async () => {
  const duet = await begunOn('deprecated');
  expect(duet.eventsOf('MarkerRecorded')).toHaveLength(1);
  await endedOn('after', duet);
  expect(result(duet)).toEqual(['"new"']);
});

test('a run from after the patch goes on with code that deprecates it [workflow.deprecate-patch]', async () => {
  const duet = await begunOn('after');
  await endedOn('deprecated', duet);
  expect(duet.eventsOf('MarkerRecorded')).toEqual([]);
  expect(result(duet)).toEqual(['"new"']);
});

test('code that has forgotten a patch that is not deprecated fails its tasks, naming the patch [determinism.patch-markers]', async () => {
  const duet = await begunOn('patched');
  await endedOn('after', duet);
  const [failed] = duet.eventsOf('WorkflowTaskFailed');
  expect(failed?.cause).toBe('NON_DETERMINISTIC_ERROR');
  expect(failed?.failure?.message).toContain("history, expected: RecordMarker of patch 'new-charge'");
  expect(result(duet)).toEqual([]);
});
