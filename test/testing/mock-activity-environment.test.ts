import {
  activityInfo,
  CancelledFailure,
  Context,
  cancellationDetails,
  cancellationSignal,
  getClient,
  heartbeat,
  log,
  metricMeter,
  sleep,
} from 'millrace/activity';
import { Client } from 'millrace/client';
import { defaultActivityInfo, MockActivityEnvironment } from 'millrace/testing';
import type { ActivityInterceptorsFactory } from 'millrace/worker';
import { describe, expect, test } from 'vitest';
import { createMeter } from '../../sdk/common/metrics.js';

describe('a mocked activity environment', () => {
  test('calls a function with its arguments [testing.mock-activity-environment]', async () => {
    const env = new MockActivityEnvironment();
    const result: number = await env.run(async (a: number, b: number) => a + b, 3, 4);
    expect(result).toBe(7);
  });

  test('rejects as the function does, with the very error', async () => {
    const env = new MockActivityEnvironment();
    const error = new TypeError('no');
    await expect(
      env.run(async () => {
        throw error;
      }),
    ).rejects.toBe(error);
  });

  test('tells of heartbeats, and stops the activity when asked to', async () => {
    const env = new MockActivityEnvironment();
    const heard: unknown[] = [];
    env.on('heartbeat', (details: unknown) => {
      heard.push(details);
      if (details === 6) env.cancel('CANCELLED');
    });
    const running = env.run(async () => {
      heartbeat(5);
      heartbeat(6);
      await sleep('1 hour');
    });
    await expect(running).rejects.toThrow(CancelledFailure);
    await expect(running).rejects.toThrow('CANCELLED');
    expect(heard).toEqual([5, 6]);
  });

  test('says why an activity is to stop', async () => {
    const env = new MockActivityEnvironment();
    const said = await env.run(async () => {
      const before = cancellationDetails();
      const details = { ...defaultDetails, timedOut: true };
      env.cancel('TIMED_OUT', details);
      const error = await Context.current().cancelled.catch((reason: Error) => reason);
      return { before, after: cancellationDetails(), aborted: cancellationSignal().aborted, message: error.message };
    });
    expect(said).toMatchObject({
      before: undefined,
      after: { timedOut: true },
      aborted: true,
      message: 'TIMED_OUT',
    });
  });

  test('gives what the test says about the attempt, and defaults for the rest [testing.default-activity-info]', async () => {
    const env = new MockActivityEnvironment({ attempt: 3, heartbeatDetails: { done: 7 } });
    const info = await env.run(async () => activityInfo());
    expect(info).toEqual({ ...defaultActivityInfo, attempt: 3, heartbeatDetails: { done: 7 } });
    expect(env.context.info).toBe(info);
    expect(Buffer.from(info.base64TaskToken, 'base64')).toEqual(Buffer.from(info.taskToken));
  });

  test('calls behind the interceptors it is given', async () => {
    const interceptor: ActivityInterceptorsFactory = (context) => ({
      inbound: {
        async execute(input, next) {
          return `${context.info.activityId}: ${await next({ ...input, args: ['intercepted'] })}`;
        },
      },
    });
    const env = new MockActivityEnvironment({ activityId: '7' }, { interceptors: [interceptor] });
    expect(await env.run(async (text: string) => text, 'plain')).toBe('7: intercepted');
  });

  test('logs and measures where the test wants it, and hands out its client', async () => {
    const lines: unknown[] = [];
    const write = (message: string, meta?: Record<string, unknown>) => lines.push([message, meta]);
    const logger = {
      ...{ trace: write, debug: write, info: write, warn: write, error: write },
      log: (_level: string, message: string, meta?: Record<string, unknown>) => write(message, meta),
    };
    const measured: unknown[] = [];
    const client = new Client();
    const env = new MockActivityEnvironment(
      { activityId: '7' },
      { logger, client, metricMeter: recordingMeter(measured) },
    );
    await env.run(async () => {
      log.info('hello', { to: 'world' });
      metricMeter.createCounter('greetings').add(2);
      metricMeter.createGauge('level').set(5);
      expect(getClient()).toBe(client);
    });
    expect(lines).toEqual([['hello', expect.objectContaining({ to: 'world', activityId: '7' })]]);
    expect(measured).toEqual([
      ['greetings', 2, expect.objectContaining({ activityType: 'unknown' })],
      ['level', 5, expect.objectContaining({ activityType: 'unknown' })],
    ]);
  });

  test('has no client unless it is given one', async () => {
    await expect(new MockActivityEnvironment().run(async () => getClient())).rejects.toThrow('No Client');
  });
});

const defaultDetails = {
  cancelRequested: false,
  notFound: false,
  timedOut: false,
  workerShutdown: false,
  paused: false,
  reset: false,
};

/** A meter that writes down what is measured with it. */
function recordingMeter(measured: unknown[]) {
  return createMeter(({ name }, value, tags) => void measured.push([name, value, tags]));
}
