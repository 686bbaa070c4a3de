// Promise: a worker runs only what is registered on it, and another worker that has the type does the rest.
import { expect, inject, it } from 'vitest';
import { connectCodec } from '../../../services/platform/codec/registry.js';
import { silentLogger } from '../../../services/platform/logger.js';
import { connectTestLog } from '../../kit/kit.js';
import { spawnHistoryService } from '../../kit/processes.js';
import { type RunEvent, readRuns } from './namespace-history.js';
import { connectClient, provisioned, startWorker } from './surroundings.js';
import type { hello } from './workflows.js';

const COUNT = 12;

async function runHellos(lacking: Parameters<typeof startWorker>[1]): Promise<RunEvent[]> {
  const namespace = await provisioned();
  await spawnHistoryService({ namespace });
  await startWorker(namespace, lacking);
  await startWorker(namespace);
  const client = await connectClient(namespace);
  const greetings = await Promise.all(
    Array.from({ length: COUNT }, (_, index) =>
      client.workflow.execute<typeof hello>('hello', {
        workflowId: `hello-${index}`,
        taskQueue: 'q',
        args: [`${index}`],
      }),
    ),
  );
  expect(greetings).toEqual(Array.from({ length: COUNT }, (_, index) => `Hello, ${index}!`));
  const codec = await connectCodec({ registryUrl: inject('registryUrl'), logger: silentLogger });
  return [...(await readRuns(await connectTestLog(), codec, namespace)).values()].flat();
}

it('an activity that a worker lacks fails there by what is registered, and completes on one that has it', async () => {
  const events = await runHellos({ activities: 'other-activities' });
  const failures = events.flatMap((event) => (event.type === 'ActivityTaskAttemptFailed' ? [event.failure] : []));
  expect(failures.length).toBeGreaterThan(0);
  for (const { message, applicationInfo } of failures) {
    expect(message).toMatch(/greet.*not registered.*unwanted/);
    expect(applicationInfo?.nonRetryable).toBe(false);
  }
});

it('a workflow that a worker lacks fails its task there, and completes on one that has it', async () => {
  const events = await runHellos({ workflows: 'other-workflows' });
  const failures = events.flatMap((event) => (event.type === 'WorkflowTaskFailed' ? [event] : []));
  expect(failures.length).toBeGreaterThan(0);
  for (const { cause, failure } of failures) {
    expect(cause).toBe('WORKFLOW_TYPE_NOT_REGISTERED');
    expect(failure?.message).toContain('hello');
    expect(failure?.cause?.message).toContain('other');
  }
});
