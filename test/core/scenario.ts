// Runs inputs through the core as the owner's loop does, and writes down all that comes of them: the golden traces.

import { defaultsOf } from '../../schemas/generated/defaults.js';
import type {
  Command,
  CommandHeader,
  Failure,
  HistoryEvent,
  Payload,
  ScheduleActivityTask,
  StartChildWorkflowExecution,
  StartWorkflow,
} from '../../schemas/generated/messages.js';
import { type Draft, messageOf, type WorkflowCommandDraft, workflowCommandOf } from '../../schemas/message.js';
import { emptyFailure } from '../../sdk/common/failure/empty-failure.js';
import { apply } from '../../services/history/core/apply.js';
import { decide } from '../../services/history/core/decide.js';
import { dueAt } from '../../services/history/core/due.js';
import { effectsOf } from '../../services/history/core/effects.js';
import type { Decision, Effect, Input } from '../../services/history/core/input.js';
import { createPartition, currentRun, type PartitionState, type RunState } from '../../services/history/core/state.js';

const replyTo = { partition: 0, asker: 'asker' };

type CommandOf<K extends Command['type']> = Omit<Draft<K>, 'header'>;

/** One partition, its clock, and the trace of what happened. */
export class Scenario {
  readonly state: PartitionState = createPartition(0);
  readonly events: HistoryEvent[] = [];
  readonly trace: string[] = [];
  now = 1_000_000;
  /** Commands to other workflows, which here are all in this partition, that are still on their way. */
  readonly onTheirWay: Command[] = [];
  #requests = 0;

  /** Sends a command; header fields not given are made up: a fresh request id, workflow `w`, its current run. */
  send<K extends Command['type']>(type: K, body: CommandOf<K>, header: Partial<CommandHeader> = {}): Decision {
    this.#requests += 1;
    const fullHeader: CommandHeader = {
      requestId: `request-${this.#requests}`,
      workflowId: 'w',
      runId: null,
      identity: 'worker',
      sentAt: this.now,
      replyTo,
      ...header,
    };
    const command = messageOf(type, { header: fullHeader, ...body } as unknown as Draft<K>) as Command;
    return this.input({ kind: 'command', command }, `${type} ${show({ ...header, ...body })}`);
  }

  /** Moves the clock on, and does what falls due on the way. */
  advance(ms: number): void {
    const until = this.now + ms;
    for (;;) {
      const next = this.#nextDue();
      if (next === undefined || next.at > until) break;
      this.now = Math.max(this.now, next.at);
      this.input({ kind: 'timer-due', runId: next.runId }, `timer-due ${next.runId}`);
    }
    this.now = until;
  }

  /** Feeds an input, folds what is decided and traces it. */
  input(input: Input, label: string): Decision {
    this.trace.push(`+${this.now - 1_000_000} ms > ${label}`);
    const decision = decide(this.state, input, this.now);
    const effects: Effect[] = [];
    for (const event of decision.events) {
      apply(this.state, event, 100);
      this.events.push(event);
      this.trace.push(`    ${eventLine(event)}`);
      effects.push(...effectsOf(this.state, event));
    }
    for (const effect of [...effects, ...decision.effects]) {
      this.trace.push(`    ! ${effectLine(effect)}`);
      if (effect.kind === 'command') this.onTheirWay.push(effect.command);
    }
    return decision;
  }

  /** Lets the commands that are on their way arrive, and those that they bring about, in order. */
  deliver(): void {
    for (let command = this.onTheirWay.shift(); command !== undefined; command = this.onTheirWay.shift()) {
      this.arrive(command);
    }
  }

  /** A command from another workflow arrives. */
  arrive(command: Command): Decision {
    const { workflowId, requestId } = command.header;
    return this.input({ kind: 'command', command }, `${command.type} to ${workflowId} (${requestId})`);
  }

  run(workflowId = 'w'): RunState {
    const run = currentRun(this.state, workflowId);
    if (run === undefined) throw new Error(`no run of ${workflowId}`);
    return run;
  }

  start(body: Partial<CommandOf<'StartWorkflow'>> = {}, header: Partial<CommandHeader> = {}): Decision {
    return this.send('StartWorkflow', { ...startBody, ...body }, { runId: 'r1', ...header });
  }

