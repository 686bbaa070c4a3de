import { beforeEach, expect, test } from 'vitest';
import { defaultsOf } from '../../schemas/generated/defaults.js';
import type { Command, WorkflowTask } from '../../schemas/generated/messages.js';
import { workflowCommandOf } from '../../schemas/message.js';
import type { Delivery } from '../../sdk/worker/task-queue-consumer.js';
import type { QueryOutcome, WorkflowTaskOutcome } from '../../sdk/worker/workflow-executor.js';
import { WorkflowTaskRunner } from '../../sdk/worker/workflow-task-runner.js';
import { createLocalCodec } from '../../services/platform/codec/local-codec.js';
import { MAX_COMMAND_BYTES } from '../../services/platform/limits.js';
import { silentLogger } from '../../services/platform/logger.js';
import { openTaskNamespace, payload, type TaskNamespace } from './task-namespace.js';

const codec = createLocalCodec();

let namespace: TaskNamespace;

beforeEach(async () => {
  namespace = await openTaskNamespace();
  return () => namespace.close();
});

type RunTask = (bytes: Uint8Array) => Promise<WorkflowTaskOutcome | QueryOutcome>;

async function runnerWith(runTask: RunTask): Promise<WorkflowTaskRunner> {
  const connection = await namespace.connect().namespace('default');
  return new WorkflowTaskRunner({
    connection,
    executor: { runTask },
    translate: async (records) => records,
    logger: silentLogger,
  });
}

function task(changes: Partial<WorkflowTask> = {}): WorkflowTask {
  return {
    workflowId: 'order-1',
    runId: 'run-1',
    workflowType: 'order',
    taskQueue: 'orders',
    scheduledEventId: 2,
    attempt: 1,
    firstEventId: 1,
    seenEventId: 2,
    events: [],
    updates: [],
    startToCloseTimeoutMs: 10_000,
    ...changes,
  };
}

function delivery(value: Buffer | null, key = 'order-1') {
  const said: string[] = [];
  const stop = new AbortController();
  const record = { offset: 0, timestamp: 0, key: Buffer.from(key), value, headers: {} };
  const delivered: Delivery = {
    record,
    taskId: 'run-1/2/1',
    stopping: stop.signal,
    accept: () => void said.push('accepted'),
    drop: () => void said.push('dropped'),
    setAside: async (reason) => void said.push(reason),
  };
  return { delivered, said, stop };
}

function completion(changes: Partial<Extract<Command, { type: 'CompleteWorkflowTask' }>> = {}): WorkflowTaskOutcome {
  const { workflowId, runId, scheduledEventId, attempt, seenEventId } = task();
  const header = { requestId: 'r', workflowId, runId, identity: 'w', sentAt: 1, replyTo: null };
  const answer = { header, scheduledEventId, attempt, seenEventId, startedAt: 1, commands: [], ...changes };
  const command = codec.encode({ ...defaultsOf.CompleteWorkflowTask, type: 'CompleteWorkflowTask', ...answer });
  return { kind: 'workflow-task', workflowId, runId, scheduledEventId, attempt, command, failure: null };
}

const bytesOf = (changes?: Partial<WorkflowTask>) => codec.encode({ type: 'WorkflowTask', ...task(changes) });

class ExecutorFailure extends Error {
  readonly code: string;
  readonly retryable: boolean;

  constructor(code: string, retryable: boolean) {
    super(code);
    this.code = code;
    this.retryable = retryable;
  }
}

test("the executor's answer is put on commands as it is, and then the task is accepted", async () => {
  const runner = await runnerWith(async () => completion());
  const { delivered, said } = delivery(bytesOf());
  await runner.run(delivered);
  expect(namespace.commands).toHaveLength(1);
  expect(await namespace.command('CompleteWorkflowTask')).toMatchObject({ scheduledEventId: 2, seenEventId: 2 });
  expect(said).toEqual(['accepted']);
});

