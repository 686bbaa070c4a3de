// The loop of one owned partition: inputs in, decisions to the log, effects out. Between its appends it does nothing
// asynchronously, so that it needs no locks and costs no promise a record.
//
// H2  A decision's events are in one batch; decisions made while an append is under way share the next (group commit).
// H5  Effects leave once their batch is acknowledged, in order; those that stand on no event, after all before them.
//     Decisions go on meanwhile, on state that is not acknowledged yet: a failed append ends the loop and its state.
// H7  `now` never runs behind the partition's last event. What is due goes before commands.
// H9  Whatever decide, apply or an effect throws ends the loop.

import { after, type Clock, pause } from '../platform/clock.js';
import { MAX_COMMAND_BACKLOG } from '../platform/limits.js';
import type { FencedAppender } from '../platform/log/log.js';
import { type Batch, sealBatch } from './batch.js';
import type { ReadCommand } from './command-intake.js';
import { type TaskOut, tasksOut } from './core/tasks-out.js';
import type { Decider } from './decider.js';
import { createDeferred } from './deferred.js';
import type { Delivery } from './delivery.js';
import { type Projection, sweep } from './projection.js';
import { placeRecord } from './run-log.js';
import type { StateCheck } from './state-check.js';

/** Time between two sweeps of closed runs past their retention, and where one has left some. */
const SWEEP_MS = 10_000;
const NEXT_SWEEP_MS = 50;

/** How long a loop that stops waits for its deliveries. What is left, the next owner sends. */
const LAST_DELIVERY_MS = 5_000;

export interface LoopOptions {
  readonly ownerEpoch: number;
  readonly appender: FencedAppender;
  readonly projection: Projection;
  readonly decider: Decider;
  readonly delivery: Delivery;
  /** Last batch on the log. */
  readonly batch: number;
  /** Offset of the first command to come. */
  readonly firstCommand: number;
  readonly retentionMs: number;
  readonly clock: Clock;
  /** The time that workflows live in (H7). */
  readonly workflowClock: Clock;
  readonly stateCheck?: StateCheck | undefined;
}

/** How far history is acknowledged. */
export interface Acknowledged {
  readonly batch: number;
  /** Offset after the batch's last record. */
  readonly historyOffset: number;
  /** Last offset of `commands` accounted for. */
  readonly commandsOffset: number;
  /** What this loop has appended so far. */
  readonly bytes: number;
}

export class PartitionLoop {
  readonly #options: LoopOptions;
  readonly #outcome = createDeferred();
  readonly #idle = createDeferred();
  #commands: ReadCommand[] = [];
  #nextCommand = 0;
  #wakeReader: (() => void) | undefined;
  #timer: { readonly at: number; readonly cancel: () => void } | undefined;
  #now: number;
  #nextSweepAt = 0;
  #cancelSweep: () => void = () => {};
  #batch: number;
  #lastAcknowledged: Acknowledged | undefined;
  #position: number;
  #appending = false;
  #stopping = false;
  #ended = false;

  constructor(options: LoopOptions) {
    this.#options = options;
    this.#batch = options.batch;
    this.#position = options.firstCommand;
    this.#now = options.projection.state.lastEventTime;
  }

  /** The offset after the last command decided. */
  get position(): number {
    return this.#position;
  }

  /** The last batch of this loop that is acknowledged. */
  get acknowledged(): Acknowledged | undefined {
    return this.#lastAcknowledged;
  }

  /** The batch that has all that is decided by now. */
  get decided(): number {
    return this.#batch + this.#options.decider.waitingBatches;
  }

  /** Tasks that are out, of all runs. */
  get tasksOut(): TaskOut[] {
    const { state, timers } = this.#options.projection;
    // A run that has one is due at some time, when the task is put on its queue again.
    return [...timers.runIds].flatMap((runId) => {
      const run = state.runs.get(runId);
      return run === undefined ? [] : tasksOut(run);
    });
  }

  /** Begins. Resolves once the loop has stopped; rejects with what ended it. */
  run(): Promise<void> {
    this.#work();
    return this.#outcome.promise;
  }

