// What the tests of each runner have in common.
import { fileURLToPath } from 'node:url';
import { TestWorkflowEnvironment } from 'millrace/testing';
import { Worker } from 'millrace/worker';

export const expected = 'Ada, it is time';

export async function remind() {
  const env = await TestWorkflowEnvironment.createTimeSkipping();
  try {
    const worker = await Worker.create({
      connection: env.nativeConnection,
      taskQueue: 'reminders',
      workflowsPath: fileURLToPath(new URL('./workflows.js', import.meta.url)),
      activities: { remind: async (name) => `${name}, it is time` },
    });
    return await worker.runUntil(
      env.client.workflow.execute('remindInAMonth', {
        workflowId: 'reminder',
        taskQueue: 'reminders',
        args: ['Ada'],
      }),
    );
  } finally {
    await env.teardown();
  }
}
