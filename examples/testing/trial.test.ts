// Tests of a workflow that takes two weeks. They take milliseconds, and need nothing but this process.
import { fileURLToPath } from 'node:url';
import { TestWorkflowEnvironment } from 'millrace/testing';
import { bundleWorkflowCode, Worker, type WorkflowBundle } from 'millrace/worker';
import { afterEach, beforeAll, beforeEach, describe, expect, test, vi } from 'vitest';
import { isSubscribed, subscribe, trial } from './workflows.js';

const taskQueue = 'trials';

// Made once: a worker takes it faster than the workflows' path.
let workflowBundle: WorkflowBundle;
beforeAll(async () => {
  workflowBundle = await bundleWorkflowCode({
    workflowsPath: fileURLToPath(new URL('./workflows.ts', import.meta.url)),
  });
});

describe('a trial', () => {
  // An environment for each test: each begins at the present time, with no workflows.
  let env: TestWorkflowEnvironment;
  beforeEach(async () => {
    vi.clearAllMocks();
    env = await TestWorkflowEnvironment.createTimeSkipping();
  });
  afterEach(() => env.teardown());

  const activities = {
    sendMail: vi.fn(async (_to: string, _subject: string) => {}),
    charge: vi.fn(async (_customer: string, _cents: number) => 'receipt-7'),
  };

  const subjects = () => activities.sendMail.mock.calls.map(([, subject]) => subject);
  const createWorker = () => Worker.create({ connection: env.nativeConnection, taskQueue, workflowBundle, activities });
  const ada = { workflowId: 'trial-of-ada', taskQueue, args: ['ada'] as [string] };

  test('ends after two weeks, with a reminder on the way', async () => {
    const worker = await createWorker();
    const began = await env.currentTimeMs();
    // Time is skipped while the result is waited for.
    const receipt = await worker.runUntil(env.client.workflow.execute(trial, ada));
    const days = ((await env.currentTimeMs()) - began) / 86_400_000;
    expect(receipt).toBeNull();
    expect(days).toBeCloseTo(14, 1);
    expect(subjects()).toEqual(['Welcome', 'Three days left', 'Goodbye']);
    expect(activities.charge).not.toHaveBeenCalled();
  });

  test('who subscribes after a week is charged and not reminded', async () => {
    const worker = await createWorker();
    await worker.runUntil(async () => {
      const handle = await env.client.workflow.start(trial, ada);
      await env.sleep('7 days');
      expect(await handle.query(isSubscribed)).toBe(false);
      await handle.signal(subscribe, 990);
      expect(await handle.result()).toBe('receipt-7');
    });
    expect(subjects()).toEqual(['Welcome']);
    expect(activities.charge).toHaveBeenCalledWith('ada', 990);
  });

  test('who subscribes in the last days has been reminded', async () => {
    const worker = await createWorker();
    await worker.runUntil(async () => {
      const handle = await env.client.workflow.start(trial, ada);
      await env.sleep('12 days');
      await handle.signal(subscribe, 990);
      expect(await handle.result()).toBe('receipt-7');
    });
    expect(subjects()).toEqual(['Welcome', 'Three days left']);
  });

  test('a charge that fails is tried again', async () => {
    activities.charge.mockRejectedValueOnce(new Error('the bank is away'));
    const worker = await createWorker();
    await worker.runUntil(async () => {
      const handle = await env.client.workflow.start(trial, ada);
      await handle.signal(subscribe, 990);
      expect(await handle.result()).toBe('receipt-7');
    });
    expect(activities.charge).toHaveBeenCalledTimes(2);
  });
});
