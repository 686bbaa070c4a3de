import { setImmediate as turn } from 'node:timers/promises';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { Context } from '../../sdk/activity/index.js';
import { NamespaceNotFoundError } from '../../sdk/common/index.js';
import {
  CombinedWorkerRunError,
  GracefulShutdownPeriodExpiredError,
  PromiseCompletionTimeoutError,
  Worker,
  type WorkerOptions,
} from '../../sdk/worker/index.js';
import { openTaskNamespace, payload, type TaskNamespace } from './task-namespace.js';

let namespace: TaskNamespace;

beforeEach(async () => {
  namespace = await openTaskNamespace();
});

afterEach(async () => {
  vi.useRealTimers();
  await namespace.close();
});

function create(activities: object, options: Partial<WorkerOptions> = {}): Promise<Worker> {
  const connection = namespace.connect();
  return Worker.create({ taskQueue: namespace.taskQueue, connection, activities, ...options });
}

/** A promise that the test settles. */
function gate<T = void>() {
  let open: (value: T) => void = () => undefined;
  const promise = new Promise<T>((resolve) => {
    open = resolve;
  });
  return { promise, open };
}

const idle = { greet: async () => 'hello' };

test('a worker goes from initialized over running to stopped, once [worker.create-run worker.state]', async () => {
  const worker = await create(idle);
  expect(worker.getState()).toBe('INITIALIZED');
  expect(() => worker.shutdown()).toThrow('Not running. Current state: INITIALIZED');
  const running = worker.run();
  expect(worker.getState()).toBe('RUNNING');
  await expect(worker.run()).rejects.toThrow('Poller was already started');
  worker.shutdown();
  expect(worker.getState()).toBe('STOPPING');
  await running;
  expect(worker.getState()).toBe('STOPPED');
  expect(() => worker.shutdown()).toThrow('Not running. Current state: STOPPED');
});

test('a signal shuts the workers of the process down, and a second one is not caught [worker.shutdown-signals]', async () => {
  const worker = await create(idle);
  const listeners = process.listenerCount('SIGTERM');
  const running = worker.run();
  expect(process.listenerCount('SIGTERM')).toBe(listeners + 1);
  process.emit('SIGTERM');
  expect(process.listenerCount('SIGTERM')).toBe(listeners);
  await running;
  expect(worker.getState()).toBe('STOPPED');
});

test('without grace, a shutdown asks activities to stop and tells history to try again [activity.worker-shutdown worker.shutdown]', async () => {
  const started = gate();
  const worker = await create({
    greet: () => {
      started.open();
      return Context.current().cancelled;
    },
  });
  const running = worker.run();
  await namespace.putActivity();
  await started.promise;
  worker.shutdown();
  await running;
  const { failure } = await namespace.command('FailActivityTask');
  expect(failure.applicationInfo).toMatchObject({ failureType: 'WorkerShutdown', nonRetryable: false });
});

test('within the grace time activities finish, and what they did is committed [activity.worker-shutdown worker.shutdown]', async () => {
  const started = gate();
  const finish = gate();
  const worker = await create(
    {
      greet: async () => {
        started.open();
        await finish.promise;
        return Context.current().cancellationSignal.aborted;
      },
    },
    { shutdownGraceTime: '1 minute' },
  );
  const running = worker.run();
  await namespace.putActivity();
  await started.promise;
  worker.shutdown();
  await namespace.command('ClaimActivityTask');
  finish.open();
  await running;
  expect(namespace.commits.at(-1)).toMatchObject({ partition: 1, offset: 1 });
  expect(await namespace.command('CompleteActivityTask')).toMatchObject({ scheduledEventId: 1 });
});

test('a worker that is not at rest after the force time gives up [worker.shutdown]', async () => {
  const started = gate();
  const worker = await create(
    {
      greet: () => {
        started.open();
        return new Promise(() => undefined);
      },
    },
    { shutdownForceTime: 20 },
  );
  const running = worker.run();
  await namespace.putActivity();
  await started.promise;
  worker.shutdown();
  await expect(running).rejects.toThrow(GracefulShutdownPeriodExpiredError);
  expect(worker.getState()).toBe('FAILED');
});

