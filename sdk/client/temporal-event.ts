// Events of a history under the names that they have in Temporal's protocol, for programs and tests that read one. It is
// a view: made when it is asked for, left out of what is written as JSON, and nothing else of Millrace looks at it.
import type { HistoryEvent } from '../../schemas/generated/messages.js';
import { isObject, isUint8Array } from '../common/cross-realm.js';
import {
  EventType,
  ParentClosePolicy,
  RetryState,
  TimeoutType,
  WorkflowTaskFailedCause,
} from '../proto/temporal-enums.js';
import { type LongNumber, longOf, type SecondsAndNanos, secondsAndNanos } from './temporal-numbers.js';

type AttributesName = `${Uncapitalize<HistoryEvent['type']>}EventAttributes`;

/**
 * What Temporal's histories say of an event: `eventType` is one of `temporal.api.enums.v1.EventType`, and of the
 * attributes those of its type are there. Durations and times are seconds and nanoseconds, event ids are longs, payloads
 * are as the codecs left them.
 */
export type TemporalEventView = {
  readonly eventId: LongNumber;
  readonly eventType: number;
  readonly eventTime: SecondsAndNanos;
  // biome-ignore lint/suspicious/noExplicitAny: Temporal's programs read the fields that its protocol has
} & { readonly [K in AttributesName]?: Readonly<Record<string, any>> };

/** An event as fetched: its record, and Temporal's view of it. */
export type FetchedEvent = HistoryEvent & TemporalEventView;

type Fields = Record<string, unknown>;

/** Adds the view to an event, as properties that are not enumerable. */
export function withTemporalView(event: HistoryEvent): FetchedEvent {
  if (!('header' in event)) return event as FetchedEvent;
  const { eventId, eventTime } = event.header;
  const name = event.type.replace(/(?<=[a-z])(?=[A-Z])/g, '_').toUpperCase();
  return Object.defineProperties(event, {
    eventId: { get: () => longOf(eventId) },
    eventType: { get: () => numberOf(EventType, `EVENT_TYPE_${name}`) },
    eventTime: { get: () => secondsAndNanos(eventTime) },
    [`${event.type.charAt(0).toLowerCase()}${event.type.slice(1)}EventAttributes`]: { get: () => attributesOf(event) },
  }) as FetchedEvent;
}

function attributesOf(event: HistoryEvent): Fields {
  const { type: _type, header: _header, ...fields } = event as HistoryEvent & { header: unknown };
  const attributes = translated(fields);
  if (event.type === 'MarkerRecorded')
    attributes.details = mapped(event.details, (payload) => ({ payloads: [payload] }));
  if (event.type === 'WorkflowTaskFailed') attributes.cause = taskFailedCause(event.cause);
  if (event.type === 'WorkflowExecutionUpdateAccepted') attributes.acceptedRequest = updateRequest(event);
  if (event.type === 'WorkflowExecutionUpdateCompleted') {
    attributes.meta = { updateId: event.updateId };
    const { failure, result } = attributes;
    attributes.outcome = failure === null ? { success: result } : { failure };
  }
  return attributes;
}

/** There what goes wrong in workflow code is one of two causes, and the failure says more. */
function taskFailedCause(cause: string): number {
  const { WORKFLOW_TASK_FAILED_CAUSE_WORKFLOW_WORKER_UNHANDLED_FAILURE: unhandled } = WorkflowTaskFailedCause;
  return numberOf(WorkflowTaskFailedCause, `WORKFLOW_TASK_FAILED_CAUSE_${cause}`) || unhandled;
}

function updateRequest({ update, identity }: Extract<HistoryEvent, { type: 'WorkflowExecutionUpdateAccepted' }>) {
  const { updateId, updateName: name, input, headers } = update;
  return { meta: { updateId, identity }, input: { name, args: { payloads: input }, header: { fields: headers } } };
}

const renamed: Readonly<Record<string, string>> = {
  headers: 'header',
  failureType: 'type',
  applicationInfo: 'applicationFailureInfo',
  timeoutInfo: 'timeoutFailureInfo',
  canceledInfo: 'canceledFailureInfo',
  terminatedInfo: 'terminatedFailureInfo',
  serverInfo: 'serverFailureInfo',
  activityInfo: 'activityFailureInfo',
  childWorkflowInfo: 'childWorkflowExecutionFailureInfo',
  parent: 'parentWorkflowExecution',
  root: 'rootWorkflowExecution',
  continueAsNewInitiator: 'initiator',
  childWorkflowType: 'workflowType',
};

/** What the protocol wraps in a message where a record has the value alone. */
const wrapped: Readonly<Record<string, string>> = {
  workflowType: 'name',
  childWorkflowType: 'name',
  activityType: 'name',
  taskQueue: 'name',
  headers: 'fields',
  memo: 'fields',
  upsertedMemo: 'fields',
  searchAttributes: 'indexedFields',
};

function translated(record: Fields): Fields {
  const fields: Fields = {};
  for (const [name, value] of Object.entries(record)) {
    if (name === 'replyTo') continue;
    fields[renamed[name] ?? name.replace(/Ms$/, '')] = translatedValue(name, value);
  }
  for (const who of ['child', 'target']) {
    const { [`${who}WorkflowId`]: workflowId, [`${who}RunId`]: runId } = record;
    if (workflowId !== undefined) fields.workflowExecution = { workflowId, runId };
  }
  return fields;
}

function translatedValue(name: string, value: unknown): unknown {
  if (value === null || value === undefined) return null;
  const field = wrapped[name];
  if (field !== undefined) return { [field]: value };
  if (typeof value === 'number') {
    if (name.endsWith('Ms')) return secondsAndNanos(value);
    return name.endsWith('EventId') ? longOf(value) : value;
  }
  if (typeof value === 'string') return enumValue(name, value);
  if (isPayload(value)) return /^(result|lastCompletionResult)$/i.test(name) ? { payloads: [value] } : value;
  if (Array.isArray(value))
    return name === 'nonRetryableErrorTypes' || name === 'removed' ? value : { payloads: value };
  return isObject(value) && !isUint8Array(value) ? translated(value as Fields) : value;
}

/** Enums of which programs read the numbers; others stay as they are recorded. */
function enumValue(name: string, value: string): string | number {
  if (name === 'retryState') return numberOf(RetryState, `RETRY_STATE_${value}`);
  if (name === 'timeoutType') return numberOf(TimeoutType, `TIMEOUT_TYPE_${value}`);
  if (name === 'parentClosePolicy') return numberOf(ParentClosePolicy, `PARENT_CLOSE_POLICY_${value}`);
  return value;
}

function numberOf(numbers: Readonly<Record<string, number>>, name: string): number {
  return numbers[name] ?? 0;
}

function isPayload(value: unknown): boolean {
  return isObject(value) && isUint8Array(value.data) && isObject(value.metadata);
}

function mapped(record: Readonly<Fields>, change: (value: unknown) => unknown): Fields {
  return Object.fromEntries(Object.entries(record).map(([key, value]) => [key, change(value)]));
}
