import type { Payload, WorkflowDescribed } from '../../schemas/generated/messages.js';
import { decodeOptionalPayload, decodePayloadMap } from '../common/converter/payload-codec.js';
import { mapFromPayloads } from '../common/converter/payloads.js';
import { decodePriority, type Priority } from '../common/priority.js';
import {
  decodeSearchAttributes,
  decodeTypedSearchAttributes,
  type SearchAttributes,
} from '../common/search-attributes.js';
import type { TypedSearchAttributes } from '../common/typed-search-attributes.js';
import type { WorkflowExecution } from '../common/workflow-definition.js';
import { type ClientContext, newHeader, type Target } from './client-context.js';
import { errorOf, unexpectedAnswer } from './refusal.js';

export type WorkflowExecutionStatusName = WorkflowDescribed['status'];

/** What is known of a run. */
export interface WorkflowExecutionDescription {
  readonly type: string;
  readonly workflowId: string;
  readonly runId: string;
  readonly taskQueue: string;
  /** The code is Temporal's number. */
  readonly status: { readonly code: number; readonly name: WorkflowExecutionStatusName };
  readonly historyLength: number;
  /** Bytes of its records on `history`. */
  readonly historySize: number;
  readonly startTime: Date;
  readonly executionTime: Date;
  readonly closeTime: Date | undefined;
  readonly memo: Readonly<Record<string, unknown>> | undefined;
  /** @deprecated Use typedSearchAttributes. */
  readonly searchAttributes: SearchAttributes;
  readonly typedSearchAttributes: TypedSearchAttributes;
  readonly parentExecution: WorkflowExecution | undefined;
  /** The workflow at the top of the tree: itself where it has no parent. */
  readonly rootExecution: WorkflowExecution;
  readonly priority: Priority;
  /** What its starter wrote about it, for people. */
  readonly staticSummary: () => Promise<string | undefined>;
  readonly staticDetails: () => Promise<string | undefined>;
  /** The record itself, with the activities and the workflow task that are pending. */
  readonly raw: WorkflowDescribed;
}

const statusCodes: Readonly<Record<WorkflowExecutionStatusName, number>> = {
  RUNNING: 1,
  COMPLETED: 2,
  FAILED: 3,
  CANCELLED: 4,
  TERMINATED: 5,
  CONTINUED_AS_NEW: 6,
  TIMED_OUT: 7,
  PAUSED: 8,
};

/** Errors: WorkflowNotFoundError, ServiceError. */
export async function describeWorkflow(context: ClientContext, target: Target): Promise<WorkflowExecutionDescription> {
  const header = newHeader(context, target);
  const connection = await context.connect();
  const { requestTimeoutMs } = context;
  const answer = await connection.request({ type: 'DescribeWorkflow', header }, { timeoutMs: requestTimeoutMs });
  if (answer.type === 'CommandRejected') throw errorOf(answer);
  if (answer.type !== 'WorkflowDescribed') throw unexpectedAnswer('DescribeWorkflow', answer.type);
  const { payloadConverter, payloadCodecs } = context.dataConverter;
  const startTime = new Date(answer.startedAt);
  return {
    type: answer.workflowType,
    workflowId: answer.workflowId,
    runId: answer.runId,
    taskQueue: answer.taskQueue,
    status: { code: statusCodes[answer.status], name: answer.status },
    historyLength: answer.historyLength,
    historySize: answer.historySizeBytes,
    startTime,
    executionTime: answer.executionTime === null ? startTime : new Date(answer.executionTime),
    closeTime: answer.closedAt === null ? undefined : new Date(answer.closedAt),
    memo: mapFromPayloads(payloadConverter, await decodePayloadMap(payloadCodecs, answer.memo)),
    searchAttributes: decodeSearchAttributes(answer.searchAttributes),
    typedSearchAttributes: decodeTypedSearchAttributes(answer.searchAttributes),
    parentExecution: answer.parent === null ? undefined : executionOf(answer.parent),
    rootExecution: executionOf(answer.root ?? answer),
    priority: decodePriority(answer.priority),
    staticSummary: () => decodeText(context, answer.staticSummary),
    staticDetails: () => decodeText(context, answer.staticDetails),
    raw: answer,
  };
}

function executionOf({ workflowId, runId }: { readonly workflowId: string; readonly runId: string }) {
  return { workflowId, runId };
}

async function decodeText({ dataConverter }: ClientContext, payload: Payload | null): Promise<string | undefined> {
  const decoded = await decodeOptionalPayload(dataConverter.payloadCodecs, payload);
  return decoded === null ? undefined : dataConverter.payloadConverter.fromPayload<string>(decoded);
}
