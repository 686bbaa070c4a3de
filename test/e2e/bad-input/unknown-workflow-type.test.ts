import { expect, test } from 'vitest';
import { openStack, taskFailureCauses, taskFailureOf } from './stack.js';

test('a workflow of a type that no worker has fails its task by name, and completes once a worker that has it joins', async () => {
  const taskQueue = 'farewells';
  const { client, startWorker } = await openStack();
  await startWorker({ taskQueue });
  const handle = await client.workflow.start('farewell', { workflowId: 'w', taskQueue, args: ['Ada'] });

  const { message, cause } = await taskFailureOf(handle);
  expect(message).toContain("Failed to initialize workflow of type 'farewell'");
  expect(cause?.message).toContain('this worker has the workflows callActivity, ');
  expect(cause?.message).toContain('export others from the module that workflowsPath names');
  expect(await taskFailureCauses(handle)).toEqual(['WORKFLOW_TYPE_NOT_REGISTERED']);
  expect((await handle.describe()).status.name).toBe('RUNNING');

  await startWorker({ taskQueue, workflows: 'mended-workflows.ts' });
  expect(await handle.result()).toBe('goodbye Ada');
});
