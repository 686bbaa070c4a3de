import type { Command, HistoryEvent, Reply, WorkflowClosed } from '../../schemas/generated/messages.js';
import { defaultPayloadConverter } from '../../sdk/common/index.js';

type AnswerTo<K extends Reply['type']> = Extract<Reply, { readonly type: K }>;

export function acceptedBy(command: Command, runId = command.header.runId ?? 'current'): AnswerTo<'CommandAccepted'> {
  const { requestId, workflowId } = command.header;
  return { type: 'CommandAccepted', requestId, workflowId, runId };
}

export function rejectedBy(
  command: Command,
  code: AnswerTo<'CommandRejected'>['code'],
  workflowStatus: string | null = null,
): AnswerTo<'CommandRejected'> {
  const { requestId, workflowId, runId } = command.header;
  return { type: 'CommandRejected', requestId, workflowId, runId, code, message: `refused: ${code}`, workflowStatus };
}

export function closedBy(command: Command, outcome: Partial<WorkflowClosed>): AnswerTo<'WorkflowClosed'> {
  const { requestId, workflowId, runId } = command.header;
  const closed = { type: 'WorkflowClosed', requestId, workflowId, runId: runId ?? 'current' } as const;
  return {
    ...closed,
    status: 'COMPLETED',
    result: null,
    failure: null,
    details: [],
    retryState: null,
    newExecutionRunId: null,
    ...outcome,
  };
}

export function completedBy(command: Command, result: unknown): AnswerTo<'WorkflowClosed'> {
  return closedBy(command, { result: defaultPayloadConverter.toPayload(result) });
}

export function signaled(workflowId: string, runId: string, eventId: number): HistoryEvent {
  const header = { workflowId, runId, eventId, sequence: eventId + 1, eventTime: 1_000, skippable: false };
  const signal = { signalName: `signal-${eventId}`, input: [defaultPayloadConverter.toPayload(eventId)], headers: {} };
  return {
    type: 'WorkflowExecutionSignaled',
    header,
    ...signal,
    identity: 'i',
    requestId: `r${eventId}`,
    replyTo: null,
    initiator: null,
  };
}

/** A record of progress, which histories leave out. */
export function progressed(workflowId: string, runId: string): HistoryEvent {
  const header = { workflowId, runId, eventId: 0, sequence: 9, eventTime: 1_000, skippable: false };
  return { type: 'ActivityTaskAttemptScheduled', header, scheduledEventId: 5, attempt: 2 };
}
