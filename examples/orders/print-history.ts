import type { Client, History } from 'millrace/client';

type HistoryEvent = History['events'][number];

/** Prints a workflow's history, an event a line: its number, the time since the start, its type, what it is about. */
export async function printHistory(client: Client, workflowId: string): Promise<void> {
  const { events } = await client.workflow.getHandle(workflowId).fetchHistory();
  const activities = new Map<number, string>();
  const startedAt = timeOf(events[0]);

  console.log(`\nThe history of ${workflowId}:`);
  for (const event of events) {
    if (event.type === 'PartitionOwnerClaimed') continue;
    const { eventId, eventTime } = event.header;
    if (event.type === 'ActivityTaskScheduled') activities.set(eventId, event.activityType);
    const since = `+${eventTime - startedAt} ms`;
    console.log(
      `${String(eventId).padStart(4)} ${since.padStart(10)}  ${event.type.padEnd(26)} ${about(event, activities)}`,
    );
  }
}

function about(event: HistoryEvent, activities: ReadonlyMap<number, string>): string {
  switch (event.type) {
    case 'WorkflowExecutionStarted':
      return event.workflowType;
    case 'WorkflowExecutionSignaled':
      return event.signalName;
    case 'ActivityTaskScheduled':
      return event.activityType;
    case 'ActivityTaskStarted':
      return `${activities.get(event.scheduledEventId)}, attempt ${event.attempt}${after(event.lastFailure?.message)}`;
    case 'ActivityTaskCompleted':
      return `${activities.get(event.scheduledEventId)}`;
    case 'ActivityTaskFailed':
      return `${activities.get(event.scheduledEventId)}: ${event.failure.cause?.message ?? event.failure.message}`;
    default:
      return '';
  }
}

function timeOf(event: HistoryEvent | undefined): number {
  return event === undefined || event.type === 'PartitionOwnerClaimed' ? 0 : event.header.eventTime;
}

function after(failure: string | undefined): string {
  return failure === undefined ? '' : ` after "${failure}"`;
}
