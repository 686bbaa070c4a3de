import { fileURLToPath } from 'node:url';
import { ActivityFailure, Client, TimeoutFailure, TimeoutType, WorkflowFailedError } from 'millrace/client';
import { TestWorkflowEnvironment } from 'millrace/testing';
import { bundleWorkflowCode, Worker, type WorkflowBundle } from 'millrace/worker';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import * as workflows from './workflows.js';

const taskQueue = 'test';
const day = 86_400_000;

let env: TestWorkflowEnvironment;
let workflowBundle: WorkflowBundle;
let lastId = 0;

beforeAll(async () => {
  [env, workflowBundle] = await Promise.all([
    TestWorkflowEnvironment.createTimeSkipping(),
    bundleWorkflowCode({ workflowsPath: fileURLToPath(new URL('./workflows.ts', import.meta.url)) }),
  ]);
});

afterAll(() => env.teardown());

function createWorker(activities: object = {}, { nativeConnection } = env): Promise<Worker> {
  return Worker.create({ connection: nativeConnection, taskQueue, workflowBundle, activities });
}

const start = () => ({ workflowId: `workflow-${++lastId}`, taskQueue });

describe('the time-skipping environment', () => {
  test('runs a workflow that sleeps for a month without waiting [testing.create-time-skipping testing.time-skipping]', async () => {
    const began = await env.currentTimeMs();
    const worker = await createWorker();
    await worker.runUntil(env.client.workflow.execute(workflows.sleep, { ...start(), args: ['30 days'] }));
    expect((await env.currentTimeMs()) - began).toBeGreaterThanOrEqual(30 * day);
  });

  test('workflow code tells the time of the environment [testing.sleep]', async () => {
    await env.sleep('3 days');
    const began = await env.currentTimeMs();
    const worker = await createWorker();
    const {
      start: startedAt,
      before,
      after,
    } = await worker.runUntil(env.client.workflow.execute(workflows.readClock, { ...start(), args: [7 * day] }));
    expect(startedAt).toBeGreaterThanOrEqual(began);
    expect(before).toBeGreaterThanOrEqual(began);
    expect(after - before).toBeGreaterThanOrEqual(7 * day);
    expect(await env.currentTimeMs()).toBeGreaterThanOrEqual(after);
  });

  test('clients and workers of the test find it by its connections and its namespace [testing.members]', async () => {
    const { connection, nativeConnection, namespace, address } = env;
    const own = new Client({ connection, namespace });
    const worker = await Worker.create({ connection: nativeConnection, namespace, taskQueue, workflowBundle });
    await worker.runUntil(own.workflow.execute(workflows.sleep, { ...start(), args: ['1 day'] }));
    expect([namespace, address, env.supportsTimeSkipping]).toEqual(['default', 'in-memory', true]);
    expect(env.client.workflow).toBe(env.workflowClient);
    expect(env.client.activity).toBe(env.asyncCompletionClient);
  });

  test('time is locked while nobody waits for a result', async () => {
    const worker = await createWorker();
    await worker.runUntil(async () => {
      const began = await env.currentTimeMs();
      const handle = await env.client.workflow.start(workflows.signalOrTimeout, { ...start(), args: ['1 day'] });
      // The workflow has set its timer by the time it answers: only now there is one to skip to.
      await expect.poll(async () => (await handle.fetchHistory()).events.length).toBeGreaterThan(4);
      expect((await env.currentTimeMs()) - began).toBeLessThan(day);
      await handle.signal(workflows.unblock);
      expect(await handle.result()).toBe('signal');
    });
  });

  test('a handle that waits for the result unlocks time, and locks it again', async () => {
    const worker = await createWorker();
    await worker.runUntil(async () => {
      const handle = await env.client.workflow.start(workflows.signalOrTimeout, { ...start(), args: ['10 days'] });
      expect(await handle.result()).toBe('timeout');
      const other = await env.client.workflow.start(workflows.signalOrTimeout, { ...start(), args: ['10 days'] });
      await other.signal(workflows.unblock);
      expect(await other.result()).toBe('signal');
    });
  });

  test('a run that nothing else ends times out at once', async () => {
    const worker = await createWorker();
    const options = { ...start(), args: ['30 days'] as ['30 days'], workflowRunTimeout: '1 day' } as const;
    const began = await env.currentTimeMs();
    const failure = await worker
      .runUntil(env.client.workflow.execute(workflows.signalOrTimeout, options))
      .catch((error: unknown) => error);
    expect(failure).toBeInstanceOf(WorkflowFailedError);
    expect((failure as WorkflowFailedError).cause).toBeInstanceOf(TimeoutFailure);
    expect((await env.currentTimeMs()) - began).toBeLessThan(2 * day);
  });

  test('time is skipped from run to run of a workflow', async () => {
    const worker = await createWorker();
    await worker.runUntil(async () => {
      const began = await env.currentTimeMs();
      expect(await env.client.workflow.execute(workflows.monthly, { ...start(), args: [12] })).toBe(12);
      expect((await env.currentTimeMs()) - began).toBeGreaterThanOrEqual(360 * day);
      const retry = { initialInterval: '1 day' } as const;
      expect(await env.client.workflow.execute(workflows.stubborn, { ...start(), retry })).toBe(3);
      expect((await env.currentTimeMs()) - began).toBeGreaterThanOrEqual(363 * day);
    });
  });

  test('time is skipped for children, also for those that their parent left behind', async () => {
    const worker = await createWorker();
    await worker.runUntil(async () => {
      const began = await env.currentTimeMs();
      await env.client.workflow.execute(workflows.waitForChildren, { ...start(), args: [5] });
      expect((await env.currentTimeMs()) - began).toBeGreaterThanOrEqual(15 * day);
      const child = start().workflowId;
      await env.client.workflow.execute(workflows.leaveChild, { ...start(), args: [child] });
      expect((await env.currentTimeMs()) - began).toBeLessThan(16 * day);
      await env.client.workflow.getHandle(child).result();
      expect((await env.currentTimeMs()) - began).toBeGreaterThanOrEqual(16 * day);
    });
  });

  test('a delayed start is skipped to, and not before somebody waits', async () => {
    const worker = await createWorker();
    await worker.runUntil(async () => {
      const began = await env.currentTimeMs();
      const options = { ...start(), args: ['1 minute'] as ['1 minute'], startDelay: '5 days' } as const;
      const handle = await env.client.workflow.start(workflows.sleep, options);
      expect((await env.currentTimeMs()) - began).toBeLessThan(day);
      await handle.result();
      expect((await env.currentTimeMs()) - began).toBeGreaterThanOrEqual(5 * day);
    });
  });

  test('a test sleeps up to the moment at which it sends a signal', async () => {
    const worker = await createWorker();
    await worker.runUntil(async () => {
      const handle = await env.client.workflow.start(workflows.signalOrTimeout, { ...start(), args: ['2 days'] });
      await env.sleep('1 day');
      await handle.signal(workflows.unblock);
      expect(await handle.result()).toBe('signal');
    });
  });

  test('who waits for an update does not unlock time, and who sleeps meanwhile does', async () => {
    const worker = await createWorker();
    await worker.runUntil(async () => {
      const began = await env.currentTimeMs();
      const handle = await env.client.workflow.start(workflows.finishedByUpdate, start());
      const update = await handle.startUpdate(workflows.finishAfter, { args: ['2 days'], waitForStage: 'ACCEPTED' });
      expect((await env.currentTimeMs()) - began).toBeLessThan(day);
      const [answer] = await Promise.all([update.result(), env.sleep('3 days')]);
      expect(answer).toBe('updated');
      expect(await handle.result()).toBe('updated');
      expect((await env.currentTimeMs()) - began).toBeLessThan(7 * day);
    });
  });

  test('an activity that sleeps by the environment takes its time among the timers', async () => {
    const worker = await createWorker({ sleep: (ms: number) => env.sleep(ms) });
    await worker.runUntil(async () => {
      for (const winner of ['activity', 'timer'] as const) {
        const options = { ...start(), args: [winner] as [typeof winner] };
        expect(await env.client.workflow.execute(workflows.raceActivityAndTimer, options)).toBe(winner);
      }
    });
  });

  test('a local activity that sleeps by the environment does not hold up its own task', async () => {
    const worker = await createWorker({ sleep: (ms: number) => env.sleep(ms) });
    const began = await env.currentTimeMs();
    const winner = await worker.runUntil(env.client.workflow.execute(workflows.localBesideTimer, start()));
    expect(winner).toBe('activity');
    expect((await env.currentTimeMs()) - began).toBeGreaterThanOrEqual(3_600_000);
  });

  test('time does not skip while an activity runs', async () => {
    const worker = await createWorker({
      work: () => new Promise((resolve) => setTimeout(resolve, 150, 'work')),
    });
    const result = await worker.runUntil(env.client.workflow.execute(workflows.workBesideTimer, start()));
    expect(result).toBe('work');
  });

  test('an activity that sleeps for longer than it may times out', async () => {
    const worker = await createWorker({ sleep: (ms: number) => env.sleep(ms) });
    const failure = await worker
      .runUntil(env.client.workflow.execute(workflows.tooSlow, start()))
      .catch((error: unknown) => error);
    expect(failure).toBeInstanceOf(WorkflowFailedError);
    const { cause } = failure as WorkflowFailedError;
    expect(cause).toBeInstanceOf(ActivityFailure);
    expect(cause?.cause).toBeInstanceOf(TimeoutFailure);
    expect(cause?.cause).toMatchObject({ timeoutType: TimeoutType.START_TO_CLOSE });
  });

  test('the waits between the attempts of an activity are skipped', async () => {
    let attempts = 0;
    const worker = await createWorker({
      async flaky() {
        attempts += 1;
        if (attempts < 8) throw new Error('not yet');
        return attempts;
      },
    });
    const began = await env.currentTimeMs();
    expect(await worker.runUntil(env.client.workflow.execute(workflows.retried, start()))).toBe(8);
    // 1 + 2 + 4 + 8 + 16 + 32 + 64 seconds of back-off.
    expect((await env.currentTimeMs()) - began).toBeGreaterThanOrEqual(127_000);
  });

  test('environments side by side have each their own time and workflows [testing.parallel]', async () => {
    const others = await Promise.all([1, 2, 3].map(() => TestWorkflowEnvironment.createTimeSkipping()));
    const sleeps = [1, 20, 300];
    const began = Date.now();
    await Promise.all(
      others.map(async (other, index) => {
        const worker = await createWorker({}, other);
        // The same id in each: they share nothing.
        const options = { workflowId: 'the-same', taskQueue, args: [(sleeps[index] ?? 0) * day] as [number] };
        await worker.runUntil(other.client.workflow.execute(workflows.sleep, options));
      }),
    );
    const skipped = await Promise.all(others.map(async (other) => (await other.currentTimeMs()) - Date.now()));
    const realMs = Date.now() - began;
    skipped.forEach((ms, index) => {
      const days = (sleeps[index] ?? 0) * day;
      expect(ms).toBeGreaterThanOrEqual(days - realMs);
      expect(ms).toBeLessThan(days + day);
    });
    await Promise.all(others.map((other) => other.teardown()));
  });
});