  /** Answers the pending workflow task, having seen all that it carried unless told otherwise. */
  completeTask(
    commands: ReadonlyArray<WorkflowCommandDraft>,
    answer: Partial<CommandOf<'CompleteWorkflowTask'>> = {},
    workflowId = 'w',
  ): Decision {
    const run = this.run(workflowId);
    return this.send(
      'CompleteWorkflowTask',
      {
        scheduledEventId: run.workflowTask?.scheduledEventId ?? 0,
        attempt: run.workflowTask?.attempt ?? 0,
        seenEventId: run.nextEventId - 1,
        startedAt: this.now,
        commands: commands.map(workflowCommandOf),
        ...answer,
      },
      { ...(workflowId === 'w' ? {} : { workflowId }), runId: run.runId, replyTo: null },
    );
  }

  /** Wakes the workflow by a signal and answers the task that follows. */
  completeAfterSignal(commands: ReadonlyArray<WorkflowCommandDraft>): Decision {
    this.send('SignalWorkflow', { signalName: 'wake', input: [], headers: {} });
    return this.completeTask(commands);
  }

  text(): string {
    return `${this.trace.join('\n')}\n`;
  }

  #nextDue(): { readonly at: number; readonly runId: string } | undefined {
    let next: { at: number; runId: string } | undefined;
    for (const run of this.state.runs.values()) {
      const at = dueAt(run);
      if (at !== undefined && (next === undefined || at < next.at)) next = { at, runId: run.runId };
    }
    return next;
  }
}

export const startBody: Omit<StartWorkflow, 'header'> = {
  ...defaultsOf.StartWorkflow,
  workflowType: 'order',
  taskQueue: 'q',
  workflowTaskTimeoutMs: 10_000,
  workflowIdReusePolicy: 'ALLOW_DUPLICATE',
  workflowIdConflictPolicy: 'FAIL',
};

type ActivityOptions = ScheduleActivityTask;

/** Schedules activity `id` of type `charge`, with ten seconds from start to close. */
export function activity(activityId: string, options: Partial<ActivityOptions> = {}): WorkflowCommandDraft {
  return {
    scheduleActivityTask: {
      activityId,
      activityType: 'charge',
      taskQueue: 'q',
      startToCloseTimeoutMs: 10_000,
      ...options,
    },
  };
}

/** Starts a child `c` of type `ship`, which is terminated with its parent. */
export function child(options: Partial<StartChildWorkflowExecution> = {}): WorkflowCommandDraft {
  return {
    startChildWorkflowExecution: {
      workflowId: 'c',
      workflowType: 'ship',
      taskQueue: 'q',
      workflowTaskTimeoutMs: 10_000,
      parentClosePolicy: 'TERMINATE',
      workflowIdReusePolicy: 'ALLOW_DUPLICATE',
      ...options,
    },
  };
}

export const complete: WorkflowCommandDraft = { completeWorkflowExecution: { result: null } };

export function payload(text: string): Payload {
  return { metadata: {}, data: Buffer.from(text) };
}

/** A failure of user code. */
export function failure(message: string, application: Partial<NonNullable<Failure['applicationInfo']>> = {}): Failure {
  const applicationInfo = { failureType: 'Error', nonRetryable: false, ...defaultsOf.ApplicationFailureInfo };
  return { ...emptyFailure(message, 'test'), applicationInfo: { ...applicationInfo, ...application } };
}

function eventLine(event: HistoryEvent): string {
  if (event.type === 'PartitionOwnerClaimed') return event.type;
  const { header, type, ...body } = event;
  const number = header.eventId === 0 ? '-' : String(header.eventId);
  return `${header.runId} ${number.padStart(2)} #${header.sequence} ${type} ${show(body)}`;
}

function effectLine({ kind, ...body }: Effect): string {
  return `${kind} ${show(body)}`;
}

/** JSON without what is empty, and with bytes as text. */
function show(value: object): string {
  return JSON.stringify(value, (_key, field: unknown) => {
    if (field === null || field === '' || (Array.isArray(field) && field.length === 0)) return undefined;
    if (field instanceof Uint8Array) return Buffer.from(field).toString();
    const json = field as { type?: unknown; data?: unknown };
    if (typeof field === 'object' && json.type === 'Buffer' && Array.isArray(json.data)) {
      return Buffer.from(json.data as number[]).toString();
    }
    if (typeof field === 'object' && !Array.isArray(field) && Object.keys(field).length === 0) return undefined;
    return field;
  });
}
