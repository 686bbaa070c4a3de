// What the events about other workflows tell a run: its children, and what it has signalled or asked to cancel.
import type { Failure, HistoryEventTypes } from '../../../schemas/generated/messages.js';
import { emptyFailure } from '../../common/failure/empty-failure.js';
import { RetryState } from '../../common/failure/failure.js';
import type { Job } from '../../workflow/activation.js';
import type { JobOf } from './event-jobs.js';
import { NondeterminismError } from './nondeterminism.js';
import type { RunProgress } from './run-progress.js';

type Initiated =
  | 'StartChildWorkflowExecution'
  | 'SignalExternalWorkflowExecution'
  | 'RequestCancelExternalWorkflowExecution';
type ExternalEvent =
  | `${Initiated}${'Initiated' | 'Failed'}`
  | `ChildWorkflowExecution${'Started' | 'Completed' | 'Failed' | 'Canceled' | 'Terminated' | 'TimedOut'}`
  | `ExternalWorkflowExecution${'Signaled' | 'CancelRequested'}`
  | 'ExternalCommandRedispatched';

export const externalJobOf: Pick<JobOf, ExternalEvent> = {
  StartChildWorkflowExecutionInitiated: null,
  SignalExternalWorkflowExecutionInitiated: null,
  RequestCancelExternalWorkflowExecutionInitiated: null,
  ExternalCommandRedispatched: null,
  ChildWorkflowExecutionStarted: (event, progress) => ({
    type: 'startChildWorkflow',
    seq: seqOf(event, progress),
    runId: event.childRunId,
  }),
  StartChildWorkflowExecutionFailed: (event, progress) => {
    const { cause, message } = event;
    return { type: 'failChildWorkflowStart', seq: seqOf(event, progress), cause, message };
  },
  ChildWorkflowExecutionCompleted: (event, progress) => ({
    type: 'completeChildWorkflow',
    seq: seqOf(event, progress),
    result: event.result,
  }),
  ChildWorkflowExecutionFailed: (event, progress) =>
    failChild(event, progress, 'Child Workflow execution failed', event.failure, event.retryState),
  ChildWorkflowExecutionCanceled: (event, progress) => {
    const cause = { ...emptyFailure('Workflow execution cancelled'), canceledInfo: { details: event.details } };
    return failChild(event, progress, 'Child Workflow execution cancelled', cause);
  },
  ChildWorkflowExecutionTerminated: (event, progress) => {
    const cause = { ...emptyFailure('Terminated'), terminatedInfo: { identity: '' } };
    return failChild(event, progress, 'Child Workflow execution terminated', cause);
  },
  ChildWorkflowExecutionTimedOut: (event, progress) => {
    const timeoutInfo = { timeoutType: 'START_TO_CLOSE', lastHeartbeatDetails: [] } as const;
    const cause = { ...emptyFailure('Timed out'), timeoutInfo };
    return failChild(event, progress, 'Child Workflow execution timed out', cause, event.retryState);
  },
  ExternalWorkflowExecutionSignaled: (event, progress) => ({
    type: 'resolveSignal',
    seq: seqOf(event, progress),
    failedCause: null,
  }),
  SignalExternalWorkflowExecutionFailed: (event, progress) => ({
    type: 'resolveSignal',
    seq: seqOf(event, progress),
    failedCause: event.cause,
  }),
  ExternalWorkflowExecutionCancelRequested: (event, progress) => ({
    type: 'resolveCancellation',
    seq: seqOf(event, progress),
    failedCause: null,
  }),
  RequestCancelExternalWorkflowExecutionFailed: (event, progress) => ({
    type: 'resolveCancellation',
    seq: seqOf(event, progress),
    failedCause: event.cause,
  }),
};

type Answer = Pick<HistoryEventTypes['ChildWorkflowExecutionStarted'], 'header' | 'initiatedEventId'>;

function seqOf({ header, initiatedEventId }: Answer, { initiated }: RunProgress): number {
  const seq = initiated.get(initiatedEventId);
  if (seq !== undefined) return seq;
  throw new NondeterminismError(
    `event ${header.eventId} answers event ${initiatedEventId}, by which the code asked no other workflow for anything`,
  );
}

/** The namespace is the run's own, which the sandbox knows. */
function failChild(
  event: HistoryEventTypes['ChildWorkflowExecutionTerminated'],
  progress: RunProgress,
  message: string,
  cause: Failure,
  retryState: string = RetryState.NON_RETRYABLE_FAILURE,
): Job {
  const known = Object.values(RetryState).find((state) => state === retryState) ?? RetryState.INTERNAL_SERVER_ERROR;
  const childWorkflowInfo = {
    namespace: '',
    workflowId: event.childWorkflowId,
    runId: event.childRunId,
    workflowType: event.childWorkflowType,
    initiatedEventId: event.initiatedEventId,
    startedEventId: event.startedEventId,
    retryState: known,
  };
  const failure = { ...emptyFailure(message), cause, childWorkflowInfo };
  return { type: 'failChildWorkflow', seq: seqOf(event, progress), failure };
}
