import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { metricMeter } from '../../sdk/activity/index.js';
import { ApplicationFailure, IllegalStateError, ValueError } from '../../sdk/common/index.js';
import {
  DefaultLogger,
  type LogEntry,
  MetricsBuffer,
  makeTelemetryFilterString,
  Runtime,
  type RuntimeOptions,
  Worker,
} from '../../sdk/worker/index.js';
import { openMemoryPlatform } from './memory-platform.js';
import { keepWorkers } from './running-workers.js';
import { openTaskNamespace, type TaskNamespace } from './task-namespace.js';

const workflowsPath = fileURLToPath(new URL('./fixtures/workflows.ts', import.meta.url));

let namespace: TaskNamespace;
const workers = keepWorkers();

beforeEach(async () => {
  namespace = await openTaskNamespace();
});

afterEach(async () => {
  await workers.stop();
  await Runtime.instance().shutdown();
  await namespace.close();
});

async function scrape(): Promise<string> {
  const response = await fetch((await Runtime.instance().metricsUrl) ?? '');
  return response.text();
}

const served = (options = {}): RuntimeOptions => ({
  telemetryOptions: { metrics: { prometheus: { bindAddress: '127.0.0.1:0', ...options } } },
});

describe('the Runtime [worker.runtime]', () => {
  test('is installed once, and not while workers use another', async () => {
    const runtime = Runtime.install({});
    expect(Runtime.instance()).toBe(runtime);
    expect(() => Runtime.install({})).toThrow(IllegalStateError);
    await runtime.shutdown();
    const made = Runtime.instance();
    expect(made).not.toBe(runtime);
    expect(() => Runtime.install({})).toThrow('Did you start a Worker before calling `install`?');
  });

  test('ends with the last worker, and its options serve the next one', async () => {
    const logger = new DefaultLogger('ERROR');
    const runtime = Runtime.install({ logger });
    await workers.run(namespace, { activities: { greet: async () => 'hello' } });
    expect(Runtime.instance()).toBe(runtime);
    await workers.stop();
    expect(Runtime.instance()).not.toBe(runtime);
    expect(Runtime.instance().logger).toBe(logger);
  });

  test('shuts workers down at the signals it is told', async () => {
    Runtime.install({ shutdownSignals: ['SIGUSR2'] });
    const interrupts = process.listenerCount('SIGINT');
    const worker = await workers.run(namespace, { activities: { greet: async () => 'hello' } });
    expect(process.listenerCount('SIGINT')).toBe(interrupts);
    process.emit('SIGUSR2');
    expect(worker.getState()).not.toBe('RUNNING');
  });

  test('refuses an exporter that is not built, by name', () => {
    const metrics = { otel: { url: 'http://127.0.0.1:4317' } };
    expect(() => Runtime.install({ telemetryOptions: { metrics } })).toThrow(ValueError);
    expect(() => Runtime.install({ telemetryOptions: { metrics } })).toThrow('metrics.otel is not supported');
  });

  test('without a place to serve metrics at, no worker is made', async () => {
    Runtime.install(served({ bindAddress: '256.0.0.1:80' }));
    const options = {
      taskQueue: 'orders',
      connection: namespace.connect(),
      activities: { greet: async () => 'hello' },
    };
    await expect(Worker.create(options)).rejects.toThrow('256.0.0.1');
    expect(() => Runtime.install(served({ bindAddress: 'nowhere' }))).toThrow('give a host and a port');
  });
});

describe('its logger [worker.runtime-logger]', () => {
  test('takes what the worker says, with the worker it is about', async () => {
    const entries: LogEntry[] = [];
    Runtime.install({ logger: new DefaultLogger('INFO', (entry) => void entries.push(entry)) });
    await workers.run(namespace, { activities: { greet: async () => 'hello' }, identity: 'me' });
    await workers.stop();
    const states = entries.filter(({ message }) => message === 'worker state').map(({ meta }) => meta?.state);
    expect(states).toEqual(['RUNNING', 'STOPPING', 'DRAINING', 'DRAINED', 'STOPPED']);
    expect(entries[0]?.meta).toMatchObject({ taskQueue: 'orders', identity: 'me', namespace: 'default' });
  });

  test('takes what workflows say, with the run they are', async () => {
    const entries: LogEntry[] = [];
    Runtime.install({ logger: new DefaultLogger('INFO', (entry) => void entries.push(entry)) });
    const platform = await openMemoryPlatform();
    const connection = platform.connect();
    const worker = await Worker.create({ connection, taskQueue: 'chat', workflowsPath });
    const { client } = worker;
    await worker.runUntil(client.workflow.execute('chatty', { workflowId: 'chatty-1', taskQueue: 'chat' }));
    await platform.close();
    const said = entries.filter(({ message }) => message === 'said by the workflow');
    expect(said).toMatchObject([{ level: 'INFO', meta: { words: 4, runId: expect.any(String), taskQueue: 'chat' } }]);
  });

  test('hears of a benign failure as of something to debug, and counts none [activity.benign]', async () => {
    const entries: LogEntry[] = [];
    const buffer = new MetricsBuffer();
    const logger = new DefaultLogger('DEBUG', (entry) => void entries.push(entry));
    Runtime.install({ logger, telemetryOptions: { metrics: { buffer } } });
    const fail = async () => {
      throw ApplicationFailure.create({ message: 'as expected', category: 'BENIGN' });
    };
    await workers.run(namespace, { activities: { greet: fail } });
    await namespace.putActivity();
    await namespace.command('FailActivityTask');
    const levels = entries.filter(({ message }) => message === 'Activity failed').map(({ level }) => level);
    expect(levels).toEqual(['DEBUG']);
    const names = [...buffer.retrieveUpdates()].map(({ metric }) => metric.name);
    expect(names).toContain('temporal_activity_execution_latency');
    expect(names).not.toContain('temporal_activity_execution_failed');
  });

  test('of the default kind leaves out what is below its level', () => {
    const entries: LogEntry[] = [];
    const logger = new DefaultLogger('WARN', (entry) => void entries.push(entry));
    logger.info('quiet');
    logger.warn('loud', { at: 1 });
    logger.log('ERROR', 'louder');
    expect(entries).toMatchObject([
      { level: 'WARN', message: 'loud', meta: { at: 1 } },
      { level: 'ERROR', message: 'louder' },
    ]);
    expect(entries[1]).not.toHaveProperty('meta');
  });

  test('and a filter for a native part is made as Temporal makes it', () => {
    expect(makeTelemetryFilterString({ core: 'DEBUG' })).toBe(
      'ERROR,temporalio_sdk_core=DEBUG,temporalio_client=DEBUG,temporalio_common=DEBUG',
    );
  });
});

