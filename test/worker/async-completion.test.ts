import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { activityInfo, CompleteAsyncError, type Info } from '../../sdk/activity/index.js';
import {
  ActivityCancelledError,
  ActivityCompletionError,
  ActivityNotFoundError,
  ActivityPausedError,
  Client,
  type WorkflowHandle,
} from '../../sdk/client/index.js';
import { ApplicationFailure, ValueError } from '../../sdk/common/index.js';
import { Worker } from '../../sdk/worker/index.js';
import { type MemoryPlatform, openMemoryPlatform } from './memory-platform.js';

const workflowsPath = fileURLToPath(new URL('./fixtures/workflows.ts', import.meta.url));
const taskQueue = 'approvals';

let platform: MemoryPlatform;
let client: Client;
let worker: Worker;
let running: Promise<void>;
/** What the activity's attempts said of themselves, in order. */
let attempts: Info[];
let onAttempt: (info: Info) => void;

beforeEach(async () => {
  platform = await openMemoryPlatform();
  client = new Client({ connection: platform.connect() });
  attempts = [];
  const outside = async () => {
    attempts.push(activityInfo());
    onAttempt(activityInfo());
    throw new CompleteAsyncError();
  };
  worker = await Worker.create({
    connection: platform.connect(),
    taskQueue,
    workflowsPath,
    activities: { greet: outside, wait: outside, flaky: outside },
  });
  running = worker.run();
});

afterEach(async () => {
  worker.shutdown();
  await running;
  await platform.close();
});

/** Starts the workflow and waits for its activity's first attempt. */
async function start(workflowType: string): Promise<{ handle: WorkflowHandle; attempt: Info }> {
  const attempt = nextAttempt();
  const handle = await client.workflow.start(workflowType, { workflowId: workflowType, taskQueue, args: ['Ada'] });
  return { handle, attempt: await attempt };
}

function nextAttempt(): Promise<Info> {
  return new Promise((resolve) => {
    onAttempt = resolve;
  });
}

describe('an activity completed from outside [client.async-completion]', () => {
  test('by its task token', async () => {
    const { handle, attempt } = await start('hello');
    await client.activity.complete(attempt.taskToken, 'hello from outside');
    expect(await handle.result()).toBe('hello from outside');
  });

  test('by a token that travelled as base64', async () => {
    const { handle, attempt } = await start('hello');
    await client.activity.complete(Buffer.from(attempt.base64TaskToken, 'base64'), undefined);
    expect(await handle.result()).toBeUndefined();
  });

  test('by workflow id and activity id', async () => {
    const { handle, attempt } = await start('hello');
    const { activityId } = attempt;
    await client.activity.complete({ workflowId: handle.workflowId, activityId }, 'by its id');
    expect(await handle.result()).toBe('by its id');
  });

  test('fails, is tried again, and finds what its heartbeats told', async () => {
    const { handle, attempt } = await start('retried');
    const again = nextAttempt();
    await client.activity.heartbeat(attempt.taskToken, { done: 7 });
    await client.activity.fail(attempt.taskToken, ApplicationFailure.retryable('not today'));
    const second = await again;
    expect(second).toMatchObject({ attempt: 2, heartbeatDetails: { done: 7 } });
    await expect(client.activity.complete(attempt.taskToken, 1)).rejects.toThrow(ActivityNotFoundError);
    await client.activity.complete(second.taskToken, 2);
    expect(await handle.result()).toBe(2);
  });

  test('fails for good by a failure that is not retryable', async () => {
    const { handle, attempt } = await start('hello');
    await client.activity.fail(attempt.taskToken, ApplicationFailure.nonRetryable('never', 'Refused', 1));
    const failure = { message: 'never', type: 'Refused', details: [1] };
    await expect(handle.result()).rejects.toMatchObject({ cause: { cause: failure } });
  });

  test('learns from a heartbeat that its workflow wants it cancelled, and reports it [client.async-heartbeat client.async-report-cancellation]', async () => {
    const { handle, attempt } = await start('waitingForTheEnd');
    const { taskToken, activityId } = attempt;
    await client.activity.heartbeat({ workflowId: handle.workflowId, activityId });
    await expect(client.activity.reportCancellation(taskToken)).rejects.toThrow(ActivityCompletionError);
    await handle.cancel();
    // The workflow's own task comes between its request to cancel and the activity's.
    await vi.waitFor(() => expect(client.activity.heartbeat(taskToken)).rejects.toThrow(ActivityCancelledError));
    await client.activity.reportCancellation(taskToken, 'stopped');
    await expect(handle.result()).rejects.toMatchObject({ cause: { name: 'CancelledFailure' } });
    await expect(client.activity.heartbeat(taskToken)).rejects.toThrow(ActivityNotFoundError);
  });

  test('learns from a heartbeat that its workflow is paused [client.async-heartbeat]', async () => {
    const { handle, attempt } = await start('hello');
    await handle.pause();
    await expect(client.activity.heartbeat(attempt.taskToken)).rejects.toThrow(ActivityPausedError);
    await handle.unpause();
    await client.activity.heartbeat(attempt.taskToken);
    await client.activity.complete(attempt.taskToken, 'after the pause');
    expect(await handle.result()).toBe('after the pause');
  });

  test('what names no running activity is refused', async () => {
    await expect(client.activity.complete({ workflowId: 'nobody', activityId: '1' }, 1)).rejects.toThrow(
      ActivityNotFoundError,
    );
    await expect(client.activity.complete(Buffer.from('made up'), 1)).rejects.toThrow(ValueError);
  });
});
