import { expect, test } from 'vitest';
import { compileWorkerOptions, type WorkerOptions } from '../../sdk/worker/worker-options.js';

const activities = { greet: async () => 'hello' };

const compile = (options: Record<string, unknown>) =>
  compileWorkerOptions({ taskQueue: 'orders', activities, ...options } as WorkerOptions);

test('the defaults are those of Temporal [worker.option-defaults]', () => {
  expect(compile({})).toMatchObject({
    namespace: 'default',
    slots: {
      activity: { type: 'fixed-size', numSlots: 100 },
      workflow: { type: 'fixed-size', numSlots: 40 },
      'local-activity': { type: 'fixed-size', numSlots: 100 },
    },
    maxActivitiesPerSecond: undefined,
    takesActivityTasks: true,
    shutdownGraceTimeMs: 0,
    shutdownForceTimeMs: undefined,
    throttle: { defaultThrottleMs: 30_000, maxThrottleMs: 60_000 },
    codeTimeoutMs: 5_000,
    workflows: undefined,
  });
});

test('an option that is not supported is refused by name [worker.option-refused]', () => {
  expect(() => compile({ maxTaskQueueActivitiesPerSecond: 5 })).toThrow(
    'WorkerOptions.maxTaskQueueActivitiesPerSecond is not supported: no service limits a queue as a whole yet',
  );
  expect(() => compile({ useVersioning: true })).toThrow('WorkerOptions.useVersioning is not supported');
  expect(() => compile({ nexusServices: [{}] })).toThrow('WorkerOptions.nexusServices is not supported');
  expect(() => compile({ patchActivationCallback: () => true })).toThrow('runs in a thread of its own');
  expect(() => compile({ maxConcurrentActivities: 5 })).toThrow('WorkerOptions.maxConcurrentActivities');
});

test('an option that asks for nothing is taken, and so is one that has nothing to act on', () => {
  const nothing = { sinks: {}, plugins: [], useVersioning: false, tuner: undefined, enableNonLocalActivities: true };
  const noEffect = { maxConcurrentActivityTaskPolls: 5, reuseV8Context: true, debugMode: true };
  expect(() => compile({ ...nothing, ...noEffect, showStackTraceSources: true })).not.toThrow();
});

test('a worker needs workflows or activities', () => {
  expect(() => compile({ activities: {} })).toThrow('a worker needs workflows or activities');
  expect(() => compile({ activities: undefined })).toThrow('a worker needs workflows or activities');
  expect(compile({ activities: undefined, workflowsPath: './workflows.ts' })).toMatchObject({
    workflows: { workflowsPath: './workflows.ts' },
    activities: undefined,
  });
});

test('a worker may keep its activities to its own workflows', () => {
  const workflowsPath = './workflows.ts';
  expect(compile({ workflowsPath, enableNonLocalActivities: false })).toMatchObject({ takesActivityTasks: false });
  expect(() => compile({ enableNonLocalActivities: false })).toThrow(
    'without workflows takes activity tasks or nothing',
  );
});

test('a tuner takes the place of numbers, and makes sense [worker.tuner worker.max-concurrent]', () => {
  const tunerOptions = { targetMemoryUsage: 0.8, targetCpuUsage: 0.9 };
  expect(compile({ tuner: { tunerOptions } }).slots.activity).toMatchObject({ type: 'resource-based', tunerOptions });
  expect(compile({ maxConcurrentLocalActivityExecutions: 3 }).slots['local-activity']).toMatchObject({ numSlots: 3 });
  expect(() => compile({ tuner: { tunerOptions }, maxConcurrentActivityTaskExecutions: 5 })).toThrow('not both');
  expect(() => compile({ tuner: { tunerOptions: { ...tunerOptions, targetCpuUsage: 2 } } })).toThrow('target usages');
  const two = { type: 'fixed-size', numSlots: 2 };
  const holder = { workflowTaskSlotSupplier: two, activityTaskSlotSupplier: two, localActivityTaskSlotSupplier: two };
  expect(compile({ tuner: holder }).slots.workflow).toBe(two);
  expect(() => compile({ tuner: { ...holder, workflowTaskSlotSupplier: { type: 'odd' } } })).toThrow(
    "of type 'fixed-size'",
  );
  const [one, other] = [{ ...tunerOptions }, { ...tunerOptions }].map((each) => ({
    type: 'resource-based',
    tunerOptions: each,
  }));
  const contrary = { ...holder, workflowTaskSlotSupplier: one, activityTaskSlotSupplier: other };
  expect(() => compile({ tuner: contrary })).toThrow('different tunerOptions');
});

test('workflows are given once', () => {
  expect(() => compile({ workflowsPath: './workflows.ts', workflowBundle: { code: '' } })).toThrow('not both');
});

test('limits are positive integers, durations readable, queue names short enough for a topic', () => {
  expect(() => compile({ maxConcurrentActivityTaskExecutions: 0 })).toThrow('must be a positive integer');
  expect(() => compile({ maxActivitiesPerSecond: 0 })).toThrow('must be a positive number');
  expect(() => compile({ shutdownGraceTime: 'soon' })).toThrow('Invalid duration');
  expect(() => compile({ taskQueue: 'q'.repeat(181) })).toThrow('takes 181 characters');
});

test('functions are found among the own properties of the activities, others are passed over', () => {
  const { activities: registry } = compile({ activities: { ...activities, version: 3 } });
  expect(registry?.find('greet')).toBe(activities.greet);
  expect(() => registry?.find('version')).toThrow('available activities: ["greet"]');
});

test.each([
  ['activity', (name: string) => ({ activities: { [name]: async () => undefined } })],
  ['task queue', (name: string) => ({ taskQueue: name })],
  ['sink', (name: string) => ({ sinks: { [name]: { fn: { fn: () => undefined } } } })],
])('names that are the SDK’s own can’t be those of an %s [workflow.reserved-names]', (what, options) => {
  expect(() => compile(options('__temporal_mine'))).toThrow(
    new TypeError(`Cannot use ${what} name: '__temporal_mine', with reserved prefix: '__temporal_'`),
  );
  for (const name of ['__stack_trace', '__enhanced_stack_trace']) {
    expect(() => compile(options(name))).toThrow(`Cannot use ${what} name: '${name}', which is a reserved name`);
  }
});