describe('its metrics [worker.runtime-metrics]', () => {
  test('are served as text, the worker’s with prefix and service, the program’s as they are', async () => {
    Runtime.install(served());
    const greet = async () => metricMeter.createCounter('greetings', 'words', 'How often').add(3);
    await workers.run(namespace, { activities: { greet } });
    await namespace.putActivity();
    await namespace.command('CompleteActivityTask');
    const text = await scrape();
    const worker = 'namespace="default",service_name="millrace",task_queue="orders",worker_type="ActivityWorker"';
    expect(text).toMatch(new RegExp(`temporal_worker_task_slots_used\\{${worker}\\} [01]\n`));
    expect(text).toMatch(new RegExp(`temporal_worker_task_slots_available\\{${worker}\\} (99|100)\n`));
    const own = 'activityType="greet",namespace="default",taskQueue="orders"';
    expect(text).toContain(`# HELP greetings How often\n# TYPE greetings counter\ngreetings{${own}} 3\n`);
    const tags = 'activity_type="greet",namespace="default",service_name="millrace",task_queue="orders"';
    expect(text).toContain(`temporal_activity_task_received{${tags},workflow_type="order"} 1\n`);
    expect(text).toMatch(/temporal_activity_execution_latency_bucket\{[^}]*le="\+Inf"\} 1\n/);
  });

  test('are named and counted as the options say', async () => {
    Runtime.install({
      telemetryOptions: {
        metrics: {
          prometheus: {
            bindAddress: '127.0.0.1:0',
            countersTotalSuffix: true,
            unitSuffix: true,
            useSecondsForDurations: true,
            histogramBucketOverrides: { wait: [1, 2] },
          },
          globalTags: { region: 'north' },
        },
      },
    });
    const { metricMeter: meter } = Runtime.instance();
    meter.createCounter('calls').add(1, { who: 'a "b"\n' });
    meter.createHistogram('wait', 'int', 'ms').record(1_500);
    meter.createGauge('level').set(7);
    meter.createGauge('level').set(5);
    meter.createUpDownCounter('open-doors').add(2);
    meter.createUpDownCounter('open-doors').add(-1);
    expect(await scrape()).toBe(
      [
        '# TYPE calls_total counter',
        'calls_total{region="north",who="a \\"b\\"\\n"} 1',
        '# TYPE wait_seconds histogram',
        'wait_seconds_bucket{region="north",le="1"} 0',
        'wait_seconds_bucket{region="north",le="2"} 1',
        'wait_seconds_bucket{region="north",le="+Inf"} 1',
        'wait_seconds_sum{region="north"} 1.5',
        'wait_seconds_count{region="north"} 1',
        '# TYPE level gauge',
        'level{region="north"} 5',
        '# TYPE open_doors gauge',
        'open_doors{region="north"} 1',
        '',
      ].join('\n'),
    );
    expect(() => meter.createCounter('calls').add(-1)).toThrow(RangeError);
  });

  test('wait in a buffer until they are fetched, and no longer than it is', () => {
    const buffer = new MetricsBuffer({ maxBufferSize: 2 });
    const entries: LogEntry[] = [];
    const logger = new DefaultLogger('ERROR', (entry) => void entries.push(entry));
    const counter = Runtime.install({ logger, telemetryOptions: { metrics: { buffer } } }).metricMeter.createCounter(
      'calls',
    );
    for (const call of [1, 2, 3, 4]) counter.add(call);
    expect([...buffer.retrieveUpdates()].map(({ value }) => value)).toEqual([1, 2]);
    expect(entries).toHaveLength(1);
    counter.add(5);
    expect([...buffer.retrieveUpdates()].map(({ value }) => value)).toEqual([5]);
  });
});
