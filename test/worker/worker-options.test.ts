import { expect, test } from 'vitest';
import { compileWorkerOptions, type WorkerOptions } from '../../sdk/worker/worker-options.js';

const activities = { greet: async () => 'hello' };

const compile = (options: Record<string, unknown>) =>
  compileWorkerOptions({ taskQueue: 'orders', activities, ...options } as WorkerOptions);

test('the defaults are those of Temporal [worker.option-defaults]', () => {
  expect(compile({})).toMatchObject({
    namespace: 'default',
    maxConcurrentActivityTasks: 100,
    maxConcurrentWorkflowTasks: 40,
    shutdownGraceTimeMs: 0,
    shutdownForceTimeMs: undefined,
    throttle: { defaultThrottleMs: 30_000, maxThrottleMs: 60_000 },
    codeTimeoutMs: 5_000,
    workflows: undefined,
  });
});

test('an option that is not supported is refused by name [worker.option-refused]', () => {
  expect(() => compile({ maxActivitiesPerSecond: 5 })).toThrow('WorkerOptions.maxActivitiesPerSecond is not supported');
  expect(() => compile({ sinks: { log: {} } })).toThrow('WorkerOptions.sinks is not supported');
  expect(() => compile({ enableNonLocalActivities: false })).toThrow('WorkerOptions.enableNonLocalActivities');
  expect(() => compile({ maxConcurrentActivities: 5 })).toThrow('WorkerOptions.maxConcurrentActivities');
});

test('an option that asks for nothing is taken, and so is one that has nothing to act on', () => {
  const nothing = { sinks: {}, plugins: [], useVersioning: false, tuner: undefined, enableNonLocalActivities: true };
  expect(() => compile({ ...nothing, maxConcurrentActivityTaskPolls: 5, reuseV8Context: true })).not.toThrow();
});

test('a worker needs workflows or activities', () => {
  expect(() => compile({ activities: {} })).toThrow('a worker needs workflows or activities');
  expect(() => compile({ activities: undefined })).toThrow('a worker needs workflows or activities');
  expect(compile({ activities: undefined, workflowsPath: './workflows.ts' })).toMatchObject({
    workflows: { workflowsPath: './workflows.ts' },
    activities: undefined,
  });
});

test('workflows are given once', () => {
  expect(() => compile({ workflowsPath: './workflows.ts', workflowBundle: { code: '' } })).toThrow('not both');
});

test('limits are positive integers, durations readable, queue names fit for a topic', () => {
  expect(() => compile({ maxConcurrentActivityTaskExecutions: 0 })).toThrow('must be a positive integer');
  expect(() => compile({ shutdownGraceTime: 'soon' })).toThrow('Invalid duration');
  expect(() => compile({ taskQueue: 'orders/eu' })).toThrow("task queue 'orders/eu'");
});

test('functions are found among the own properties of the activities, others are passed over', () => {
  const { activities: registry } = compile({ activities: { ...activities, version: 3 } });
  expect(registry?.find('greet')).toBe(activities.greet);
  expect(() => registry?.find('version')).toThrow('available activities: ["greet"]');
});
