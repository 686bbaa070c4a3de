import { afterEach, beforeEach, expect, test } from 'vitest';
import { CompleteAsyncError, Context, heartbeat, type Info, sleep } from '../../sdk/activity/index.js';
import { ApplicationFailure } from '../../sdk/common/index.js';
import { Worker, type WorkerOptions } from '../../sdk/worker/index.js';
import { MAX_PAYLOAD_BYTES } from '../../services/platform/limits.js';
import { LogError } from '../../services/platform/log/errors.js';
import type { Producer } from '../../services/platform/log/log.js';
import { decoded, openTaskNamespace, payload, type TaskNamespace } from './task-namespace.js';

let namespace: TaskNamespace;
const stops: Array<() => Promise<void>> = [];

beforeEach(async () => {
  namespace = await openTaskNamespace();
});

afterEach(async () => {
  await Promise.all(stops.splice(0).map((stop) => stop()));
  await namespace.close();
});

async function runWorker(
  activities: object,
  options: Partial<WorkerOptions> = {},
  producer?: (real: Producer) => Producer,
): Promise<Worker> {
  const connection = namespace.connect(producer);
  const worker = await Worker.create({ taskQueue: namespace.taskQueue, connection, activities, ...options });
  const running = worker.run();
  stops.push(async () => {
    if (worker.getState() === 'RUNNING') worker.shutdown();
    await running;
  });
  return worker;
}

/** A promise that the test settles. */
function gate<T = void>() {
  let open: (value: T) => void = () => undefined;
  const promise = new Promise<T>((resolve) => {
    open = resolve;
  });
  return { promise, open };
}

const untilCancelled = () => Context.current().cancelled;

test('a short activity is told of by its completion alone', async () => {
  await runWorker({ greet: async (name: string) => `hello ${name}` });
  await namespace.putActivity({ input: [payload('world')] });
  const completed = await namespace.command('CompleteActivityTask');
  expect(completed).toMatchObject({ scheduledEventId: 1, attempt: 1 });
  expect(decoded(completed.result)).toBe('hello world');
  expect(completed.header).toMatchObject({ workflowId: 'order-1', runId: 'run-1', replyTo: null });
  expect(namespace.commands).toHaveLength(1);
});

test('an activity that takes longer is claimed, and committed while it runs', async () => {
  const finish = gate();
  await runWorker({ greet: () => finish.promise });
  await namespace.putActivity();
  const claim = await namespace.command('ClaimActivityTask');
  expect(claim.header.replyTo).not.toBeNull();
  await namespace.until(() => namespace.commits.some(({ partition, offset }) => partition === 1 && offset === 1));
  expect(namespace.commands).toHaveLength(1);
  finish.open();
  await namespace.command('CompleteActivityTask');
});

test('an offset is committed only after the outcome is acknowledged', async () => {
  const acknowledge = gate();
  const sent = gate();
  let sends = 0;
  await runWorker({ greet: async () => 'hello' }, {}, (real) => ({
    ...real,
    async send(target, records) {
      const offset = await real.send(target, records);
      sends += 1;
      if (sends > 1) return offset;
      sent.open();
      await acknowledge.promise;
      return offset;
    },
  }));
  await namespace.putActivity({ attempt: 1 });
  await sent.promise;
  // A commit of the other partition shows that there was occasion to commit this one.
  await namespace.putActivity({ attempt: 2 });
  await namespace.until(() => committedOffset(0) === 1);
  expect(committedOffset(1) ?? 0).toBe(0);
  acknowledge.open();
  await namespace.until(() => committedOffset(1) === 1);
});

function committedOffset(partition: number): number | undefined {
  return namespace.commits.findLast((commit) => commit.partition === partition)?.offset;
}

test('an outcome is kept and sent again while the broker is away', async () => {
  let failures = 2;
  await runWorker({ greet: async () => 'hello' }, {}, (real) => ({
    ...real,
    async send(target, records) {
      if (failures > 0) {
        failures -= 1;
        throw new LogError('LOG_UNAVAILABLE', 'no broker');
      }
      return real.send(target, records);
    },
  }));
  await namespace.putActivity();
  await namespace.command('CompleteActivityTask');
  expect(failures).toBe(0);
});

test('a full worker leaves the next task on the topic until a slot is free', async () => {
  const gates = [gate<string>(), gate<string>()];
  const started: number[] = [];
  const greet = (which: number) => {
    started.push(which);
    return gates[which]?.promise;
  };
  await runWorker({ greet }, { maxConcurrentActivityTaskExecutions: 1 });
  await namespace.putActivity({ input: [payload(0)] });
  await namespace.putActivity({ input: [payload(1)] });
  await namespace.command('ClaimActivityTask', ({ scheduledEventId }) => scheduledEventId === 1);
  await namespace.until(() => committedOffset(1) === 1);
  expect(started).toEqual([0]);
  gates[0]?.open('first');
  await namespace.command('CompleteActivityTask', ({ scheduledEventId }) => scheduledEventId === 1);
  gates[1]?.open('second');
  await namespace.command('CompleteActivityTask', ({ scheduledEventId }) => scheduledEventId === 2);
  expect(started).toEqual([0, 1]);
});

