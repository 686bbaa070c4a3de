import type { HistoryEventTypes, WorkflowExecutionStarted } from '../../../schemas/generated/messages.js';
import { type Draft, messageOf } from '../../../schemas/message.js';
import { MAX_HISTORY_EVENTS } from '../../platform/limits.js';
import type { Decision, Effect } from './input.js';
import type { RunState } from './state.js';

type RunEventTypes = Omit<HistoryEventTypes, 'PartitionOwnerClaimed'>;
type Body<K extends keyof RunEventTypes> = Omit<Draft<K>, 'header'>;
type RunEvent = { [K in keyof RunEventTypes]: { readonly type: K } & RunEventTypes[K] }[keyof RunEventTypes];

type SchedulableRun = Pick<RunState, 'taskQueue' | 'workflowTaskTimeoutMs' | 'workflowTask' | 'startsAt' | 'paused'>;

/** Numbers the events of one decision about one run. The state is left alone: `apply` folds the events into it. */
export class Emission {
  readonly events: RunEvent[] = [];
  readonly effects: Effect[] = [];
  readonly now: number;
  readonly #workflowId: string;
  readonly #runId: string;
  #nextEventId: number;
  #nextSequence: number;

  constructor(run: Pick<RunState, 'workflowId' | 'runId' | 'nextEventId' | 'nextSequence'>, now: number) {
    this.now = now;
    this.#workflowId = run.workflowId;
    this.#runId = run.runId;
    this.#nextEventId = run.nextEventId;
    this.#nextSequence = run.nextSequence;
  }

  get nextEventId(): number {
    return this.#nextEventId;
  }

  /** Adds an event of the run's history and returns its event id. */
  emit<K extends keyof RunEventTypes>(type: K, body: Body<K>): number {
    const eventId = this.#nextEventId++;
    this.#push(type, body, eventId);
    return eventId;
  }

  /** Adds a record of progress, which has no number in the run's history. */
  progress<K extends keyof RunEventTypes>(type: K, body: Body<K>): void {
    this.#push(type, body, 0);
  }

  /**
   * Schedules a workflow task, as the decision's last event of the run, unless one is pending or the run has to wait. A
   * run whose history is as long as it may get is terminated instead, as in Temporal.
   */
  scheduleWorkflowTask(run: SchedulableRun): void {
    if (run.workflowTask !== null || run.startsAt !== null || run.paused) return;
    if (this.isFull) this.endByLength();
    else this.#scheduleWorkflowTask(run);
  }

  /** Whether the history is as long as it may get. */
  get isFull(): boolean {
    return this.#nextEventId >= MAX_HISTORY_EVENTS;
  }

  /** Ends the run since its history can't get longer, as the decision's last event of the run. */
  endByLength(): void {
    this.emit('WorkflowExecutionTerminated', {
      reason: `the history has reached ${MAX_HISTORY_EVENTS} events, the most that a run may have`,
      details: [],
      identity: 'history',
      requestId: '',
      replyTo: null,
    });
  }

  /** Schedules a new run's first workflow task, unless it has to wait for its time. */
  scheduleFirstWorkflowTask(
    start: Pick<WorkflowExecutionStarted, 'taskQueue' | 'workflowTaskTimeoutMs' | 'firstWorkflowTaskBackoffMs'>,
  ): void {
    if (start.firstWorkflowTaskBackoffMs === 0) this.#scheduleWorkflowTask(start);
  }

  /** Adds the events of the run that follows this one. */
  follow(next: Emission): void {
    this.events.push(...next.events);
  }

  decision(): Decision {
    return { events: this.events, effects: this.effects };
  }

  #scheduleWorkflowTask({
    taskQueue,
    workflowTaskTimeoutMs,
  }: Pick<RunState, 'taskQueue' | 'workflowTaskTimeoutMs'>): void {
    this.emit('WorkflowTaskScheduled', { taskQueue, startToCloseTimeoutMs: workflowTaskTimeoutMs, attempt: 1 });
  }

  #push<K extends keyof RunEventTypes>(type: K, body: Body<K>, eventId: number): void {
    const header = {
      workflowId: this.#workflowId,
      runId: this.#runId,
      eventId,
      sequence: this.#nextSequence++,
      eventTime: this.now,
      skippable: false,
    };
    // The compiler can't see that a header and a body make a draft.
    this.events.push(messageOf(type, { header, ...body } as unknown as Draft<K>) as unknown as RunEvent);
  }
}

/** The decision that changes nothing. */
export const nothing: Decision = { events: [], effects: [] };
