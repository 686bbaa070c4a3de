import { fileURLToPath } from 'node:url';
import { ApplicationFailure, WorkflowFailedError } from 'millrace/client';
import { TestWorkflowEnvironment, workflowInterceptorModules } from 'millrace/testing';
import { Worker } from 'millrace/worker';
import { afterAll, beforeAll, expect, test } from 'vitest';
import * as workflows from './asserting-workflows.js';

const taskQueue = 'test';
const workflowsPath = fileURLToPath(new URL('./asserting-workflows.ts', import.meta.url));

let env: TestWorkflowEnvironment;
beforeAll(async () => {
  env = await TestWorkflowEnvironment.createTimeSkipping();
});
afterAll(() => env.teardown());

function createWorker(): Promise<Worker> {
  const interceptors = { workflowModules: workflowInterceptorModules };
  return Worker.create({ connection: env.nativeConnection, taskQueue, workflowsPath, interceptors });
}

async function failureOf(running: Promise<unknown>): Promise<ApplicationFailure> {
  const error = await running.catch((reason: unknown) => reason);
  expect(error).toBeInstanceOf(WorkflowFailedError);
  const { cause } = error as WorkflowFailedError;
  expect(cause).toBeInstanceOf(ApplicationFailure);
  return cause as ApplicationFailure;
}

test('an assertion that fails in a workflow fails it for good [testing.assertion-interceptors]', async () => {
  const worker = await createWorker();
  const options = { workflowId: 'asserting', taskQueue, args: [6] as [number] };
  const failure = await failureOf(worker.runUntil(env.client.workflow.execute(workflows.expectSeven, options)));
  expect(failure.message).toBe('Expected values to be strictly equal:\n\n6 !== 7\n');
  expect(failure.nonRetryable).toBe(true);
  expect(failure.stack).toContain('expectSeven');
});

test("so does one in a signal's handler", async () => {
  const worker = await createWorker();
  const failure = await failureOf(
    worker.runUntil(async () => {
      const handle = await env.client.workflow.start(workflows.expectSevenBySignal, {
        workflowId: 'by-signal',
        taskQueue,
      });
      await handle.signal(workflows.number, 8);
      await handle.result();
    }),
  );
  expect(failure.message).toBe('Expected values to be strictly equal:\n\n8 !== 7\n');
});

test('an assertion that holds changes nothing', async () => {
  const worker = await createWorker();
  const options = { workflowId: 'fine', taskQueue, args: [7] as [number] };
  expect(await worker.runUntil(env.client.workflow.execute(workflows.expectSeven, options))).toBe(7);
});