  /** Takes commands in, in order. The promise, if any, resolves when there is room for more. */
  take(commands: readonly ReadCommand[]): Promise<void> | undefined {
    if (this.#ended || this.#stopping) return undefined;
    this.#commands.splice(0, this.#nextCommand);
    this.#nextCommand = 0;
    for (const command of commands) this.#commands.push(command);
    this.#work();
    if (this.#backlog <= MAX_COMMAND_BACKLOG) return undefined;
    return new Promise((resolve) => {
      this.#wakeReader = resolve;
    });
  }

  /** Goes on where it had stood still for want of room. */
  wake(): void {
    this.#work();
  }

  /** Stops: what is decided is appended, and what is acknowledged delivered. Commands not decided are the next owner's. */
  async stop(): Promise<void> {
    if (this.#ended) return;
    this.#stopping = true;
    this.#work();
    await this.#idle.promise;
    const { delivery, clock } = this.#options;
    const giveUp = new AbortController();
    await Promise.race([delivery.drained(), pause(clock, LAST_DELIVERY_MS, giveUp.signal)]);
    giveUp.abort();
    this.#end();
    this.#outcome.resolve();
  }

  /** Ends the loop at once. */
  fail(error: unknown): void {
    if (this.#ended) return;
    this.#end();
    this.#outcome.reject(error);
  }

  get #backlog(): number {
    return this.#commands.length - this.#nextCommand;
  }

  get #hasRoom(): boolean {
    return this.#options.decider.hasRoom && this.#options.delivery.hasRoom;
  }

  #work(): void {
    if (this.#ended) return;
    try {
      this.#now = Math.max(this.#now, this.#options.workflowClock.now());
      while (!this.#stopping && (this.#hasRoom || (this.#flush() && this.#hasRoom))) {
        if (!this.#decideNext()) break;
      }
      this.#flush();
      if (this.#stopping && !this.#appending) this.#idle.resolve();
      this.#sweep();
      this.#setTimer();
      if (this.#backlog <= MAX_COMMAND_BACKLOG) this.#letReaderGoOn();
    } catch (error) {
      this.fail(error);
    }
  }

  #decideNext(): boolean {
    if (this.#options.decider.decideDue(this.#now)) return true;
    const command = this.#commands[this.#nextCommand];
    if (command === undefined) return false;
    this.#nextCommand += 1;
    this.#options.decider.decideCommand(command, this.#now);
    this.#position = command.offset + 1;
    return true;
  }

  /** Passes batches on while no append is under way. Returns whether there was one. */
  #flush(): boolean {
    let passed = false;
    while (!this.#appending) {
      const batch = this.#options.decider.takeBatch();
      if (batch === undefined) break;
      passed = true;
      if (batch.records.length > 0) this.#append(batch);
      else this.#options.delivery.release(batch.outbound);
    }
    return passed;
  }

  #append(batch: Batch): void {
    const { appender, delivery, ownerEpoch, decider, projection, stateCheck } = this.#options;
    const { commandsOffset } = batch;
    this.#batch += 1;
    const number = this.#batch;
    sealBatch(batch, { ownerEpoch, account: { batch: number, commandsOffset, outbox: delivery.watermark } });
    stateCheck?.appending(batch.records.length, decider.isEmpty, projection, this.#now);
    this.#appending = true;
    appender.append(batch.records).then(
      (firstOffset) => this.#acknowledged(batch, number, firstOffset),
      (error) => this.fail(error),
    );
  }

  #acknowledged(batch: Batch, number: number, firstOffset: number): void {
    this.#appending = false;
    if (this.#ended) return;
    try {
      let offset = firstOffset;
      for (const run of batch.runs) placeRecord(run, offset++);
      const bytes = (this.#lastAcknowledged?.bytes ?? 0) + batch.bytes;
      this.#lastAcknowledged = { batch: number, historyOffset: offset, commandsOffset: batch.commandsOffset, bytes };
      this.#options.delivery.release(batch.outbound, number);
      this.#options.stateCheck?.appended(offset).catch((error) => this.fail(error));
    } catch (error) {
      this.fail(error);
    }
    this.#work();
  }

  #sweep(): void {
    const { clock, projection, retentionMs } = this.#options;
    if (this.#stopping || clock.now() < this.#nextSweepAt) return;
    const isMoreLeft = sweep(projection, this.#now, retentionMs);
    const inMs = isMoreLeft ? NEXT_SWEEP_MS : SWEEP_MS;
    this.#nextSweepAt = clock.now() + inMs;
    this.#cancelSweep();
    this.#cancelSweep = after(clock, inMs, () => this.#work());
  }

  #setTimer(): void {
    // Without room nothing that is due could be decided; the loop is woken when there is some.
    if (this.#stopping || !this.#hasRoom) return;
    const { workflowClock, decider } = this.#options;
    const at = decider.timers.nextAt;
    // One that rings too early costs a look; to set it anew whenever the first run moves on would cost more.
    if (this.#timer !== undefined && at !== undefined && this.#timer.at <= at) return;
    this.#timer?.cancel();
    this.#timer = undefined;
    if (at === undefined) return;
    const cancel = workflowClock.setTimer(at, () => {
      this.#timer = undefined;
      this.#work();
    });
    this.#timer = { at, cancel };
  }

  #letReaderGoOn(): void {
    this.#wakeReader?.();
    this.#wakeReader = undefined;
  }

  #end(): void {
    this.#ended = true;
    this.#timer?.cancel();
    this.#cancelSweep();
    this.#commands = [];
    this.#idle.resolve();
    this.#letReaderGoOn();
  }
}