test('the tasks of a workflow follow one another, those of others do not wait', async () => {
  const order: string[] = [];
  let release: () => void = () => undefined;
  const held = new Promise<void>((resolve) => {
    release = resolve;
  });
  const runner = await runnerWith(async (bytes) => {
    const message = codec.decode(bytes);
    if (message.type !== 'WorkflowTask') throw new TypeError(message.type);
    order.push(`${message.workflowId} begins ${message.attempt}`);
    if (message.workflowId === 'order-1' && message.attempt === 1) await held;
    order.push(`${message.workflowId} ends ${message.attempt}`);
    return completion();
  });
  const first = runner.run(delivery(bytesOf()).delivered);
  const second = runner.run(delivery(bytesOf({ attempt: 2 })).delivered);
  await runner.run(delivery(bytesOf({ workflowId: 'order-2' }), 'order-2').delivered);
  release();
  await Promise.all([first, second]);
  expect(order).toEqual([
    'order-1 begins 1',
    'order-2 begins 1',
    'order-2 ends 1',
    'order-1 ends 1',
    'order-1 begins 2',
    'order-1 ends 2',
  ]);
});

test('an answer that does not fit a record fails the task, naming size and limit', async () => {
  const half = payload('x'.repeat(MAX_COMMAND_BYTES));
  const complete = { result: half };
  const runner = await runnerWith(async () =>
    completion({ commands: [workflowCommandOf({ completeWorkflowExecution: complete })] }),
  );
  await runner.run(delivery(bytesOf()).delivered);
  const failed = await namespace.command('FailWorkflowTask');
  expect(failed).toMatchObject({ cause: 'BAD_COMMAND', scheduledEventId: 2, attempt: 1, seenEventId: 2 });
  expect(failed.failure.message).toContain(`more than the ${MAX_COMMAND_BYTES} that are allowed`);
});

test('a task waits while the history service is away', async () => {
  let tries = 0;
  const runner = await runnerWith(async () => {
    tries += 1;
    if (tries < 3) throw new ExecutorFailure('HISTORY_UNAVAILABLE', true);
    return completion();
  });
  const { delivered, said } = delivery(bytesOf());
  await runner.run(delivered);
  expect(said).toEqual(['accepted']);
  expect(tries).toBe(3);
});

test('a task that waits when the worker stops is left to the next owner', async () => {
  const { delivered, said, stop } = delivery(bytesOf());
  const runner = await runnerWith(async () => {
    stop.abort();
    throw new ExecutorFailure('HISTORY_UNAVAILABLE', true);
  });
  await runner.run(delivered);
  expect(said).toEqual([]);
});

test('a task of a run that is over and past its retention is dropped at once: its slot is for others', async () => {
  for (const failures of [['HISTORY_EXPIRED'], ['HISTORY_UNAVAILABLE', 'HISTORY_EXPIRED']]) {
    let tries = 0;
    const runner = await runnerWith(async () => {
      const code = failures[tries++] ?? '';
      throw new ExecutorFailure(code, code === 'HISTORY_UNAVAILABLE');
    });
    const { delivered, said } = delivery(bytesOf());
    await runner.run(delivered);
    expect(said).toEqual(['dropped']);
    expect(tries).toBe(failures.length);
  }
});

test('what is no task is set aside with the reason', async () => {
  const runner = await runnerWith(async () => {
    throw new ExecutorFailure('TASK_UNREADABLE', false);
  });
  const foreign = delivery(Buffer.from('what is this'));
  const empty = delivery(null);
  const misplaced = delivery(Buffer.from(completion().command));
  for (const { delivered } of [foreign, empty, misplaced]) await runner.run(delivered);
  expect(foreign.said).toHaveLength(1);
  expect(empty.said).toEqual(['there is no value']);
  expect(misplaced.said).toEqual(["a CompleteWorkflowTask is no workflow task of namespace 'default'"]);
  expect(namespace.commands).toEqual([]);
});

test('a defect of the executor is not hidden', async () => {
  const runner = await runnerWith(async () => {
    throw new Error('the thread is gone');
  });
  await expect(runner.run(delivery(bytesOf()).delivered)).rejects.toThrow('the thread is gone');
});
