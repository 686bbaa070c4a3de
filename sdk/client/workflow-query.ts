import type { QueryAnswered, QueryWorkflow } from '../../schemas/generated/messages.js';
import { decodeFailure, decodeOptionalPayload } from '../common/converter/payload-codec.js';
import type { Headers } from '../common/headers.js';
import { type ClientContext, checkId, encodeInput, newHeader, type Target } from './client-context.js';
import { QueryNotRegisteredError } from './errors.js';
import { errorOf, unexpectedAnswer } from './refusal.js';

/** In which states of the workflow a query is refused. */
export const QueryRejectCondition = {
  NONE: 'NONE',
  NOT_OPEN: 'NOT_OPEN',
  NOT_COMPLETED_CLEANLY: 'NOT_COMPLETED_CLEANLY',
} as const satisfies Record<QueryWorkflow['rejectCondition'], QueryWorkflow['rejectCondition']>;
export type QueryRejectCondition = QueryWorkflow['rejectCondition'];

/**
 * Asks a worker that has the workflow.
 * Errors: QueryRejectedError, QueryNotRegisteredError, WorkflowNotFoundError, ServiceError.
 */
export async function queryWorkflow(
  context: ClientContext,
  target: Target,
  queryType: string,
  args: readonly unknown[],
  rejectCondition: QueryRejectCondition,
  headers: Headers,
): Promise<unknown> {
  checkId('query name', queryType);
  const header = newHeader(context, target);
  const input = await encodeInput(context, `query '${queryType}'`, args);
  const connection = await context.connect();
  const answer = await connection.request(
    { type: 'QueryWorkflow', header, queryType, input, headers, rejectCondition },
    { timeoutMs: context.requestTimeoutMs },
  );
  if (answer.type === 'CommandRejected') throw errorOf(answer);
  if (answer.type !== 'QueryAnswered') throw unexpectedAnswer('QueryWorkflow', answer.type);
  return answerOf(context, queryType, answer);
}

async function answerOf({ dataConverter }: ClientContext, queryType: string, answer: QueryAnswered): Promise<unknown> {
  const { payloadConverter, failureConverter, payloadCodecs } = dataConverter;
  if (answer.unknownQuery) {
    throw new QueryNotRegisteredError(
      answer.failure?.message ?? `the workflow has no handler for query '${queryType}'`,
    );
  }
  if (answer.failure !== null) {
    const cause = failureConverter.failureToError(await decodeFailure(payloadCodecs, answer.failure), payloadConverter);
    throw new QueryNotRegisteredError(cause.message, { cause });
  }
  const payload = await decodeOptionalPayload(payloadCodecs, answer.result);
  return payload === null ? undefined : payloadConverter.fromPayload(payload);
}
