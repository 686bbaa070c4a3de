import type { ScheduleActivityTask } from '../../schemas/generated/messages.js';
import { ActivityCancellationType, type ActivityOptions } from '../common/activity-options.js';
import { encodeArguments, fromPayloadsAtIndex } from '../common/converter/payloads.js';
import { timeoutMs } from '../common/duration.js';
import { ActivityFailure, CancelledFailure, RetryState } from '../common/failure/failure.js';
import { compilePriority } from '../common/priority.js';
import { compileRetryPolicy } from '../common/retry-policy.js';
import type { UntypedActivities } from '../common/workflow-definition.js';
import { CancellationScope } from './cancellation-scope.js';
import { activityConverters } from './converters.js';
import { currentRun } from './current-run.js';
import { type ActivityInput, outbound } from './interceptors.js';
import type { WorkflowRun } from './run.js';
import { summaryOf } from './summary.js';

/** The activities of an interface, as functions that schedule them. */
export type ActivityProxy<A, O = ActivityOptions> = {
  // biome-ignore lint/suspicious/noExplicitAny: an activity may take and return anything
  readonly [K in keyof A]: A[K] extends (...args: infer P) => any
    ? ((...args: P) => Promise<Awaited<ReturnType<A[K]>>>) & {
        /** Calls the activity with other options, where they are given, than the proxy's. */
        executeWithOptions(options: Partial<O>, args: P): Promise<Awaited<ReturnType<A[K]>>>;
      }
    : never;
};

/**
 * Functions that schedule activities and wait for their end. Any property is one: its name is the activity's type.
 * Throws a TypeError at once when the options name neither startToCloseTimeout nor scheduleToCloseTimeout.
 */
export function proxyActivities<A = UntypedActivities>(options: ActivityOptions): ActivityProxy<A> {
  if (options === undefined) throw new TypeError('options must be defined');
  checkTimeouts(options);
  return activityProxy<ActivityProxy<A>, ActivityOptions>(options, scheduleActivity);
}

type Schedule<O> = (activityType: string, args: unknown[], options: O) => Promise<unknown>;

/** Functions by activity type, whatever the type. */
export function activityProxy<P extends object, O extends object>(options: O, schedule: Schedule<O>): P {
  return new Proxy({} as P, {
    get(_, activityType) {
      if (typeof activityType !== 'string') {
        throw new TypeError(`Only strings are supported for Activity types, got: ${String(activityType)}`);
      }
      const call = (...args: unknown[]) => schedule(activityType, args, options);
      const executeWithOptions = (overrides: Partial<O>, args: unknown[]) =>
        schedule(activityType, args, merged(options, overrides));
      return Object.assign(call, { executeWithOptions });
    },
  });
}

/** Options of which some are replaced; of the retry policy, single fields. */
function merged<O extends object>(options: O, overrides: Partial<O>): O {
  const [before, after] = [options, overrides] as [{ retry?: object }, { retry?: object }];
  const retry = before.retry && after.retry ? { retry: { ...before.retry, ...after.retry } } : {};
  return { ...options, ...overrides, ...retry };
}

/** Schedules an activity by its type. Rejects with an ActivityFailure that has the activity's failure as its cause. */
export async function scheduleActivity<R>(activityType: string, args: unknown[], options: ActivityOptions): Promise<R> {
  if (options === undefined) throw new TypeError('Got empty activity options');
  checkTimeouts(options);
  const schedule = outbound('scheduleActivity', scheduleNow);
  const seq = currentRun().nextSeq('activity');
  return schedule({ activityType, args, options, headers: {}, seq }) as Promise<R>;
}

function scheduleNow({ activityType, args, options, headers, seq }: ActivityInput): Promise<unknown> {
  const run = currentRun();
  return new Promise((resolve, reject) => {
    const scope = CancellationScope.current();
    if (scope.consideredCancelled) {
      scope.onCancel(reject);
      return;
    }
    const activityId = options.activityId ?? String(seq);
    const { payloadConverter, failureConverter } = activityConverters(run, activityId);
    // Made first: what can't be encoded must not leave a pending activity behind.
    const activity: ScheduleActivityTask = {
      activityId,
      activityType,
      taskQueue: options.taskQueue ?? run.info.taskQueue,
      input: encodeArguments(payloadConverter, `activity '${activityType}'`, args),
      headers,
      ...timeoutsOf(options),
      retryPolicy: options.retry === undefined ? null : compileRetryPolicy(options.retry),
      priority: options.priority === undefined ? null : compilePriority(options.priority),
      summary: summaryOf(run, options.summary),
    };
    run.command('scheduleActivityTask', activity, seq);
    const forget = scope.cancellable
      ? scope.onCancel(() => cancelActivity(run, seq, activity, options.cancellationType))
      : () => {};
    run.activities.set(seq, {
      complete(result) {
        forget();
        resolve(fromPayloadsAtIndex(payloadConverter, 0, result === null ? [] : [result]));
      },
      fail(failure) {
        forget();
        reject(failure instanceof Error ? failure : failureConverter.failureToError(failure, payloadConverter));
      },
    });
  });
}

function cancelActivity(
  run: WorkflowRun,
  seq: number,
  { activityType, activityId }: ScheduleActivityTask,
  cancellationType: ActivityCancellationType = ActivityCancellationType.TRY_CANCEL,
): void {
  const pending = run.activities.get(seq);
  if (pending === undefined) return;
  const wasSent = !run.takeBack('scheduleActivityTask', seq);
  if (wasSent && cancellationType !== ActivityCancellationType.ABANDON) {
    run.command('requestCancelActivityTask', { activityId }, seq);
    if (cancellationType === ActivityCancellationType.WAIT_CANCELLATION_COMPLETED) return;
  }
  // What the activity comes to in the end has nobody waiting for it any more.
  run.activities.delete(seq);
  const cause = new CancelledFailure('Activity cancelled');
  const { CANCEL_REQUESTED } = RetryState;
  pending.fail(new ActivityFailure('Activity cancelled', activityType, activityId, CANCEL_REQUESTED, undefined, cause));
}

export function checkTimeouts({
  startToCloseTimeout,
  scheduleToCloseTimeout,
}: Pick<ActivityOptions, 'startToCloseTimeout' | 'scheduleToCloseTimeout'>): void {
  if (startToCloseTimeout === undefined && scheduleToCloseTimeout === undefined) {
    throw new TypeError('Required either scheduleToCloseTimeout or startToCloseTimeout');
  }
}

function timeoutsOf(options: ActivityOptions) {
  return {
    scheduleToCloseTimeoutMs: timeoutMs('scheduleToCloseTimeout', options.scheduleToCloseTimeout),
    scheduleToStartTimeoutMs: timeoutMs('scheduleToStartTimeout', options.scheduleToStartTimeout),
    startToCloseTimeoutMs: timeoutMs('startToCloseTimeout', options.startToCloseTimeout),
    heartbeatTimeoutMs: timeoutMs('heartbeatTimeout', options.heartbeatTimeout),
  };
}
