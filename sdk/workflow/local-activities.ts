// Local activities, seen from the code: asked for in an activation, told of in a later one of the same workflow task, and
// recorded by a marker, so that a replay need not run them again.
import type { Failure, Payload } from '../../schemas/generated/messages.js';
import { ActivityCancellationType, type LocalActivityOptions } from '../common/activity-options.js';
import { defaultPayloadConverter } from '../common/converter/payload-converter.js';
import { encodeArguments, fromPayloadsAtIndex } from '../common/converter/payloads.js';
import { msToNumber, timeoutMs } from '../common/duration.js';
import { emptyFailure } from '../common/failure/empty-failure.js';
import { ActivityFailure, CancelledFailure, RetryState } from '../common/failure/failure.js';
import { compileRetryPolicy } from '../common/retry-policy.js';
import type { UntypedActivities } from '../common/workflow-definition.js';
import type { LocalActivityRequest, LocalActivityResolution } from './activation.js';
import { type ActivityProxy, activityProxy, checkTimeouts } from './activities.js';
import { CancellationScope } from './cancellation-scope.js';
import { activityConverters } from './converters.js';
import { currentRun } from './current-run.js';
import { type LocalActivityInput, outbound } from './interceptors.js';
import type { WorkflowRun } from './run.js';
import { sleep } from './timers.js';

export const LOCAL_ACTIVITY_MARKER = 'core_local_activity';
/** The marker's fields: what happened, and the result where there is one. */
export const LOCAL_ACTIVITY_DATA = 'data';
export const LOCAL_ACTIVITY_RESULT = 'result';

/** What a marker says of a local activity, beside its result or failure. */
export type LocalActivityData = Omit<LocalActivityResolution, 'result' | 'failure'> &
  Pick<LocalActivityRequest, 'activityId' | 'activityType' | 'attempt'>;

type Settle = (resolution: LocalActivityResolution | Error) => void;

export interface PendingLocalActivity {
  readonly request: LocalActivityRequest;
  readonly settle: Settle;
}

let registered: readonly string[] = [];

/** Sets which activities the worker has. */
export function installActivityTypes(types: readonly string[]): void {
  registered = types;
}

function isRegistered(activityType: string): boolean {
  return registered.includes(activityType) || registered.includes('default');
}

/**
 * Functions that run activities in the worker itself and wait for their end. Any property is one: its name is the
 * activity's type, which must be registered on the worker that runs the workflow.
 * Throws a TypeError at once when the options name neither startToCloseTimeout nor scheduleToCloseTimeout.
 */
export function proxyLocalActivities<A = UntypedActivities>(
  options: LocalActivityOptions,
): ActivityProxy<A, LocalActivityOptions> {
  if (options === undefined) throw new TypeError('options must be defined');
  checkTimeouts(options);
  return activityProxy<ActivityProxy<A, LocalActivityOptions>, LocalActivityOptions>(options, scheduleLocalActivity);
}

/**
 * Runs a local activity by its type. Rejects with what the activity failed with, as an ApplicationFailure, and with an
 * ActivityFailure that has the cause where it was cancelled or timed out. A type that the worker doesn't have is a
 * ReferenceError, which fails the workflow task.
 */
export async function scheduleLocalActivity<R>(
  activityType: string,
  args: unknown[],
  options: LocalActivityOptions,
): Promise<R> {
  if (options === undefined) throw new TypeError('Got empty activity options');
  checkTimeouts(options);
  const schedule = outbound('scheduleLocalActivity', scheduleNow);
  const seq = currentRun().nextSeq('localActivity');
  return schedule({ activityType, args, options, headers: {}, seq, attempt: 1 }) as Promise<R>;
}

async function scheduleNow(input: LocalActivityInput): Promise<unknown> {
  const run = currentRun();
  const { options } = input;
  let { seq, attempt } = input;
  let scheduledAt = run.activation.now;
  for (;;) {
    const request = requestOf(run, { ...input, seq, attempt }, scheduledAt);
    const resolution = await resolutionOf(run, request, options.cancellationType);
    const { backoffMs } = resolution;
    if (backoffMs === null) return resultOf(run, request, resolution);
    await sleep(backoffMs);
    attempt = resolution.nextAttempt;
    scheduledAt = request.scheduledAt;
    seq = run.nextSeq('localActivity');
  }
}

