import type { HistoryEvent } from '../../../schemas/generated/messages.js';
import { MAX_RUNS_WITH_ACTIVITY_IDS } from '../../../services/platform/limits.js';
import { scheduledBy } from './payload-scope.js';

type FetchEvents = (workflowId: string, runId: string, firstEventId: number) => Promise<readonly HistoryEvent[]>;

/**
 * The ids of runs' activities by the events that scheduled them: the events of an activity's end, which may come many
 * tasks later, don't carry it, and a codec is told it.
 */
export class ActivityIds {
  readonly #fetchEvents: FetchEvents;
  /** Least recently used first. */
  readonly #runs = new Map<string, Map<number, string>>();

  constructor(fetchEvents: FetchEvents) {
    this.#fetchEvents = fetchEvents;
  }

  of(runId: string, scheduledEventId: number): string | undefined {
    return this.#runs.get(runId)?.get(scheduledEventId);
  }

  /** Takes up the ids that the events tell, and reads those that earlier events told to somebody else. */
  async learn(workflowId: string, runId: string, events: readonly HistoryEvent[]): Promise<void> {
    const known = this.#take(runId);
    remember(known, events);
    const unknown = events
      .map((event) => scheduledBy(event.type, event as unknown as Readonly<Record<string, unknown>>))
      .filter((id) => id !== undefined && !known.has(id));
    if (unknown.length === 0) return;
    remember(known, await this.#fetchEvents(workflowId, runId, Math.min(...(unknown as number[]))));
  }

  #take(runId: string): Map<number, string> {
    const known = this.#runs.get(runId) ?? new Map<number, string>();
    this.#runs.delete(runId);
    this.#runs.set(runId, known);
    const [oldest] = this.#runs.keys();
    if (this.#runs.size > MAX_RUNS_WITH_ACTIVITY_IDS && oldest !== undefined) this.#runs.delete(oldest);
    return known;
  }
}

function remember(known: Map<number, string>, events: readonly HistoryEvent[]): void {
  for (const event of events) {
    if (event.type === 'ActivityTaskScheduled') known.set(event.header.eventId, event.activityId);
  }
}
