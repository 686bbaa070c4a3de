// The records that answer workflow tasks and queries.
import { defaultsOf } from '../../../schemas/generated/defaults.js';
import type {
  CommandHeader,
  Failure,
  FailWorkflowTask,
  QueryTask,
  WorkflowCommand,
  WorkflowTask,
} from '../../../schemas/generated/messages.js';
import type { Codec } from '../../../services/platform/codec/codec.js';
import { emptyFailure } from '../../common/failure/empty-failure.js';
import type { QueryAnswer, RunCommand } from '../../workflow/activation.js';
import type { QueryOutcome, WorkflowTaskOutcome } from '../workflow-executor.js';
import { ownBytes } from './messages.js';
import type { AnsweredTask } from './run-progress.js';

export interface Answering {
  readonly codec: Codec;
  readonly identity: string;
  readonly now: () => number;
}

/** `hasMore` asks for another task, since local activities are still under way. */
export function completeTask(
  answering: Answering,
  task: WorkflowTask,
  answered: AnsweredTask,
  hasMore: boolean,
): WorkflowTaskOutcome {
  const { seenEventId, startedAt } = answered;
  const { scheduledEventId, attempt } = task;
  const command = answering.codec.encode({
    type: 'CompleteWorkflowTask',
    header: headerOf(answering, task),
    scheduledEventId,
    attempt,
    seenEventId,
    startedAt,
    commands: answered.commands.map(recordOf),
    forceCreateNewWorkflowTask: hasMore,
  });
  return outcomeOf(task, command, null);
}

export function failTask(
  answering: Answering,
  task: WorkflowTask,
  cause: FailWorkflowTask['cause'],
  failure: Failure,
): WorkflowTaskOutcome {
  const { scheduledEventId, attempt, seenEventId } = task;
  const command = answering.codec.encode({
    type: 'FailWorkflowTask',
    header: headerOf(answering, task),
    scheduledEventId,
    attempt,
    seenEventId,
    cause,
    failure,
  });
  return outcomeOf(task, command, { cause, message: failure.message });
}

export function answerQuery({ codec }: Pick<Answering, 'codec'>, task: QueryTask, answer: QueryAnswer): QueryOutcome {
  const { workflowId, runId, replyTo } = task;
  const reply = codec.encode({
    type: 'QueryAnswered',
    requestId: task.queryId,
    workflowId,
    runId,
    result: answer.kind === 'answered' ? answer.result : null,
    failure: answer.kind === 'answered' ? null : answer.failure,
    unknownQuery: answer.kind === 'unknown',
  });
  return { kind: 'query', workflowId, runId, replyTo, reply: ownBytes(reply) };
}

/** A failure that this code, and not the workflow's, has found. */
export function failureOf(type: string, message: string): Failure {
  const applicationInfo = { failureType: type, nonRetryable: false, ...defaultsOf.ApplicationFailureInfo };
  return { ...emptyFailure(message), applicationInfo };
}

function recordOf({ kind, attributes }: RunCommand): WorkflowCommand {
  return { ...defaultsOf.WorkflowCommand, [kind]: attributes };
}

/** The request id is the attempt's, so that an attempt answered twice is answered once. */
function headerOf({ identity, now }: Answering, task: WorkflowTask): CommandHeader {
  const { workflowId, runId, scheduledEventId, attempt } = task;
  const requestId = `${runId}/${scheduledEventId}/${attempt}`;
  return { requestId, workflowId, runId, identity, sentAt: now(), replyTo: null };
}

function outcomeOf(
  task: WorkflowTask,
  command: Uint8Array,
  failure: WorkflowTaskOutcome['failure'],
): WorkflowTaskOutcome {
  const { workflowId, runId, scheduledEventId, attempt } = task;
  return { kind: 'workflow-task', workflowId, runId, scheduledEventId, attempt, command: ownBytes(command), failure };
}
