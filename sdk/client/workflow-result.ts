import type { WorkflowClosed } from '../../schemas/generated/messages.js';
import { pause } from '../../services/platform/clock.js';
import { decodeFailure, decodeOptionalPayload, decodePayloads } from '../common/converter/payload-codec.js';
import { arrayFromPayloads } from '../common/converter/payloads.js';
import {
  CancelledFailure,
  RetryState,
  TerminatedFailure,
  TimeoutFailure,
  TimeoutType,
} from '../common/failure/failure.js';
import { type ClientContext, newHeader, type Target } from './client-context.js';
import { retryStateOf, WorkflowContinuedAsNewError, WorkflowFailedError } from './errors.js';
import type { NamespaceConnection } from './namespace-connection.js';
import { errorOf, unexpectedAnswer } from './refusal.js';
import type { Answer, RequestOptions } from './requests.js';

/** Asks for a run's end. The answer comes when the run closes, which may be after many owners of its partition. */
function awaitClosed(
  context: ClientContext,
  connection: NamespaceConnection,
  target: Target,
  options: RequestOptions,
): Promise<Answer> {
  return connection.request({ type: 'AwaitWorkflowResult', header: newHeader(context, target) }, options);
}

/**
 * An owner that has been replaced and can't know it yet denies runs that its successor has begun. Who was told of a run
 * asks again, for as long as it takes such an owner to find out, and then some.
 */
const MOST_DENIALS = 20;
const DENIED_PAUSE_MS = 1_000;

/** Whose end is waited for, and for how long. */
export interface EndOptions {
  /** Whether the runs that follow are waited for as well. */
  readonly followRuns: boolean;
  /** For all of them together, in milliseconds; undefined means without end. */
  readonly timeoutMs?: number | undefined;
  readonly signal?: AbortSignal | undefined;
}

/**
 * Waits for the end of a run, or of the last run that follows it. Without a run id the run meant is the one that is
 * current when this is first asked: it is settled once, so that a new owner of the partition is asked for the same run.
 */
export async function awaitEnd(
  context: ClientContext,
  connection: NamespaceConnection,
  target: Target,
  { followRuns, timeoutMs, signal }: EndOptions,
): Promise<Answer> {
  const deadline = timeoutMs === undefined ? undefined : context.clock.now() + timeoutMs;
  const inTime = () => ({
    signal,
    timeoutMs: deadline === undefined ? undefined : Math.max(1, deadline - context.clock.now()),
  });
  const { workflowId } = target;
  let runId = target.runId;
  let isKnown = false;
  if (runId === undefined) {
    const header = newHeader(context, target);
    const described = await connection.request({ type: 'DescribeWorkflow', header }, inTime());
    if (described.type !== 'WorkflowDescribed') return described;
    runId = described.runId;
    isKnown = true;
  }
  for (let denials = 0; ; ) {
    const answer = await awaitClosed(context, connection, { workflowId, runId }, inTime());
    if (isKnown && isNotFound(answer) && denials < MOST_DENIALS) {
      denials += 1;
      await pause(context.clock, DENIED_PAUSE_MS, signal);
      continue;
    }
    if (!followRuns || answer.type !== 'WorkflowClosed' || answer.newExecutionRunId === null) return answer;
    runId = answer.newExecutionRunId;
    isKnown = true;
  }
}

function isNotFound(answer: Answer): boolean {
  return answer.type === 'CommandRejected' && answer.code === 'WORKFLOW_NOT_FOUND';
}

/**
 * What a run resolved with.
 * Errors: WorkflowFailedError with the cause, WorkflowContinuedAsNewError, WorkflowNotFoundError.
 */
export async function resultOf(context: ClientContext, answer: Answer): Promise<unknown> {
  if (answer.type === 'CommandRejected') throw errorOf(answer);
  if (answer.type !== 'WorkflowClosed') throw unexpectedAnswer('AwaitWorkflowResult', answer.type);
  if (answer.status === 'COMPLETED') {
    const { payloadConverter, payloadCodecs } = context.dataConverter;
    const payload = await decodeOptionalPayload(payloadCodecs, answer.result);
    return payload === null ? undefined : payloadConverter.fromPayload(payload);
  }
  throw await errorOfClosed(context, answer, answer.status);
}

async function errorOfClosed(
  context: ClientContext,
  closed: WorkflowClosed,
  status: Exclude<WorkflowClosed['status'], 'COMPLETED'>,
): Promise<Error> {
  switch (status) {
    case 'FAILED': {
      const cause = await failureOf(context, closed);
      return new WorkflowFailedError('Workflow execution failed', cause, retryStateOf(closed.retryState));
    }
    case 'CANCELLED': {
      const { payloadConverter, payloadCodecs } = context.dataConverter;
      const details = arrayFromPayloads(payloadConverter, await decodePayloads(payloadCodecs, closed.details));
      const cause = new CancelledFailure('Workflow canceled', details);
      return new WorkflowFailedError('Workflow execution cancelled', cause, RetryState.NON_RETRYABLE_FAILURE);
    }
    case 'TERMINATED': {
      const reason = closed.failure?.message || 'Workflow execution terminated';
      return new WorkflowFailedError(reason, new TerminatedFailure(reason), RetryState.NON_RETRYABLE_FAILURE);
    }
    case 'TIMED_OUT': {
      const cause = new TimeoutFailure('Workflow execution timed out', undefined, TimeoutType.START_TO_CLOSE);
      return new WorkflowFailedError('Workflow execution timed out', cause, retryStateOf(closed.retryState));
    }
    case 'CONTINUED_AS_NEW':
      return new WorkflowContinuedAsNewError('Workflow execution continued as new', closed.newExecutionRunId ?? '');
  }
}

async function failureOf({ dataConverter }: ClientContext, closed: WorkflowClosed): Promise<Error | undefined> {
  if (closed.failure === null) return undefined;
  const failure = await decodeFailure(dataConverter.payloadCodecs, closed.failure);
  return dataConverter.failureConverter.failureToError(failure, dataConverter.payloadConverter);
}
