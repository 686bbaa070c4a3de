// Promise: an activity is fixed while its workflow runs. Restarting the worker is enough, and the next scheduled retry
// goes on exactly where it failed, with the new code.
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, inject, it } from 'vitest';
import { connectCodec } from '../../../services/platform/codec/registry.js';
import { silentLogger } from '../../../services/platform/logger.js';
import { connectTestLog, eventually } from '../../kit/kit.js';
import { spawnHistoryService } from '../../kit/processes.js';
import { readRuns } from './namespace-history.js';
import { connectClient, provisioned, startWorker } from './surroundings.js';
import type { order } from './workflows.js';

let folder: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'millrace-activities-'));
});

afterAll(() => rm(folder, { recursive: true, force: true }));

/** The activities as their author has them on disk; each notes that it ran. */
function code(charge: string): string {
  return `
    import { appendFileSync } from 'node:fs';
    const ran = (step) => appendFileSync(${JSON.stringify(join(folder, 'ran'))}, step + '\\n');
    export async function reserve(id) { ran('reserve'); return id + ' reserved'; }
    export async function charge(reserved) { ran('charge'); ${charge} }
    export async function ship(charged) { ran('ship'); return charged + ', shipped'; }
  `;
}

it('a mended activity goes on where it failed, when only its worker is restarted', async () => {
  const activitiesPath = join(folder, 'activities.mjs');
  await writeFile(activitiesPath, code('return undefined.price;'));
  const namespace = await provisioned();
  const service = await spawnHistoryService({ namespace });
  const worker = await startWorker(namespace, { activitiesPath });
  const client = await connectClient(namespace);

  const handle = await client.workflow.start<typeof order>('order', {
    workflowId: 'order-1',
    taskQueue: 'q',
    args: ['order-1'],
  });
  await eventually(async () => {
    const { pendingActivities } = await handle.describe().then(({ raw }) => raw);
    expect(pendingActivities[0]).toMatchObject({
      activityType: 'charge',
      lastFailure: { message: expect.stringContaining("reading 'price'") },
    });
    expect(pendingActivities[0]?.attempt).toBeGreaterThanOrEqual(3);
  });

  await worker.kill('SIGTERM');
  await writeFile(activitiesPath, code("return reserved + ', charged';"));
  await startWorker(namespace, { activitiesPath });
  expect(await handle.result()).toBe('order-1 reserved, charged, shipped');

  const ran = (await readFile(join(folder, 'ran'), 'utf8')).trim().split('\n');
  expect(ran.filter((step) => step !== 'charge')).toEqual(['reserve', 'ship']);
  expect(service.said.filter(({ event }) => event === 'serving')).toHaveLength(1);

  // The attempt that succeeded is the one that the failure before it had scheduled, not an attempt of its own.
  const codec = await connectCodec({ registryUrl: inject('registryUrl'), logger: silentLogger });
  const [events = []] = (await readRuns(await connectTestLog(), codec, namespace)).values();
  const started = events.find((event) => event.type === 'ActivityTaskStarted' && event.lastFailure !== null);
  const attempt = started?.type === 'ActivityTaskStarted' ? started.attempt : 0;
  const failed = events.find((event) => event.type === 'ActivityTaskAttemptFailed' && event.attempt === attempt - 1);
  const scheduled = events.find((event) => event.type === 'ActivityTaskAttemptScheduled' && event.attempt === attempt);
  expect(failed).toBeDefined();
  expect(scheduled).toBeDefined();
  if (failed?.type !== 'ActivityTaskAttemptFailed' || scheduled === undefined) return;
  expect(scheduled.header.eventTime).toBeGreaterThanOrEqual(failed.nextAttemptAt);
  expect(failed.nextAttemptAt - failed.header.eventTime).toBe(500);
});
