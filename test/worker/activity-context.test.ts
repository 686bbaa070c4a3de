import { afterEach, beforeEach, expect, test } from 'vitest';
import {
  type ActivityCancellationDetails,
  activityInfo,
  asyncLocalStorage,
  CancelledFailure,
  Context,
  cancellationDetails,
  cancellationSignal,
  cancelled,
  getClient,
  type Info,
  log,
  metricMeter,
  sleep,
} from '../../sdk/activity/index.js';
import { Client, type WorkflowCancelInput } from '../../sdk/client/index.js';
import { type ActivityInterceptorsFactory, DefaultLogger, type LogEntry, Runtime } from '../../sdk/worker/index.js';
import { MetricsBuffer } from '../../sdk/worker/telemetry/metrics-buffer.js';
import { gate, keepWorkers } from './running-workers.js';
import { decoded, openTaskNamespace, payload, type TaskNamespace } from './task-namespace.js';

let namespace: TaskNamespace;
const workers = keepWorkers();

beforeEach(async () => {
  namespace = await openTaskNamespace();
});

afterEach(async () => {
  await workers.stop();
  await namespace.close();
});

/** Runs the activity once and says what it returned. */
async function resultOf(greet: (...args: string[]) => unknown, options = {}, task = {}): Promise<unknown> {
  await workers.run(namespace, { activities: { greet }, ...options });
  await namespace.putActivity(task);
  return decoded((await namespace.command('CompleteActivityTask')).result);
}

test('the free functions are those of the current context [activity.context activity.async-local-storage]', async () => {
  const same = await resultOf(async () => {
    const context = Context.current();
    const stored = asyncLocalStorage.getStore();
    const details = cancellationDetails() === context.cancellationDetails;
    const signal = cancellationSignal() === context.cancellationSignal;
    return [stored === context, activityInfo() === context.info, cancelled() === context.cancelled, details, signal];
  });
  expect(same).toEqual([true, true, true, true, true]);
});

test('the token, older names and priority are in the info [activity.info]', async () => {
  const seen = gate<Info>();
  await resultOf(
    async () => seen.open(activityInfo()),
    {},
    { priority: { priorityKey: 2, fairnessKey: null, fairnessWeight: null } },
  );
  const info = await seen.promise;
  expect(info).toMatchObject({
    activityNamespace: 'default',
    workflowNamespace: 'default',
    priority: { priorityKey: 2 },
    retryPolicy: { initialInterval: 1_000, backoffCoefficient: 2 },
    inWorkflow: true,
  });
  expect(Buffer.from(info.base64TaskToken, 'base64')).toEqual(Buffer.from(info.taskToken));
  expect(info.currentAttemptScheduledTimestampMs).toBeGreaterThanOrEqual(info.scheduledTimestampMs);
});

test("the client interceptors of a worker stand before its client's calls [worker.client]", async () => {
  const cancelled: string[] = [];
  const cancel = async ({ workflowExecution }: WorkflowCancelInput) => cancelled.push(workflowExecution.workflowId);
  const interceptors = { client: { workflow: [{ cancel }] } };
  const worker = await workers.run(namespace, { activities: { greet: async () => undefined }, interceptors });
  await worker.client.workflow.getHandle('w').cancel();
  expect(cancelled).toEqual(['w']);
});

test("an activity's client talks to the worker's namespace over its connection [activity.client worker.client]", async () => {
  const seen = gate<Client>();
  const worker = await workers.run(namespace, { activities: { greet: async () => seen.open(getClient()) } });
  await namespace.putActivity();
  const client = await seen.promise;
  expect(client).toBeInstanceOf(Client);
  expect(client.connection).toBe(worker.options.connection);
  expect(client).toBe(worker.client);
});

test('sleep ends at once, and by a CancelledFailure, when the activity should stop [activity.sleep]', async () => {
  const ended = gate<unknown>();
  await workers.run(namespace, { activities: { greet: () => sleep('1 hour').catch(ended.open) } });
  const task = await namespace.putActivity();
  const claim = await namespace.command('ClaimActivityTask');
  await namespace.reply(claim.header.replyTo, { type: 'ActivityCancelRequested', ...task, reason: 'CANCEL_REQUESTED' });
  const error = await ended.promise;
  expect(error).toBeInstanceOf(CancelledFailure);
  expect((error as Error).message).toBe('CANCELLED');
});

test.each([
  ['CANCEL_REQUESTED', 'cancelRequested'],
  ['NOT_FOUND', 'notFound'],
  ['TIMED_OUT', 'timedOut'],
  ['PAUSED', 'paused'],
  ['RESET', 'reset'],
] as const)('cancellationDetails say why, after a push of %s [activity.cancellation-details]', async (reason, flag) => {
  const seen = gate<ActivityCancellationDetails | undefined>();
  await workers.run(namespace, {
    activities: {
      async greet() {
        await cancelled().catch(() => undefined);
        seen.open(cancellationDetails());
      },
    },
  });
  const task = await namespace.putActivity();
  const claim = await namespace.command('ClaimActivityTask');
  await namespace.reply(claim.header.replyTo, { type: 'ActivityCancelRequested', ...task, reason });
  const none = {
    cancelRequested: false,
    notFound: false,
    timedOut: false,
    workerShutdown: false,
    paused: false,
    reset: false,
  };
  expect(await seen.promise).toEqual({ ...none, [flag]: true });
});

