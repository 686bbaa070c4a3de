import { describe, expect, test } from 'vitest';
import { loadDataConverter } from '../../sdk/client/load-data-converter.js';
import { registerActivities } from '../../sdk/worker/activity-registry.js';
import type { LocalActivityCall } from '../../sdk/worker/local-activity-runner.js';
import { LocalActivityRunner, type LocalActivityRunnerOptions } from '../../sdk/worker/local-activity-runner.js';
import type { Slot, Slots } from '../../sdk/worker/slots/slots.js';
import { defaultRetryPolicy } from '../../services/history/core/retry.js';
import { systemClock } from '../../services/platform/clock.js';
import { silentLogger } from '../../services/platform/logger.js';

const called: string[] = [];

function runner(slots: Partial<Slots>, onFailed: (error: Error) => void = () => undefined): LocalActivityRunner {
  return new LocalActivityRunner({
    activities: registerActivities({ note: async () => void called.push('note') }, 'queue'),
    namespace: 'default',
    taskQueue: 'queue',
    dataConverter: loadDataConverter(undefined),
    interceptors: [],
    slots: slots as Slots,
    logger: silentLogger as unknown as LocalActivityRunnerOptions['logger'],
    metrics: () => undefined,
    client: () => expect.unreachable(),
    clock: systemClock,
    onFailed,
  });
}

function call(options: Partial<LocalActivityCall> = {}): LocalActivityCall {
  return {
    seq: 1,
    attempt: 1,
    activityId: '1',
    activityType: 'note',
    input: [],
    headers: {},
    scheduledAt: systemClock.now(),
    scheduleToCloseTimeoutMs: null,
    scheduleToStartTimeoutMs: null,
    startToCloseTimeoutMs: 60_000,
    retryPolicy: null,
    localRetryThresholdMs: 60_000,
    workflowId: 'w',
    runId: 'r',
    workflowType: 'tests',
    ...options,
  };
}

describe('a local activity that waits for a place [workflow.local-activity-options]', () => {
  test('ends when it is cancelled, and gives back the place that comes too late', async () => {
    let give: (slot: Slot) => void = () => undefined;
    const place = new Promise<Slot>((resolve) => {
      give = resolve;
    });
    const { outcome, cancel } = runner({ take: () => place }).run(call());
    cancel();
    expect(await outcome).toMatchObject({ retryState: 'CANCEL_REQUESTED', failure: { canceledInfo: {} } });
    await new Promise<void>((freed) => give({ free: freed }));
    expect(called).toEqual([]);
  });

  test.each([
    ['scheduleToStartTimeoutMs', 'SCHEDULE_TO_START'],
    ['scheduleToCloseTimeoutMs', 'SCHEDULE_TO_CLOSE'],
  ])('ends when %s is over', async (option, timeoutType) => {
    const waiting = runner({ take: () => new Promise(() => undefined) });
    const retryPolicy = { ...defaultRetryPolicy, maximumAttempts: 1 };
    const { failure } = await waiting.run(call({ [option]: 10, retryPolicy })).outcome;
    expect(failure).toMatchObject({ timeoutInfo: { timeoutType } });
  });
});

describe('an error of a slot supplier ends the worker, and not the process [worker.tuner]', () => {
  test.each<[string, Partial<Slots>]>([
    [
      'taking',
      {
        take: async () => {
          throw new RangeError('taking');
        },
      },
    ],
    [
      'using',
      {
        take: async () => ({
          use() {
            throw new RangeError('using');
          },
          free() {},
        }),
      },
    ],
    [
      'freeing',
      {
        take: async () => ({
          free() {
            throw new RangeError('freeing');
          },
        }),
      },
    ],
  ])('when it throws at %s a place', async (what, slots) => {
    const error = await new Promise<Error>((failed) => {
      runner(slots, failed).run(call());
    });
    expect(error.message).toBe(what);
  });
});