test('a task that comes twice runs once, and both records are committed', async () => {
  let runs = 0;
  await runWorker({ greet: async () => (runs += 1) });
  await namespace.putActivity({ scheduledEventId: 7 });
  await namespace.putActivity({ scheduledEventId: 7 });
  await namespace.until(() => committedOffset(1) === 2);
  expect(runs).toBe(1);
});

test('a record that is no task goes to the dead letters, and the queue goes on', async () => {
  await runWorker({ greet: async () => 'hello' });
  await namespace.putRecord('activity', { key: null, value: Buffer.from('{"not":"avro"}') });
  await namespace.putRecord('activity', { key: null, value: null });
  await namespace.putActivity({ attempt: 2, taskQueue: 'another' });
  await namespace.putActivity({ attempt: 2 });
  await namespace.command('CompleteActivityTask');
  await namespace.until(() => committedOffset(0) === 4);
  expect(namespace.deadLetters.map(({ headers }) => headers['mr-source-offset']?.toString())).toEqual(['0', '1', '2']);
  expect(namespace.deadLetters.every(({ headers }) => headers['mr-reason']?.length)).toBe(true);
});

test('an unknown activity type fails, retryably, by a message that names what is registered [activity.not-registered]', async () => {
  await runWorker({ greet: async () => 'hello', part: async () => 'bye' });
  await namespace.putActivity({ activityType: 'sing' });
  const { failure } = await namespace.command('FailActivityTask');
  expect(failure.applicationInfo).toMatchObject({ failureType: 'NotFoundError', nonRetryable: false });
  expect(failure.message).toBe(
    'Activity function sing is not registered on this Worker, available activities: ["greet","part"] ' +
      "(task queue 'orders')",
  );
});

test('an activity named default serves the types that have none [activity.dynamic-activity]', async () => {
  await runWorker({ default: async () => Context.current().info.activityType });
  await namespace.putActivity({ activityType: 'sing' });
  expect(decoded((await namespace.command('CompleteActivityTask')).result)).toBe('sing');
});

test('an error becomes a failure of its class, retryable unless it says otherwise [activity.error-to-failure]', async () => {
  await runWorker({
    greet: async () => {
      throw new RangeError('out of greetings');
    },
    part: async () => {
      throw ApplicationFailure.nonRetryable('never again', 'Rude', { count: 3 });
    },
  });
  await namespace.putActivity();
  const first = await namespace.command('FailActivityTask');
  expect(first.failure).toMatchObject({ message: 'out of greetings' });
  expect(first.failure.applicationInfo).toMatchObject({ failureType: 'RangeError', nonRetryable: false });
  await namespace.putActivity({ activityType: 'part' });
  const second = await namespace.command('FailActivityTask', ({ scheduledEventId }) => scheduledEventId === 2);
  expect(second.failure.applicationInfo).toMatchObject({ failureType: 'Rude', nonRetryable: true });
  expect(decoded(second.failure.applicationInfo?.details[0])).toEqual({ count: 3 });
});

test('a failure that names its own delay is told with it [activity.next-retry-delay]', async () => {
  await runWorker({
    greet: async () => {
      throw ApplicationFailure.create({ message: 'busy', nextRetryDelay: '7 seconds' });
    },
  });
  await namespace.putActivity();
  const { failure } = await namespace.command('FailActivityTask');
  expect(failure.applicationInfo).toMatchObject({ nextRetryDelayMs: 7_000, nonRetryable: false });
});

test('a result over the limit fails the attempt for good, naming size and limit', async () => {
  await runWorker({ greet: async () => new Uint8Array(MAX_PAYLOAD_BYTES + 1) });
  await namespace.putActivity();
  const { failure } = await namespace.command('FailActivityTask');
  expect(failure.message).toContain(`result of activity 'greet' takes ${MAX_PAYLOAD_BYTES + 1} bytes`);
  expect(failure.message).toContain(String(MAX_PAYLOAD_BYTES));
  expect(failure.applicationInfo).toMatchObject({ failureType: 'PayloadTooLargeError', nonRetryable: true });
});

test('a failure too large for a record is reported in few words', async () => {
  await runWorker({
    greet: async () => {
      // Each of the very limit, the quotes of JSON included.
      const most = 'x'.repeat(MAX_PAYLOAD_BYTES - 2);
      throw ApplicationFailure.retryable('too much to say', 'Verbose', most, most, most);
    },
  });
  await namespace.putActivity();
  const { failure } = await namespace.command('FailActivityTask');
  expect(failure.applicationInfo).toMatchObject({ failureType: 'PayloadTooLargeError', nonRetryable: true });
});

test('a result that has no encoding fails the attempt, and a fixed worker may do better', async () => {
  await runWorker({ greet: async () => 1n });
  await namespace.putActivity();
  const { failure } = await namespace.command('FailActivityTask');
  expect(failure.message).toContain("result of activity 'greet' can't be encoded");
  expect(failure.applicationInfo?.nonRetryable).toBe(false);
});