test('an attempt that stops because its workflow is paused is failed, to be tried again [activity.cancellation-details]', async () => {
  await workers.run(namespace, { activities: { greet: cancelled } });
  const task = await namespace.putActivity();
  const claim = await namespace.command('ClaimActivityTask');
  await namespace.reply(claim.header.replyTo, { type: 'ActivityCancelRequested', ...task, reason: 'PAUSED' });
  const { failure } = await namespace.command('FailActivityTask');
  expect(failure.applicationInfo).toMatchObject({ failureType: 'ActivityPause', nonRetryable: false });
});

test("interceptors stand before the function, the first outermost, and get the workflow's headers [worker.activity-interceptors]", async () => {
  const note =
    (name: string): ActivityInterceptorsFactory =>
    () => ({
      inbound: {
        async execute(input, next) {
          const by = decoded(input.headers.by);
          return `${name}(${await next({ ...input, args: [`${input.args[0]} ${name}`] })} ${by})`;
        },
      },
    });
  const old = () => ({
    async execute(input: { args: unknown[] }, next: (input: never) => Promise<unknown>) {
      return `old(${await next(input as never)})`;
    },
  });
  const interceptors = { activityInbound: [old], activity: [note('first'), () => ({}), note('second')] };
  const task = { input: [payload('for')], headers: { by: payload('Ada') } };
  expect(await resultOf(async (name) => name, { interceptors }, task)).toBe(
    'old(first(second(for first second Ada) Ada))',
  );
});

test('an interceptor is given the context of its attempt, and what it throws fails the attempt [worker.activity-interceptors]', async () => {
  const refuse: ActivityInterceptorsFactory = ({ info }) => ({
    inbound: {
      execute: async () => {
        throw new RangeError(`no ${info.activityType}`);
      },
    },
  });
  await workers.run(namespace, { activities: { greet: async () => 'hello' }, interceptors: { activity: [refuse] } });
  await namespace.putActivity();
  expect((await namespace.command('FailActivityTask')).failure.message).toBe('no greet');
});

test("what an activity logs goes to the Runtime's logger with its attributes, and an interceptor's [activity.log worker.activity-interceptors]", async () => {
  const entries: LogEntry[] = [];
  Runtime.install({ logger: new DefaultLogger('DEBUG', (entry) => void entries.push(entry)) });
  const tenant: ActivityInterceptorsFactory = () => ({
    outbound: { getLogAttributes: (input, next) => next({ ...input, tenant: 'acme' }) },
  });
  await resultOf(async () => log.info('greeting', { words: 2 }), { interceptors: { activity: [tenant] } });
  const attributes = {
    activityId: '1',
    activityType: 'greet',
    attempt: 1,
    isLocal: false,
    namespace: 'default',
    taskQueue: 'orders',
    tenant: 'acme',
    workflowId: 'order-1',
    workflowRunId: 'run-1',
    workflowType: 'order',
  };
  const greeting = entries.find(({ message }) => message === 'greeting');
  expect(greeting).toMatchObject({ level: 'INFO', meta: { ...attributes, words: 2, sdkComponent: 'activity' } });
  const started = entries.find(({ message }) => message === 'Activity started');
  expect(started).toMatchObject({ level: 'DEBUG', meta: { ...attributes, sdkComponent: 'worker' } });
});

test('what an activity measures has its tags, those of an interceptor, and its own [activity.metric-meter worker.activity-interceptors]', async () => {
  const buffer = new MetricsBuffer();
  Runtime.install({ telemetryOptions: { metrics: { buffer } } });
  const tenant: ActivityInterceptorsFactory = () => ({
    outbound: { getMetricTags: (input, next) => next({ ...input, tenant: 'acme' }) },
  });
  const measure = async () => {
    metricMeter.createCounter('greetings', 'words').withTags({ language: 'en' }).add(2, { polite: true });
    Context.current().metricMeter.withTags({ language: 'de' }).createHistogram('length', 'float').record(1.5);
  };
  await resultOf(measure, { interceptors: { activity: [tenant] } });
  const updates = [...buffer.retrieveUpdates()];
  const tags = { activityType: 'greet', namespace: 'default', taskQueue: 'orders', tenant: 'acme' };
  expect(updates.find(({ metric }) => metric.name === 'greetings')).toMatchObject({
    metric: { kind: 'counter', unit: 'words', valueType: 'int' },
    value: 2,
    attributes: { ...tags, language: 'en', polite: true },
  });
  expect(updates.find(({ metric }) => metric.name === 'length')).toMatchObject({
    metric: { kind: 'histogram', valueType: 'float' },
    value: 1.5,
    attributes: { ...tags, language: 'de' },
  });
});
