// Promise: workers balance the load by joining the same queue.
import { Kafka, logLevel } from 'kafkajs';
import { afterAll, beforeAll, expect, inject, it } from 'vitest';
import { connectCodec } from '../../../services/platform/codec/registry.js';
import { silentLogger } from '../../../services/platform/logger.js';
import { workerGroup } from '../../../services/platform/topics.js';
import { connectTestLog, eventually } from '../../kit/kit.js';
import { spawnHistoryService } from '../../kit/processes.js';
import { flaws, readRuns } from './namespace-history.js';
import { connectClient, provisioned, startWorker } from './surroundings.js';
import type { hello } from './workflows.js';

const admin = new Kafka({ brokers: inject('brokers'), logLevel: logLevel.NOTHING }).admin();

beforeAll(() => admin.connect());
afterAll(() => admin.disconnect());

it('a second worker takes about half, and when it leaves nothing is lost and nothing waits', async () => {
  const namespace = await provisioned();
  await spawnHistoryService({ namespace });
  const client = await connectClient(namespace);
  const groups = (['workflow', 'activity'] as const).map((kind) => workerGroup(namespace, 'q', kind));
  const memberCounts = async () => {
    const { groups: described } = await admin.describeGroups(groups);
    return described.map(({ state, members }) => (state === 'Stable' ? members.length : 0));
  };
  const run = (series: string, count: number) =>
    Promise.all(
      Array.from({ length: count }, (_, index) =>
        client.workflow.execute<typeof hello>('hello', {
          workflowId: `${series}-${index}`,
          taskQueue: 'q',
          args: [`${series}-${index}`],
        }),
      ),
    );

  await startWorker(namespace);
  await run('alone', 20);
  const second = await startWorker(namespace);
  await eventually(async () => expect(await memberCounts()).toEqual([2, 2]));
  await run('shared', 200);

  // It leaves while there is work, and is out of its groups as soon as it has gone: no session has to time out.
  const during = run('leaving', 200);
  await second.kill('SIGTERM');
  expect(await second.exited).toEqual({ code: 0, signal: null });
  const { groups: described } = await admin.describeGroups(groups);
  expect(described.map(({ members }) => members.length)).toEqual([1, 1]);
  expect(await during).toEqual(Array.from({ length: 200 }, (_, index) => `Hello, leaving-${index}!`));

  const codec = await connectCodec({ registryUrl: inject('registryUrl'), logger: silentLogger });
  const runs = await readRuns(await connectTestLog(), codec, namespace);
  expect(runs.size).toBe(420);
  const share = { workflow: 0, activity: 0 };
  for (const [runId, events] of runs) {
    expect(flaws(events), runId).toEqual([]);
    if (!events[0]?.header.workflowId.startsWith('shared-')) continue;
    for (const event of events) {
      if (!('identity' in event) || !event.identity.startsWith(`${second.pid}@`)) continue;
      if (event.type === 'WorkflowTaskCompleted') share.workflow += 1;
      if (event.type === 'ActivityTaskCompleted') share.activity += 1;
    }
  }
  // 400 workflow tasks and 200 activities, over four or eight partitions each: about half.
  expect(share.workflow).toBeGreaterThan(100);
  expect(share.workflow).toBeLessThan(300);
  expect(share.activity).toBeGreaterThan(50);
  expect(share.activity).toBeLessThan(150);
});
