import { fileURLToPath } from 'node:url';
import { historyFromJSON, historyToJSON } from 'millrace/client';
import { temporal } from 'millrace/proto';
import { TestWorkflowEnvironment } from 'millrace/testing';
import { bundleWorkflowCode, Worker, type WorkflowBundle } from 'millrace/worker';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import * as workflows from './workflows.js';

const { EventType, RetryState, TimeoutType } = temporal.api.enums.v1;
const taskQueue = 'test';

let env: TestWorkflowEnvironment;
let workflowBundle: WorkflowBundle;

beforeAll(async () => {
  [env, workflowBundle] = await Promise.all([
    TestWorkflowEnvironment.createTimeSkipping(),
    bundleWorkflowCode({ workflowsPath: fileURLToPath(new URL('./workflows.ts', import.meta.url)) }),
  ]);
});

afterAll(() => env.teardown());

async function fetchedFrom(workflow: () => Promise<unknown>, activities: object) {
  const worker = await Worker.create({ connection: env.nativeConnection, taskQueue, workflowBundle, activities });
  const handle = await env.client.workflow.start(workflow, { workflowId: workflow.name, taskQueue });
  await worker.runUntil(handle.result().catch(() => undefined));
  return handle.fetchHistory();
}

describe('a fetched history, for programs that read Temporal’s', () => {
  test('has the attributes of an event under the name of its type [client.fetch-history]', async () => {
    const { events } = await fetchedFrom(workflows.workBesideTimer, { work: async () => 'done' });
    expect(events.map(({ eventId }) => eventId.toNumber())).toEqual(events.map((_, index) => index + 1));
    const started = events.find((event) => event.workflowExecutionStartedEventAttributes);
    expect(started?.eventType).toBe(EventType.EVENT_TYPE_WORKFLOW_EXECUTION_STARTED);
    expect(started?.workflowExecutionStartedEventAttributes).toMatchObject({
      workflowType: { name: 'workBesideTimer' },
      taskQueue: { name: taskQueue },
      input: { payloads: [] },
      header: { fields: {} },
      attempt: 1,
    });
    const [scheduled] = events.flatMap((event) => event.activityTaskScheduledEventAttributes ?? []);
    expect(scheduled).toMatchObject({ activityId: '1', activityType: { name: 'work' } });
    expect(scheduled?.startToCloseTimeout.seconds.toNumber()).toBe(2_000);
    expect(scheduled?.retryPolicy.initialInterval).toMatchObject({ nanos: 0 });
    const [completed] = events.flatMap((event) => event.activityTaskCompletedEventAttributes ?? []);
    expect(completed?.result.payloads).toHaveLength(1);
    expect(events[completed?.scheduledEventId.toNumber() - 1]?.activityTaskScheduledEventAttributes).toBeDefined();
  });

  test('says what failed with the numbers of the protocol [client.fetch-history]', async () => {
    const { events } = await fetchedFrom(workflows.tooSlow, { sleep: () => env.sleep('1 day') });
    const timedOut = events.find((event) => event.eventType === EventType.EVENT_TYPE_ACTIVITY_TASK_TIMED_OUT);
    expect(timedOut?.activityTaskTimedOutEventAttributes).toMatchObject({
      retryState: RetryState.RETRY_STATE_MAXIMUM_ATTEMPTS_REACHED,
      failure: { timeoutFailureInfo: { timeoutType: TimeoutType.TIMEOUT_TYPE_START_TO_CLOSE } },
    });
    const [failed] = events.flatMap((event) => event.workflowExecutionFailedEventAttributes ?? []);
    expect(failed?.failure.activityFailureInfo).toMatchObject({ activityType: { name: 'sleep' }, activityId: '1' });
  });

  test('keeps that view out of its JSON, which is read as it was written', async () => {
    const history = await fetchedFrom(workflows.retried, { flaky: async () => 1 });
    const json: unknown = JSON.parse(JSON.stringify(historyToJSON(history)));
    expect(JSON.stringify(json)).not.toContain('EventAttributes');
    expect(historyToJSON(historyFromJSON(json))).toEqual(historyToJSON(history));
  });
});
