// Promise: work is accepted while every Millrace service is down.
import { expect, it } from 'vitest';
import { spawnHistoryService } from '../../kit/processes.js';
import { connectClient, provisioned, startWorker } from './surroundings.js';
import type { hello } from './workflows.js';

it('a start with every service down is accepted, says so, and runs when a service comes up', async () => {
  const namespace = await provisioned();
  const client = await connectClient(namespace);

  const handle = await client.workflow.start<typeof hello>('hello', {
    workflowId: 'early',
    taskQueue: 'q',
    args: ['Ada'],
    startTimeout: '300ms',
  });
  expect(handle.startStatus).toBe('ACCEPTED');

  await spawnHistoryService({ namespace });
  await startWorker(namespace);
  expect(await handle.result()).toBe('Hello, Ada!');

  const later = await client.workflow.start<typeof hello>('hello', {
    workflowId: 'later',
    taskQueue: 'q',
    args: ['Grace'],
  });
  expect(later.startStatus).toBe('STARTED');
  expect(await later.result()).toBe('Hello, Grace!');
});