test('an activity that is completed from outside is claimed, and its slot is free [activity.complete-async]', async () => {
  const worker = await runWorker({
    async greet() {
      throw new CompleteAsyncError();
    },
  });
  await namespace.putActivity();
  await namespace.command('ClaimActivityTask');
  await namespace.until(() => namespace.commits.some(({ partition, offset }) => partition === 1 && offset === 1));
  worker.shutdown();
  await namespace.until(() => worker.getState() !== 'RUNNING');
  expect(namespace.commands.map(({ type }) => type)).toEqual(['ClaimActivityTask']);
});

test('a cancel request reaches the activity through the address of its claim [activity.cancelled]', async () => {
  await runWorker({ greet: untilCancelled });
  const task = await namespace.putActivity();
  const claim = await namespace.command('ClaimActivityTask');
  await namespace.reply(claim.header.replyTo, { type: 'ActivityCancelRequested', ...task, reason: 'CANCEL_REQUESTED' });
  expect(await namespace.command('CancelActivityTask')).toMatchObject({ scheduledEventId: 1, attempt: 1, details: [] });
});

test('an attempt that history does not know is stopped, and nothing is told of it', async () => {
  const stopped = gate<unknown>();
  await runWorker({
    async greet() {
      await untilCancelled().catch(stopped.open);
      throw Context.current().cancellationSignal.reason;
    },
  });
  const task = await namespace.putActivity();
  const claim = await namespace.command('ClaimActivityTask');
  await namespace.reply(claim.header.replyTo, { type: 'ActivityCancelRequested', ...task, reason: 'NOT_FOUND' });
  expect(await stopped.promise).toMatchObject({ name: 'CancelledFailure', message: 'NOT_FOUND' });
  await namespace.putActivity({ activityType: 'unknown' });
  await namespace.command('FailActivityTask');
  expect(namespace.commands.map(({ type }) => type)).toEqual(['ClaimActivityTask', 'FailActivityTask']);
});

test('an attempt past its time-out is claimed for history to end, and is told so', async () => {
  const details = gate<unknown>();
  await runWorker({
    async greet() {
      await sleep('1 minute').catch(() => undefined);
      details.open(Context.current().cancellationDetails);
      throw Context.current().cancellationSignal.reason;
    },
  });
  await namespace.putActivity({ startToCloseTimeoutMs: 20 });
  await namespace.command('ClaimActivityTask');
  expect(await details.promise).toMatchObject({ timedOut: true, cancelRequested: false });
  await namespace.until(() => committedOffset(1) === 1);
  expect(namespace.commands).toHaveLength(1);
});

test('details of throttled heartbeats reach history before the failure that they precede [activity.heartbeat-last-details]', async () => {
  await runWorker({
    async greet() {
      for (let step = 1; step <= 100; step += 1) heartbeat({ step });
      throw new Error('stopped half way');
    },
  });
  await namespace.putActivity({ heartbeatTimeoutMs: 60_000 });
  await namespace.command('FailActivityTask');
  expect(namespace.commands.map(({ type }) => type)).toEqual([
    'ClaimActivityTask',
    'RecordActivityHeartbeat',
    'RecordActivityHeartbeat',
    'FailActivityTask',
  ]);
  const steps = namespace.commands.flatMap((command) =>
    command.type === 'RecordActivityHeartbeat' ? command.details.map(decoded) : [],
  );
  expect(steps).toEqual([{ step: 1 }, { step: 100 }]);
});

test('an activity finds its ids, time-outs and the details of the last attempt in its context [activity.context activity.info activity.info-heartbeat-details]', async () => {
  const seen = gate<Info>();
  await runWorker({ greet: async () => seen.open(Context.current().info) });
  await namespace.putActivity({ attempt: 3, heartbeatTimeoutMs: 500, heartbeatDetails: [payload({ step: 9 })] });
  expect(await seen.promise).toMatchObject({
    activityId: '1',
    activityType: 'greet',
    attempt: 3,
    heartbeatDetails: { step: 9 },
    heartbeatTimeoutMs: 500,
    isLocal: false,
    namespace: 'default',
    scheduleToCloseTimeoutMs: 0,
    startToCloseTimeoutMs: 60_000,
    taskQueue: 'orders',
    workflowExecution: { workflowId: 'order-1', runId: 'run-1' },
    workflowType: 'order',
  });
});

test('an attempt may take as long as all of them at most [activity.info]', async () => {
  const seen = gate<Info>();
  await runWorker({ greet: async () => seen.open(Context.current().info) });
  await namespace.putActivity({ startToCloseTimeoutMs: 60_000, scheduleToCloseTimeoutMs: 5_000 });
  expect(await seen.promise).toMatchObject({ startToCloseTimeoutMs: 5_000, scheduleToCloseTimeoutMs: 5_000 });
});

test('outside an activity there is no context', () => {
  expect(() => Context.current()).toThrow('Activity context not initialized');
});
