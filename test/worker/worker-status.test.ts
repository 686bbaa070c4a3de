import { afterEach, beforeEach, expect, test } from 'vitest';
import { heartbeat } from '../../sdk/activity/index.js';
import { Connection } from '../../sdk/client/index.js';
import { NativeConnection } from '../../sdk/worker/index.js';
import { gate, keepWorkers } from './running-workers.js';
import { openTaskNamespace, type TaskNamespace } from './task-namespace.js';

let namespace: TaskNamespace;
const workers = keepWorkers();

beforeEach(async () => {
  namespace = await openTaskNamespace();
});

afterEach(async () => {
  await workers.stop();
  await namespace.close();
});

test('a worker tells what it has in hand [worker.status]', async () => {
  const begun = gate();
  const finish = gate();
  const worker = await workers.run(namespace, {
    activities: {
      async greet() {
        heartbeat();
        begun.open();
        await finish.promise;
      },
    },
  });
  const seen: number[] = [];
  const subscription = worker.numInFlightActivities$.subscribe((count) => void seen.push(count));
  await namespace.putActivity();
  await begun.promise;
  expect(worker.getStatus()).toEqual({
    runState: 'RUNNING',
    workflowPollerState: 'SHUTDOWN',
    activityPollerState: 'POLLING',
    hasOutstandingWorkflowPoll: false,
    hasOutstandingActivityPoll: true,
    numInFlightWorkflowActivations: 0,
    numInFlightActivities: 1,
    numInFlightNonLocalActivities: 1,
    numHeartbeatingActivities: 1,
  });
  finish.open();
  await namespace.command('CompleteActivityTask');
  await workers.stop();
  expect(seen).toEqual([0, 1, 0]);
  subscription.unsubscribe();
  expect(worker.getStatus()).toMatchObject({
    runState: 'STOPPED',
    activityPollerState: 'SHUTDOWN',
    numInFlightActivities: 0,
    numHeartbeatingActivities: 0,
  });
});

test("a worker's connection is a client's, whatever its name [worker.native-connection]", async () => {
  expect(NativeConnection).toBe(Connection);
  const worker = await workers.run(namespace, { activities: { greet: async () => 'hello' } });
  expect(worker.connection).toBeInstanceOf(NativeConnection);
  expect(worker.client.connection).toBe(worker.connection);
});
