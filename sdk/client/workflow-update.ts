// Updates, as a client asks for them.
import type { Failure, Payload, UpdateRequest } from '../../schemas/generated/messages.js';
import { messageOf } from '../../schemas/message.js';
import { decodeFailure, decodeOptionalPayload } from '../common/converter/payload-codec.js';
import { type Duration, msOptionalToNumber } from '../common/duration.js';
import type { Headers } from '../common/headers.js';
import { type ClientContext, checkId, encodeInput, newHeader, type Target } from './client-context.js';
import { ServiceError, WorkflowUpdateFailedError, WorkflowUpdateRPCTimeoutOrCancelledError } from './errors.js';
import type { WorkflowStartUpdateInput, WorkflowStartUpdateOutput } from './interceptors.js';
import { errorOf, unexpectedAnswer } from './refusal.js';
import type { Answer } from './requests.js';
import { ACKNOWLEDGE_TIMEOUT_MS } from './workflow-change.js';

/** How far an update may be waited for. */
export const WorkflowUpdateStage = { ACCEPTED: 'ACCEPTED', COMPLETED: 'COMPLETED' } as const;
export type WorkflowUpdateStage = (typeof WorkflowUpdateStage)[keyof typeof WorkflowUpdateStage];

/** How an update is asked for. */
export interface WorkflowUpdateOptions {
  /** Names the update within its run: asked for twice, it happens once. Default: a random one. */
  readonly updateId?: string | undefined;
  /** Time after which the wait is given up; the update may still happen. Default: none. */
  readonly timeout?: Duration | undefined;
}

/** An update that was asked for. */
export interface WorkflowUpdateHandle<Ret> {
  readonly updateId: string;
  readonly workflowId: string;
  /** Undefined where the run was not named and no service was asked yet. */
  readonly workflowRunId?: string | undefined;
  /**
   * Waits for the update's end. Errors: WorkflowUpdateFailedError with what the handler threw or the update was refused
   * for, WorkflowNotFoundError, WorkflowUpdateRPCTimeoutOrCancelledError.
   */
  result(): Promise<Ret>;
}

/** What an update came to; neither for a handler that returned nothing. */
export interface UpdateOutcome {
  readonly result: Payload | null;
  readonly failure: Failure | null;
}

/** Asks for an update, and waits until it has come as far as is wanted. */
export async function startUpdate(
  context: ClientContext,
  { updateName, args, workflowExecution, firstExecutionRunId = '', headers, options }: WorkflowStartUpdateInput,
  waitForStage: WorkflowUpdateStage,
): Promise<WorkflowStartUpdateOutput> {
  const update = await updateRequest(context, updateName, args, options, headers);
  const header = newHeader(context, workflowExecution);
  const body = { header, update, waitForStage, firstExecutionRunId: firstExecutionRunId || null };
  const connection = await context.connect();
  const answer = await inTime(() =>
    connection.request(messageOf('UpdateWorkflow', body), {
      acknowledgeTimeoutMs: ACKNOWLEDGE_TIMEOUT_MS,
      timeoutMs: msOptionalToNumber(options.timeout),
    }),
  );
  return answeredUpdate(answer, 'UpdateWorkflow');
}

/** The update itself, with its arguments encoded. */
export async function updateRequest(
  context: ClientContext,
  updateName: string,
  args: readonly unknown[],
  { updateId = context.newId() }: WorkflowUpdateOptions,
  headers: Headers,
): Promise<UpdateRequest> {
  checkId('update name', updateName);
  checkId('updateId', updateId);
  return { updateId, updateName, input: await encodeInput(context, `update '${updateName}'`, args), headers };
}

/** How far an update has come by an answer. Throws the error that a refusal stands for. */
export function answeredUpdate(answer: Answer, question: string, workflowType?: string): WorkflowStartUpdateOutput {
  if (answer.type === 'CommandRejected') throw errorOf(answer, workflowType);
  if (answer.type !== 'UpdateAnswered') throw unexpectedAnswer(question, answer.type);
  const { updateId, runId: workflowRunId, stage, result, failure } = answer;
  return { updateId, workflowRunId, outcome: stage === 'COMPLETED' ? { result, failure } : undefined };
}

export function createUpdateHandle<Ret>(
  context: ClientContext,
  { workflowId, runId }: Target,
  updateId: string,
  known?: UpdateOutcome,
): WorkflowUpdateHandle<Ret> {
  return {
    updateId,
    workflowId,
    workflowRunId: runId,
    async result() {
      return (await valueOfOutcome(
        context,
        known ?? (await awaitOutcome(context, { workflowId, runId }, updateId)),
      )) as Ret;
    },
  };
}

async function awaitOutcome(context: ClientContext, target: Target, updateId: string): Promise<UpdateOutcome> {
  const connection = await context.connect();
  const command = messageOf('AwaitUpdate', { header: newHeader(context, target), updateId, waitForStage: 'COMPLETED' });
  const { outcome } = answeredUpdate(await inTime(() => connection.request(command, {})), command.type);
  if (outcome === undefined) throw unexpectedAnswer(command.type, 'an update that is not over');
  return outcome;
}

async function valueOfOutcome({ dataConverter }: ClientContext, { result, failure }: UpdateOutcome): Promise<unknown> {
  const { payloadConverter, failureConverter, payloadCodecs } = dataConverter;
  if (failure !== null) {
    const cause = failureConverter.failureToError(await decodeFailure(payloadCodecs, failure), payloadConverter);
    throw new WorkflowUpdateFailedError('Workflow Update failed', cause);
  }
  const payload = await decodeOptionalPayload(payloadCodecs, result);
  return payload === null ? undefined : payloadConverter.fromPayload(payload);
}

/** A wait that was given up says nothing of the update, which may still happen. */
export async function inTime<T>(wait: () => Promise<T>): Promise<T> {
  try {
    return await wait();
  } catch (error) {
    const isLate = error instanceof ServiceError && (error.code === 'NO_ANSWER' || error.code === 'NOT_ACKNOWLEDGED');
    if (!isLate) throw error;
    throw new WorkflowUpdateRPCTimeoutOrCancelledError(error.message, { cause: error });
  }
}
