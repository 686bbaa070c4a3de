import type { SerializationContext } from '../../common/converter/serialization-context.js';

/** Where a message is from: what it doesn't tell of its values itself. */
export interface PayloadScope {
  readonly namespace: string;
  readonly workflowId: string;
  /** The id of the activity that an event scheduled. */
  readonly activityIdOf: (scheduledEventId: number) => string | undefined;
}

type Fields = Readonly<Record<string, unknown>>;

/** Which field of a record names the workflow that its values go to or come from, where it isn't the run's own. */
const workflowFields: Readonly<Record<string, string>> = {
  StartChildWorkflowExecution: 'workflowId',
  StartChildWorkflowExecutionInitiated: 'workflowId',
  ChildWorkflowExecutionCanceled: 'childWorkflowId',
  ChildWorkflowExecutionCompleted: 'childWorkflowId',
  ChildWorkflowExecutionFailed: 'childWorkflowId',
  SignalExternalWorkflowExecution: 'workflowId',
  SignalExternalWorkflowExecutionInitiated: 'targetWorkflowId',
};

/** Whose the values of a record are: an activity's, another workflow's, or as those of the record around it. */
export function contextOf(
  fullName: string,
  record: Fields,
  outer: SerializationContext,
  scope: PayloadScope,
): SerializationContext {
  const name = fullName.slice(fullName.lastIndexOf('.') + 1);
  const { namespace, workflowId } = scope;
  const workflowField = workflowFields[name];
  if (workflowField !== undefined) return { type: 'workflow', namespace, workflowId: String(record[workflowField]) };
  if (typeof record.activityId === 'string') {
    return { type: 'activity', namespace, workflowId, activityId: record.activityId, isLocal: false };
  }
  const scheduledEventId = scheduledBy(name, record);
  if (scheduledEventId === undefined) return outer;
  const activityId = scope.activityIdOf(scheduledEventId);
  return { type: 'activity', namespace, workflowId, isLocal: false, ...(activityId !== undefined && { activityId }) };
}

/** The event that scheduled the activity which an event is about; undefined for all other records. */
export function scheduledBy(name: string, record: Fields): number | undefined {
  const isOfActivity = name.startsWith('ActivityTask') && typeof record.scheduledEventId === 'number';
  return isOfActivity ? (record.scheduledEventId as number) : undefined;
}
