// What a start's options do, with a history service and no worker.
import { afterEach, beforeEach, expect, it } from 'vitest';
import {
  Client,
  TimeoutFailure,
  WorkflowExecutionAlreadyStartedError,
  WorkflowFailedError,
} from '../../sdk/client/index.js';
import { defineSearchAttributeKey, SearchAttributeType } from '../../sdk/common/index.js';
import { type MemoryPlatform, openMemoryPlatform } from '../worker/memory-platform.js';

const at = { workflowId: 'w', taskQueue: 'q' };
let platform: MemoryPlatform;
let client: Client;
beforeEach(async () => {
  platform = await openMemoryPlatform();
  client = new Client({ connection: platform.connect() });
});
afterEach(() => platform.close());

it('workflowIdReusePolicy says whether the id of a closed workflow may be used again [client.id-reuse-policy]', async () => {
  const first = await client.workflow.start('greet', at);
  await first.terminate();
  const again = (workflowIdReusePolicy: 'ALLOW_DUPLICATE' | 'ALLOW_DUPLICATE_FAILED_ONLY' | 'REJECT_DUPLICATE') =>
    client.workflow.start('greet', { ...at, workflowIdReusePolicy });
  await expect(again('REJECT_DUPLICATE')).rejects.toThrow(WorkflowExecutionAlreadyStartedError);
  const second = await again('ALLOW_DUPLICATE_FAILED_ONLY');
  expect(second.firstExecutionRunId).not.toBe(first.firstExecutionRunId);
  await second.terminate();
  const third = await again('ALLOW_DUPLICATE');
  expect(third.firstExecutionRunId).not.toBe(second.firstExecutionRunId);
});

it('memo and search attributes stand in the description [client.memo client.search-attributes]', async () => {
  const count = defineSearchAttributeKey('Count', SearchAttributeType.INT);
  const handle = await client.workflow.start('greet', {
    ...at,
    memo: { note: { deep: 1 } },
    searchAttributes: { City: ['Oslo'] },
    typedSearchAttributes: [{ key: count, value: 3 }],
  });
  const described = await handle.describe();
  expect(described.memo).toEqual({ note: { deep: 1 } });
  expect(described.searchAttributes).toEqual({ City: ['Oslo'], Count: [3] });
  expect(described.typedSearchAttributes.get(count)).toBe(3);
});

it.each(['workflowRunTimeout', 'workflowExecutionTimeout'] as const)(
  'a workflow that takes longer than its %s fails by it [client.workflow-timeouts]',
  async (timeout) => {
    const ended = await client.workflow.execute('greet', { ...at, [timeout]: 50 }).catch((error: unknown) => error);
    expect(ended).toBeInstanceOf(WorkflowFailedError);
    expect((ended as WorkflowFailedError).cause).toBeInstanceOf(TimeoutFailure);
    expect((await client.workflow.getHandle('w').describe()).status.name).toBe('TIMED_OUT');
  },
);

it('workflowTaskTimeout is recorded with the run and its tasks [client.workflow-task-timeout]', async () => {
  const handle = await client.workflow.start('greet', { ...at, workflowTaskTimeout: '3 seconds' });
  const [started, scheduled] = (await handle.fetchHistory()).events;
  expect(started).toMatchObject({ workflowTaskTimeoutMs: 3_000 });
  expect(scheduled).toMatchObject({ startToCloseTimeoutMs: 3_000 });
});
