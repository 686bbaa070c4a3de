import { fileURLToPath } from 'node:url';
import { afterEach, beforeAll, expect, test } from 'vitest';
import { defaultPayloadConverter } from '../../sdk/common/converter/payload-converter.js';
import { emptyFailure } from '../../sdk/common/failure/empty-failure.js';
import { bundleWorkflowCode, type WorkflowBundle } from '../../sdk/worker/bundler.js';
import { LocalActivities as LocalActivitiesOfRun } from '../../sdk/worker/sandbox/local-activities.js';
import type { LocalActivities } from '../../sdk/worker/workflow-executor.js';
import type { LocalActivityRequest } from '../../sdk/workflow/activation.js';
import { Duet } from './duet.js';

let bundle: WorkflowBundle;
beforeAll(async () => {
  const workflowsPath = fileURLToPath(new URL('./versions/local-activities.ts', import.meta.url));
  bundle = await bundleWorkflowCode({ workflowsPath });
});
const duets: Duet[] = [];
afterEach(() => Promise.all(duets.splice(0).map((duet) => duet.close())));

interface Hanging {
  cancelled: boolean;
}

/** `hang` ends when it is cancelled, or not even then; all others end at once. */
function localActivities(hanging: Hanging[], stops = true): LocalActivities {
  return {
    types: ['echo', 'hang'],
    run({ seq, activityType, input }) {
      const over = { seq, completedAt: 0, retryState: 'IN_PROGRESS', backoffMs: null, nextAttempt: 0 } as const;
      if (activityType !== 'hang') {
        const outcome = Promise.resolve({ ...over, result: input[0] ?? null, failure: null });
        return { outcome, cancel: () => undefined };
      }
      const it: Hanging = { cancelled: false };
      hanging.push(it);
      let end: () => void = () => undefined;
      const ended = new Promise<void>((resolve) => {
        end = resolve;
      });
      const cancel = () => {
        it.cancelled = true;
        if (stops) end();
      };
      const failure = { ...emptyFailure('stopped'), canceledInfo: { details: [] } };
      return { outcome: ended.then(() => ({ ...over, result: null, failure })), cancel };
    },
  };
}

async function begun(workflowType: string, hanging: Hanging[], args: readonly unknown[], stops = true): Promise<Duet> {
  const duet = await Duet.start({ ...bundle, localActivities: localActivities(hanging, stops) });
  duets.push(duet);
  await duet.run(workflowType, ...args);
  return duet;
}

function resultOf(duet: Duet): unknown {
  const result = duet.eventsOf('WorkflowExecutionCompleted')[0]?.result;
  return result ? defaultPayloadConverter.fromPayload(result) : undefined;
}

test.each(['TRY_CANCEL', 'ABANDON'])(
  'one that was let go of, by %s, holds no task up, and does not run again after a replay',
  async (type) => {
    const hanging: Hanging[] = [];
    const duet = await begun('letsGo', hanging, [type], false);
    expect(duet.eventsOf('WorkflowTaskCompleted')).toHaveLength(1);
    expect(hanging.map(({ cancelled }) => cancelled)).toEqual([type === 'TRY_CANCEL']);
    await duet.replaceWorker({ ...bundle, localActivities: localActivities(hanging, false) });
    await duet.signal('next');
    expect(resultOf(duet)).toEqual(expect.any(Number));
    expect(hanging).toHaveLength(1);
  },
);

test('the end of one that was let go of is not told to the code, which no replay could tell it [determinism.replay-same]', async () => {
  const live = await begun('letsGo', [], ['TRY_CANCEL']);
  await live.signal('next');
  const replayed = await begun('letsGo', [], ['TRY_CANCEL']);
  await replayed.replaceWorker({ ...bundle, localActivities: localActivities([]) });
  await replayed.signal('next');
  expect(resultOf(replayed)).toEqual(expect.any(Number));
  expect(resultOf(live)).toEqual(resultOf(replayed));
});

test('one whose task fails is asked to stop', async () => {
  const hanging: Hanging[] = [];
  const duet = await begun('failsMeanwhile', hanging, []);
  expect(duet.eventsOf('WorkflowTaskFailed')[0]?.failure?.message).toBe('a mistake');
  expect(hanging).toEqual([{ cancelled: true }]);
});

test('one whose cancellation history has, and whose end it has not, is begun again to be stopped', () => {
  const request = { seq: 1, activityType: 'hang' } as LocalActivityRequest;
  const activities = new LocalActivitiesOfRun(new Map([[1, request]]));
  activities.note([request], []);
  activities.note([], [1]);
  const hanging: Hanging = { cancelled: false };
  const cancel = () => {
    hanging.cancelled = true;
  };
  activities.start(() => ({ outcome: new Promise(() => undefined), cancel }));
  expect(hanging.cancelled).toBe(true);
});