function requestOf(
  run: WorkflowRun,
  { activityType, args, options, headers, seq, attempt }: LocalActivityInput,
  scheduledAt: number,
): LocalActivityRequest {
  if (!run.activation.isReplaying && !isRegistered(activityType)) {
    throw new ReferenceError(`Local activity of type '${activityType}' not registered on worker`);
  }
  const activityId = String(seq);
  const { payloadConverter } = activityConverters(run, activityId, true);
  return {
    seq,
    attempt,
    activityId,
    activityType,
    input: encodeArguments(payloadConverter, `local activity '${activityType}'`, args),
    headers,
    scheduledAt,
    scheduleToCloseTimeoutMs: timeoutMs('scheduleToCloseTimeout', options.scheduleToCloseTimeout),
    scheduleToStartTimeoutMs: timeoutMs('scheduleToStartTimeout', options.scheduleToStartTimeout),
    startToCloseTimeoutMs: timeoutMs('startToCloseTimeout', options.startToCloseTimeout),
    retryPolicy: options.retry === undefined ? null : compileRetryPolicy(options.retry),
    localRetryThresholdMs: msToNumber(options.localRetryThreshold ?? '1 minute'),
  };
}

function resolutionOf(
  run: WorkflowRun,
  request: LocalActivityRequest,
  cancellationType: ActivityCancellationType = ActivityCancellationType.TRY_CANCEL,
): Promise<LocalActivityResolution> {
  return new Promise((resolve, reject) => {
    const scope = CancellationScope.current();
    if (scope.consideredCancelled) {
      scope.onCancel(reject);
      return;
    }
    const forget = scope.cancellable ? scope.onCancel(() => cancel(run, request, cancellationType)) : () => {};
    run.askForLocalActivity({
      request,
      settle: (resolution) => {
        forget();
        if (resolution instanceof Error) reject(resolution);
        else resolve(resolution);
      },
    });
  });
}

function cancel(run: WorkflowRun, request: LocalActivityRequest, cancellationType: ActivityCancellationType): void {
  const { seq, activityType, activityId } = request;
  const pending = run.localActivities.get(seq);
  if (pending === undefined) return;
  const isAsked = !run.takeBackLocalActivity(seq);
  if (isAsked && cancellationType !== ActivityCancellationType.ABANDON) {
    run.cancelLocalActivity(seq);
    if (cancellationType === ActivityCancellationType.WAIT_CANCELLATION_COMPLETED) return;
  }
  // What it comes to in the end has nobody waiting for it any more.
  run.localActivities.delete(seq);
  const cause = new CancelledFailure('Activity cancelled');
  const { CANCEL_REQUESTED } = RetryState;
  pending.settle(
    new ActivityFailure('Local Activity cancelled', activityType, activityId, CANCEL_REQUESTED, undefined, cause),
  );
}

/** A local activity is over: history is told by a marker, and the code that waits for it. */
export function resolveLocalActivity(run: WorkflowRun, resolution: LocalActivityResolution): void {
  const pending = run.localActivities.get(resolution.seq);
  // Cancelled while its end was on the way: nobody waits for it, and nothing is recorded.
  if (pending === undefined) return;
  run.localActivities.delete(resolution.seq);
  const { activityId, activityType, attempt } = pending.request;
  const { result, failure, ...rest } = resolution;
  const data: LocalActivityData = { ...rest, activityId, activityType, attempt };
  const details: Record<string, Payload> = { [LOCAL_ACTIVITY_DATA]: defaultPayloadConverter.toPayload(data) };
  if (result !== null) details[LOCAL_ACTIVITY_RESULT] = result;
  const marker = { markerName: LOCAL_ACTIVITY_MARKER, details, failure, headers: {} };
  run.command('recordMarker', marker, run.nextSeq('marker'));
  pending.settle(resolution);
}

function resultOf(run: WorkflowRun, request: LocalActivityRequest, resolution: LocalActivityResolution): unknown {
  const { failure, result } = resolution;
  const { failureConverter, payloadConverter } = activityConverters(run, request.activityId, true);
  if (failure === null) return fromPayloadsAtIndex(payloadConverter, 0, result === null ? [] : [result]);
  throw failureConverter.failureToError(activityFailure(request, resolution, failure), payloadConverter);
}

/** Temporal has the cause alone where the activity itself failed: nothing of a record stands behind a local one. */
function activityFailure(
  { activityType, activityId }: LocalActivityRequest,
  { retryState }: LocalActivityResolution,
  cause: Failure,
): Failure {
  if (cause.canceledInfo === null && cause.timeoutInfo === null) return cause;
  const activityInfo = { scheduledEventId: 0, startedEventId: 0, identity: '', activityType, activityId, retryState };
  const message = cause.canceledInfo === null ? 'Local Activity timed out' : 'Local Activity cancelled';
  return { ...emptyFailure(message), cause, activityInfo };
}
