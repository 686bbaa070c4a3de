// A history written by hand, event by event, and the tasks that are cut from it.
import type {
  Command,
  HistoryEventTypes,
  Payload,
  QueryTask,
  Reply,
  UpdateRequest,
} from '../../schemas/generated/messages.js';
import { type Draft, messageOf } from '../../schemas/message.js';
import { defaultPayloadConverter } from '../../sdk/common/converter/payload-converter.js';
import type { RunEvent } from '../../sdk/worker/sandbox/history-events.js';
import type { QueryOutcome, WorkflowTaskOutcome } from '../../sdk/worker/workflow-executor.js';
import type { Codec } from '../../services/platform/codec/codec.js';
import { createLocalCodec } from '../../services/platform/codec/local-codec.js';

export const codec: Codec = createLocalCodec();

type Completed = Extract<Command, { readonly type: 'CompleteWorkflowTask' }>;
type Failed = Extract<Command, { readonly type: 'FailWorkflowTask' }>;
type Body<K extends keyof HistoryEventTypes> = Omit<Draft<K>, 'header'>;

const retryPolicy = {
  initialIntervalMs: 1_000,
  backoffCoefficient: 2,
  maximumIntervalMs: 100_000,
  maximumAttempts: 0,
  nonRetryableErrorTypes: [],
};

let runs = 0;

export class TestHistory {
  readonly workflowId: string;
  readonly runId: string;
  readonly workflowType: string;
  readonly events: RunEvent[] = [];
  /** Time of the next event. */
  now = 1_700_000_000_000;
  #scheduledEventId = 0;
  #seenEventId = 0;
  #attempt = 1;
  #updates: UpdateRequest[] = [];

  constructor(workflowType: string, args: readonly unknown[] = [], runId = `run-${++runs}`) {
    this.workflowType = workflowType;
    this.workflowId = `workflow-of-${runId}`;
    this.runId = runId;
    this.add('WorkflowExecutionStarted', {
      workflowType,
      taskQueue: 'queue',
      input: args.map((arg) => payload(arg)),
      workflowTaskTimeoutMs: 10_000,
      firstExecutionRunId: runId,
      attempt: 1,
      identity: 'client',
      requestId: 'start',
      replyTo: null,
    });
  }

  /** Appends an event; returns its id. */
  add<K extends keyof HistoryEventTypes>(type: K, body: Body<K>): number {
    const eventId = this.events.length + 1;
    const { workflowId, runId, now: eventTime } = this;
    const header = { workflowId, runId, eventId, sequence: eventId, eventTime, skippable: false };
    this.events.push(messageOf(type, { header, ...body } as unknown as Draft<K>) as unknown as RunEvent);
    return eventId;
  }

  signal(signalName: string, ...args: unknown[]): this {
    const input = args.map((arg) => payload(arg));
    this.add('WorkflowExecutionSignaled', {
      signalName,
      input,
      headers: {},
      identity: 'client',
      requestId: `signal-${this.events.length}`,
      replyTo: null,
    });
    return this;
  }

  /** Asks for an update: the next task carries it. */
  update(updateName: string, ...args: unknown[]): this {
    const updateId = `update-${this.events.length}-${this.#updates.length}`;
    this.#updates.push({ updateId, updateName, input: args.map((arg) => payload(arg)), headers: {} });
    return this;
  }

  /** Writes the completion of the scheduled task, with the events of its commands about updates. */
  recordUpdates(answer: Completed): this {
    const workflowTaskCompletedEventId = this.completeTask(answer);
    const accepted = new Map<string, number>();
    for (const { acceptUpdate, completeUpdate } of answer.commands) {
      const update = this.#updates.find(({ updateId }) => updateId === acceptUpdate?.updateId);
      if (update !== undefined) {
        const body = { update, identity: 'client', workflowTaskCompletedEventId };
        accepted.set(update.updateId, this.add('WorkflowExecutionUpdateAccepted', body));
      }
      if (completeUpdate === null) continue;
      const acceptedEventId = accepted.get(completeUpdate.updateId) ?? 0;
      this.add('WorkflowExecutionUpdateCompleted', {
        ...completeUpdate,
        acceptedEventId,
        workflowTaskCompletedEventId,
      });
    }
    this.#updates = [];
    return this;
  }

  requestCancel(): this {
    this.add('WorkflowExecutionCancelRequested', { reason: '', identity: '', requestId: 'cancel', replyTo: null });
    return this;
  }

