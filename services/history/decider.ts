import type { HistoryEvent } from '../../schemas/generated/messages.js';
import type { Codec } from '../platform/codec/codec.js';
import { MAX_WAITERS, RECORD_OVERHEAD_BYTES } from '../platform/limits.js';
import { BATCH_ROOM_BYTES, type Batch, createBatch, hasRoomFor, isFull } from './batch.js';
import type { ReadCommand } from './command-intake.js';
import type { RunEvent } from './core/apply.js';
import { closedReply, mayAnswer } from './core/ask.js';
import { decide } from './core/decide.js';
import { effectsOf } from './core/effects.js';
import type { Decision, Effect, Input, ResetCommand } from './core/input.js';
import { invariant } from './core/invariant.js';
import { runOf } from './core/lookup.js';
import { updateReply } from './core/updates.js';
import { type PackingOptions, pack, reply } from './outbound.js';
import { type Projection, project, setTimers } from './projection.js';
import type { Timers } from './timers.js';
import { type Waiter, Waiters } from './waiters.js';

type QueryEffect = Extract<Effect, { kind: 'dispatch-query' }>;
type UpdateWait = Extract<Effect, { kind: 'await-update' }>;

/** What those who wait for updates wait for, beside the run's end. */
const updateAnswers: ReadonlySet<HistoryEvent['type']> = new Set([
  'WorkflowExecutionUpdateAccepted',
  'WorkflowExecutionUpdateCompleted',
  'WorkflowExecutionUpdateRejected',
]);

export interface DeciderOptions extends PackingOptions {
  readonly projection: Projection;
  /** Last offset of `commands` accounted for. */
  readonly commandsOffset: number;
}

/**
 * Carries the core's decisions out on the partition's state, as if they were acknowledged already, and gathers what they
 * write and send in batches. It does no I/O: whoever appends the batches drops all of this when an append fails (H5).
 */
export class Decider {
  readonly #projection: Projection;
  readonly #codec: Codec;
  readonly #packing: PackingOptions;
  readonly #waiters = new Waiters<Waiter>(MAX_WAITERS);
  readonly #queries = new Waiters<Waiter & { readonly query: QueryEffect }>(MAX_WAITERS);
  readonly #updates = new Waiters<UpdateWait>(MAX_WAITERS);
  /** Full batches before the one that is open. There is one at most, when a decision did not fit behind the others. */
  readonly #full: Batch[] = [];
  #open: Batch;

  constructor(options: DeciderOptions) {
    this.#projection = options.projection;
    this.#codec = options.codec;
    this.#packing = options;
    this.#open = createBatch(options.commandsOffset);
  }

  get timers(): Timers {
    return this.#projection.timers;
  }

  /** Whether another decision may be taken before a batch is. */
  get hasRoom(): boolean {
    return this.#full.length === 0 && !isFull(this.#open);
  }

  /** Batches with events that are not taken out yet. */
  get waitingBatches(): number {
    return this.#full.length + (this.#open.records.length > 0 ? 1 : 0);
  }

  /** Whether everything decided has been taken out. */
  get isEmpty(): boolean {
    return this.#full.length === 0 && this.#open.records.length === 0;
  }

  /** Decides a command, or only accounts for one that was set aside. */
  decideCommand({ offset, command }: ReadCommand, now: number): void {
    if (command?.type === 'ResetWorkflow') this.#carryOut(this.#resetInput(command), now);
    else if (command !== undefined) this.#carryOut({ kind: 'command', command }, now);
    this.#open.commandsOffset = offset;
  }

  /** Decides what is due first, if anything is by now. */
  decideDue(now: number): boolean {
    const runId = this.timers.due(now);
    if (runId === undefined) return false;
    const events = this.#carryOut({ kind: 'timer-due', runId }, now);
    // It would be due again at once, for ever.
    invariant(events > 0, `run ${runId} is due at ${this.timers.nextAt}, and at ${now} nothing happens`);
    return true;
  }

  /** Takes the next batch out: one to append or, without records, one whose effects may leave at once. */
  takeBatch(): Batch | undefined {
    const full = this.#full.shift();
    if (full !== undefined) return full;
    const batch = this.#open;
    if (batch.records.length === 0 && batch.outbound.length === 0) return undefined;
    this.#open = createBatch(batch.commandsOffset);
    return batch;
  }

