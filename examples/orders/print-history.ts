import type { Client, History } from 'millrace/client';

type HistoryEvent = Exclude<History['events'][number], { readonly type: 'PartitionOwnerClaimed' }>;

/** Prints a workflow's history, an event a line: its number, the time since the start, its type, what it is about. */
export async function printHistory(client: Client, workflowId: string): Promise<void> {
  const history = await client.workflow.getHandle(workflowId).fetchHistory();
  const events = history.events.filter((event) => event.type !== 'PartitionOwnerClaimed');
  const startedAt = events[0]?.header.eventTime ?? 0;
  const activities = new Map<number, string>();

  console.log(`\nThe history of ${workflowId}:`);
  for (const event of events) {
    const { eventId, eventTime } = event.header;
    if (event.type === 'ActivityTaskScheduled') activities.set(eventId, event.activityType);
    const since = `+${eventTime - startedAt} ms`;
    const line = `${String(eventId).padStart(4)} ${since.padStart(10)}  ${event.type.padEnd(26)} ${about(event, activities)}`;
    console.log(line.trimEnd());
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
      return `${activities.get(event.scheduledEventId)}: ${event.failure.message}`;
    default:
      return '';
  }
}

function after(failure: string | undefined): string {
  return failure === undefined ? '' : ` after "${failure}"`;
}