  /** Schedules a workflow task and cuts its record. */
  task(): Buffer {
    this.#attempt = 1;
    this.#scheduledEventId = this.add('WorkflowTaskScheduled', {
      taskQueue: 'queue',
      startToCloseTimeoutMs: 10_000,
      attempt: 1,
    });
    return this.cut();
  }

  /** The record of the scheduled task, with all events so far. */
  cut(attempt = this.#attempt): Buffer {
    this.#attempt = attempt;
    const { workflowId, runId, workflowType } = this;
    return codec.encode({
      type: 'WorkflowTask',
      updates: this.#updates,
      workflowId,
      runId,
      workflowType,
      taskQueue: 'queue',
      scheduledEventId: this.#scheduledEventId,
      attempt,
      firstEventId: this.#seenEventId + 1,
      seenEventId: this.events.length,
      events: this.encoded(this.#seenEventId + 1),
      startToCloseTimeoutMs: 10_000,
    });
  }

  encoded(firstEventId = 1): Buffer[] {
    return this.events.slice(firstEventId - 1).map((event) => codec.encode(event));
  }

  /** Writes the completion of the scheduled task; the events of its commands are the test's to write. */
  completeTask({ seenEventId, startedAt }: Pick<Completed, 'seenEventId' | 'startedAt'>): number {
    const scheduledEventId = this.#scheduledEventId;
    const startedEventId = this.add('WorkflowTaskStarted', {
      scheduledEventId,
      identity: 'worker',
      seenEventId,
      startedAt,
    });
    this.#seenEventId = seenEventId;
    return this.add('WorkflowTaskCompleted', {
      scheduledEventId,
      startedEventId,
      identity: 'worker',
      attempt: this.#attempt,
    });
  }

  activityScheduled(activityType: string, activityId: string, args: readonly unknown[] = []): number {
    return this.add('ActivityTaskScheduled', {
      activityId,
      activityType,
      taskQueue: 'queue',
      input: args.map((arg) => payload(arg)),
      headers: {},
      scheduleToCloseTimeoutMs: null,
      scheduleToStartTimeoutMs: null,
      startToCloseTimeoutMs: 60_000,
      heartbeatTimeoutMs: null,
      retryPolicy,
      workflowTaskCompletedEventId: this.#completedEventId(),
    });
  }

  activityCompleted(scheduledEventId: number, result: unknown): this {
    const startedEventId = this.add('ActivityTaskStarted', {
      scheduledEventId,
      identity: 'worker',
      attempt: 1,
      lastFailure: null,
    });
    this.add('ActivityTaskCompleted', {
      scheduledEventId,
      startedEventId,
      result: payload(result),
      identity: 'worker',
      requestId: '',
      replyTo: null,
    });
    return this;
  }

  timerStarted(timerId: string, startToFireTimeoutMs: number): number {
    const workflowTaskCompletedEventId = this.#completedEventId();
    return this.add('TimerStarted', { timerId, startToFireTimeoutMs, workflowTaskCompletedEventId });
  }

  timerFired(timerId: string, startedEventId: number): this {
    this.add('TimerFired', { timerId, startedEventId });
    return this;
  }

  timerCanceled(timerId: string, startedEventId: number): this {
    const workflowTaskCompletedEventId = this.#completedEventId();
    this.add('TimerCanceled', { timerId, startedEventId, workflowTaskCompletedEventId });
    return this;
  }

  query(queryType: string, ...args: unknown[]): Buffer {
    const { workflowId, runId, workflowType } = this;
    const task: { readonly type: 'QueryTask' } & QueryTask = {
      type: 'QueryTask',
      workflowId,
      runId,
      workflowType,
      taskQueue: 'queue',
      queryId: 'query',
      queryType,
      input: args.map((arg) => payload(arg)),
      headers: {},
      seenEventId: this.#seenEventId,
      replyTo: { partition: 0, asker: 'client' },
    };
    return codec.encode(task);
  }

  #completedEventId(): number {
    return this.events.findLast(({ type }) => type === 'WorkflowTaskCompleted')?.header.eventId ?? 0;
  }
}

export function payload(value: unknown): Payload {
  return defaultPayloadConverter.toPayload(value);
}

export function decoded(encoded: Payload | null | undefined): unknown {
  return encoded === null || encoded === undefined ? undefined : defaultPayloadConverter.fromPayload(encoded);
}

/** The answer of a task that must have been completed. */
export function completed(outcome: WorkflowTaskOutcome | QueryOutcome): Completed {
  const command = commandOf(outcome);
  if (command.type === 'CompleteWorkflowTask') return command;
  throw new Error(
    `the task was not completed: ${JSON.stringify(command.type === 'FailWorkflowTask' && command.failure)}`,
  );
}

/** The answer of a task that must have failed. */
export function failed(outcome: WorkflowTaskOutcome | QueryOutcome): Failed {
  const command = commandOf(outcome);
  if (command.type === 'FailWorkflowTask') return command;
  throw new Error(`the task did not fail: it ended as ${command.type}`);
}

/** The kinds of an answer's commands, in order. */
export function kindsOf({ commands }: Completed): string[] {
  return commands.flatMap((command) =>
    Object.entries(command)
      .filter(([, attributes]) => attributes !== null)
      .map(([kind]) => kind),
  );
}

/** What the workflow returned. */
export function resultOf(answer: Completed): unknown {
  const last = answer.commands.at(-1)?.completeWorkflowExecution;
  if (last === null || last === undefined) throw new Error(`the workflow didn't complete: ${kindsOf(answer).join()}`);
  return decoded(last.result);
}

export function answerOf(
  outcome: WorkflowTaskOutcome | QueryOutcome,
): Extract<Reply, { readonly type: 'QueryAnswered' }> {
  if (outcome.kind !== 'query') throw new Error('a workflow task was answered');
  const reply = codec.decode(Buffer.from(outcome.reply));
  if (reply.type !== 'QueryAnswered') throw new Error(`the query was answered by ${reply.type}`);
  return reply;
}

function commandOf(outcome: WorkflowTaskOutcome | QueryOutcome): Command {
  if (outcome.kind !== 'workflow-task') throw new Error('a query was answered');
  return codec.decode(Buffer.from(outcome.command)) as Command;
}