test('two workers share the queue; one leaves while its activity runs, and nothing runs twice', async () => {
  const runs = new Map<number, string[]>();
  const finish = gate();
  const activities = (worker: string) => ({
    async greet(task: number) {
      runs.set(task, [...(runs.get(task) ?? []), worker]);
      if (task === 0) await finish.promise;
    },
  });
  const leaving = await create(activities('leaving'), { shutdownGraceTime: '1 minute' });
  const leavingRuns = leaving.run();
  // Attempts choose the partition: one task for each.
  await namespace.putActivity({ attempt: 1, input: [payload(0)] });
  await namespace.command('ClaimActivityTask');
  await namespace.until(() => namespace.commits.some(({ partition, offset }) => partition === 1 && offset === 1));
  const staying = await create(activities('staying'));
  const stayingRuns = staying.run();
  for (let task = 1; task <= 20; task += 1) {
    await namespace.putActivity({ attempt: 1 + (task % 2), input: [payload(task)] });
  }
  await namespace.until(() => outcomes() === 20);
  expect(new Set([...runs.values()].flat())).toEqual(new Set(['leaving', 'staying']));

  leaving.shutdown();
  for (let task = 21; task <= 40; task += 1) {
    await namespace.putActivity({ attempt: 1 + (task % 2), input: [payload(task)] });
  }
  // The group is left at once: the other takes over all partitions while the first still has its activity.
  await namespace.until(() => outcomes() === 40);
  expect(leaving.getState()).toBe('DRAINING');
  finish.open();
  await leavingRuns;
  staying.shutdown();
  await stayingRuns;
  expect(outcomes()).toBe(41);
  expect([...runs.values()].filter((workers) => workers.length !== 1)).toEqual([]);
  expect(runs.size).toBe(41);
});

function outcomes(): number {
  return namespace.commands.filter(({ type }) => type === 'CompleteActivityTask').length;
}

test('a rebalance makes running activities be claimed at once', async () => {
  // The clock stands still: the claim that comes is not the one after 100 ms.
  vi.useFakeTimers({ toFake: ['setTimeout'] });
  const started = gate();
  const finish = gate();
  const worker = await create({
    greet: () => {
      started.open();
      return finish.promise;
    },
  });
  const running = worker.run();
  await namespace.putActivity();
  await started.promise;
  expect(namespace.commands).toEqual([]);
  const other = await create(idle);
  const otherRuns = other.run();
  await namespace.command('ClaimActivityTask');
  finish.open();
  worker.shutdown();
  other.shutdown();
  await Promise.all([running, otherRuns]);
});

test('runUntil runs as long as the promise and resolves with its value [worker.run-until]', async () => {
  const worker = await create(idle);
  const result = await worker.runUntil(async () => {
    await namespace.putActivity();
    return (await namespace.command('CompleteActivityTask')).attempt;
  });
  expect(result).toBe(1);
  expect(worker.getState()).toBe('STOPPED');
});

test('runUntil rejects as the promise does', async () => {
  const worker = await create(idle);
  await expect(worker.runUntil(Promise.reject(new Error('mine')))).rejects.toThrow('mine');
  expect(worker.getState()).toBe('STOPPED');
});

test('runUntil gives up on a promise that outlives the worker [worker.errors]', async () => {
  const worker = await create(idle);
  const result = worker.runUntil(new Promise(() => undefined), { promiseCompletionTimeout: 1 });
  await turn();
  worker.shutdown();
  await expect(result).rejects.toThrow(PromiseCompletionTimeoutError);
});

test('runUntil tells of both the worker and the promise when both fail [worker.errors]', async () => {
  const started = gate();
  const worker = await create(
    {
      greet: () => {
        started.open();
        return new Promise(() => undefined);
      },
    },
    { shutdownForceTime: 1 },
  );
  await namespace.putActivity();
  const result = worker.runUntil(async () => {
    await started.promise;
    throw new Error('mine');
  });
  await expect(result).rejects.toThrow(CombinedWorkerRunError);
});

test('a worker joins the groups of the tasks it can carry out, and no other', async () => {
  const worker = await create(idle);
  await worker.runUntil(Promise.resolve());
  expect(namespace.groups).toEqual(['default.orders.activity']);
});

test('a worker that loses its group for good fails, and reports what it has in hand before', async () => {
  const started = gate();
  const worker = await create({
    greet: async () => {
      started.open();
      await Context.current().cancelled;
    },
  });
  const running = worker.run();
  await namespace.putActivity();
  await started.promise;
  namespace.failGroups(new Error('the broker refuses membership'));
  await expect(running).rejects.toThrow('the broker refuses membership');
  expect(worker.getState()).toBe('FAILED');
  await namespace.command('FailActivityTask');
});

test('a worker for a namespace that is not set up is refused at once', async () => {
  await expect(create(idle, { namespace: 'nowhere' })).rejects.toThrow(NamespaceNotFoundError);
});