  #resetInput(command: ResetCommand): Input {
    const { state, runLog } = this.#projection;
    const run = runOf(state, command.header);
    const events = run === undefined ? [] : (runLog.get(run.runId)?.events ?? []);
    return { kind: 'reset', command, history: events.map((bytes) => this.#codec.decode(bytes) as RunEvent) };
  }

  /** Returns the number of events. */
  #carryOut(input: Input, now: number): number {
    const decision = decide(this.#projection.state, input, now);
    const values = decision.events.map((event) => this.#codec.encode(event));
    const bytes = recordBytes(decision, values);
    if (bytes > BATCH_ROOM_BYTES) {
      if (input.kind === 'timer-due') return this.#carryOut({ kind: 'timer-due-in-brief', runId: input.runId }, now);
      invariant(
        input.kind === 'command' || input.kind === 'reset',
        `the events of ${input.kind} take ${bytes} bytes, and ${BATCH_ROOM_BYTES} is the most`,
      );
      return this.#carryOut({ kind: 'too-large', command: input.command, bytes, limitBytes: BATCH_ROOM_BYTES }, now);
    }
    if (!hasRoomFor(this.#open, bytes)) {
      this.#full.push(this.#open);
      this.#open = createBatch(this.#open.commandsOffset);
    }
    this.#open.bytes += bytes;
    decision.events.forEach((event, index) => {
      const value = values[index];
      if (value !== undefined) this.#record(event, value);
    });
    for (const effect of decision.effects) this.#perform(effect);
    setTimers(this.#projection, decision.events);
    this.#projection.stored?.runs.trim();
    return decision.events.length;
  }

  #record(event: HistoryEvent, value: Buffer): void {
    const { state } = this.#projection;
    const run = project(this.#projection, event, value);
    invariant(run !== undefined, `${event.type} is no event of a run`);
    this.#open.records.push({ key: run.key, value });
    this.#open.runs.push(run);
    for (const effect of effectsOf(state, event)) this.#perform(effect);
    if (run.events === undefined) this.#answerWaiters(run.runId);
    if (run.events === undefined || updateAnswers.has(event.type)) {
      for (const wait of this.#updates.take(run.runId)) this.#perform(wait);
    }
    for (const { query } of this.#queries.take(run.runId)) this.#perform(query);
  }

  #perform(effect: Effect): void {
    if (effect.kind === 'await-close') this.#waiters.add(effect.runId, effect);
    else if (effect.kind === 'await-update') this.#awaitUpdate(effect);
    else if (effect.kind === 'dispatch-query') this.#ask(effect);
    else pack(effect, this.#packing, this.#open.outbound);
  }

  /** Puts a query on its queue, or keeps it until the run's next event. Its asker asks again when the owner changes. */
  #ask(query: QueryEffect): void {
    const { task, afterEventId } = query;
    const run = this.#projection.state.runs.get(task.runId);
    if (run === undefined) return;
    if (!mayAnswer(run, afterEventId)) {
      this.#queries.add(task.runId, { to: task.replyTo, requestId: task.queryId, query });
      return;
    }
    const upToDate = { ...query, task: { ...task, seenEventId: run.seenEventId } };
    pack(upToDate, this.#packing, this.#open.outbound);
  }

  /** Answers, or keeps the wait. Its asker asks again when the owner changes. */
  #awaitUpdate(wait: UpdateWait): void {
    const run = this.#projection.state.runs.get(wait.runId);
    if (run === undefined) return;
    const answer = updateReply(run, wait);
    if (answer === undefined) this.#updates.add(wait.runId, wait);
    else this.#open.outbound.push(reply(wait.to, this.#codec.encode(answer)));
  }

  #answerWaiters(runId: string): void {
    const run = this.#projection.state.runs.get(runId);
    if (run === undefined) return;
    for (const { to, requestId } of this.#waiters.take(runId)) {
      this.#open.outbound.push(reply(to, this.#codec.encode(closedReply(run, requestId))));
    }
  }
}

/** What the events take in a batch, at most. */
function recordBytes({ events }: Decision, values: readonly Buffer[]): number {
  let bytes = 0;
  for (const event of events) {
    // Three bytes of UTF-8 at most for each of a string's units.
    if (event.type !== 'PartitionOwnerClaimed') bytes += event.header.workflowId.length * 3 + RECORD_OVERHEAD_BYTES;
  }
  for (const value of values) bytes += value.length;
  return bytes;
}
