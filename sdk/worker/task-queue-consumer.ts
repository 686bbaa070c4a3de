// Takes the tasks of one queue and kind off their topic: joins the consumer group, reads the partitions assigned, hands
// each record to `run` as a slot comes free, and commits what needn't be delivered again. It doesn't look into records.
//
// Ordering rules:
// - An offset is committed only once every task up to it is accepted: claimed or answered, and acknowledged by `commands`.
//   A crash before that makes Kafka deliver the task again, to whoever owns the partition then (at least once).
// - A partition kept over a rebalance is not read again. One that is taken away stops at once: tasks that wait for a slot
//   are left to the new owner, tasks that run go on, and their outcome counts.
// - A full worker waits inside the reader's handler, which holds the partition back.

import { after, type Clock, deadline } from '../../services/platform/clock.js';
import type { DeadLetters } from '../../services/platform/dead-letters.js';
import type { GroupMembership, Log, LogRecord, Reader, TopicPartition } from '../../services/platform/log/log.js';
import type { Logger } from '../../services/platform/logger.js';
import { type OffsetTracker, trackOffsets } from './offset-tracker.js';
import { isRetryable, retryWhileUnavailable } from './retry.js';
import type { SlotInfo } from './slots/slot-supplier.js';
import type { Slot, Slots } from './slots/slots.js';
import { recordedTaskId } from './task-id.js';
import { keepTasksInHand } from './tasks-in-hand.js';
import { type WatchedNumber, watchedNumber } from './watched-number.js';

/** Time between commits, in milliseconds: what a crash makes the group deliver again is about as old as this. */
const COMMIT_INTERVAL_MS = 200;

/** How long the last commit may keep a worker from ending, in milliseconds. */
const LAST_COMMIT_TIMEOUT_MS = 5_000;

/** A task record in its slot. */
export interface Delivery {
  readonly record: LogRecord;
  /** Names the task; the same for a task that comes again. */
  readonly taskId: string;
  /** Aborted when the worker stops: what only waits should end, what runs may go on. */
  readonly stopping: AbortSignal;
  /** Says what the task is, where the supplier of its slot wants to know; else it isn't there. */
  readonly use?: ((info: SlotInfo) => void) | undefined;
  /** Says that it needn't be delivered again. */
  accept(): void;
  /** Says so of a task that was not carried out. History sends it again, and then it is no duplicate. */
  drop(): void;
  /** Puts a record that is no task of this queue on the dead-letter topic, with the reason, and accepts it. */
  setAside(reason: string): Promise<void>;
}

export interface TaskQueueConsumerOptions {
  readonly log: Log;
  readonly deadLetters: DeadLetters;
  readonly logger: Logger;
  readonly clock: Clock;
  readonly groupId: string;
  readonly topic: string;
  readonly sessionTimeoutMs: number;
  /** The places for tasks; the consumer closes them. */
  readonly slots: Slots;
  /**
   * Carries a task out; its slot is free again when this settles. Unless accepted, the task is delivered again to the
   * partition's next owner. A rejection is a defect and ends the worker.
   */
  readonly run: (delivery: Delivery) => Promise<void>;
  /** Called at each new assignment, before partitions are let go. */
  readonly onRebalance?: () => void;
  /** Called when the consumer can't go on. */
  readonly onFailed: (error: Error) => void;
}

/** A partition from its assignment to its loss. */
interface HeldPartition {
  readonly source: TopicPartition;
  /** Unset until the committed offset is known. */
  tracker: OffsetTracker | undefined;
  committed: number | undefined;
  lost: boolean;
}

export class TaskQueueConsumer {
  /** How many tasks run, those included that were accepted. */
  readonly running: WatchedNumber = watchedNumber();
  readonly #options: TaskQueueConsumerOptions;
  readonly #logger: Logger;
  readonly #reader: Reader;
  readonly #slots: Slots;
  readonly #held = new Map<number, HeldPartition>();
  readonly #tasks = keepTasksInHand();
  readonly #running = new Set<Promise<void>>();
  readonly #stopping = new AbortController();
  #joining: Promise<GroupMembership> | undefined;
  #membership: GroupMembership | undefined;
  #adopting: Promise<void> = Promise.resolve();
  #committing: Promise<void> | undefined;
  #callOffCommit: () => void = () => undefined;
  #left = false;

  constructor(options: TaskQueueConsumerOptions) {
    this.#options = options;
    this.#logger = options.logger;
    this.#slots = options.slots;
    this.#reader = options.log.reader((source, records) => this.#take(source, records));
  }

  async start(): Promise<void> {
    const { log, groupId, topic, sessionTimeoutMs, onFailed } = this.#options;
    this.#joining = log.joinGroup({
      groupId,
      topics: [topic],
      sessionTimeoutMs,
      onAssigned: (assignment) => this.#assigned(assignment),
      onFailed,
    });
    this.#membership = await this.#joining;
    if (!this.#left) this.#commitLater();
  }

  /** Whether it takes tasks off its topic. */
  get isTaking(): boolean {
    return this.#membership !== undefined && !this.#stopping.signal.aborted;
  }

  /** Takes no further task; those that wait for a slot are left to others. */
  stopTaking(): void {
    if (this.#stopping.signal.aborted) return;
    this.#stopping.abort(new Error('the worker is stopping'));
    this.#slots.close();
    void this.#reader.close();
  }

  /** Waits until every task in hand is accepted, commits, and leaves the group. Tasks that run go on. */
  async leave(): Promise<void> {
    await this.#tasks.settled();
    this.#callOffCommit();
    await this.#committing;
    const membership = this.#membership;
    if (membership) await this.#commitForTheLastTime(membership);
    await this.close();
  }

  /** Leaves the group as things stand. */
  async close(): Promise<void> {
    if (this.#left) return;
    this.#left = true;
    this.stopTaking();
    this.#callOffCommit();
    if (this.#membership) await this.#membership.leave();
    // A join under way can't be called off: its membership is given up as soon as it's there.
    else this.#joining?.then((membership) => membership.leave()).catch(() => undefined);
  }

  /** Resolves once no task runs. */
  async drained(): Promise<void> {
    await Promise.all(this.#running);
  }

  #assigned(assignment: readonly TopicPartition[]): void {
    this.#options.onRebalance?.();
    const assigned = new Set(assignment.map((source) => source.partition));
    const lost: HeldPartition[] = [];
    for (const [partition, held] of this.#held) {
      // A commit that met the rebalance may have been dropped: commit what is kept again.
      held.committed = undefined;
      if (assigned.has(partition)) continue;
      held.lost = true;
      this.#held.delete(partition);
      lost.push(held);
    }
    const gained: HeldPartition[] = [];
    for (const source of assignment) {
      if (this.#held.has(source.partition) || this.#stopping.signal.aborted) continue;
      const held = { source, tracker: undefined, committed: undefined, lost: false };
      this.#held.set(source.partition, held);
      gained.push(held);
    }
    this.#logger.info('partitions assigned', { assigned: [...assigned], gained: gained.length, lost: lost.length });
    // One assignment after the other, so that a partition lost and won back is stopped before it is started.
    this.#adopting = this.#adopting.then(() => this.#adopt(lost, gained)).catch((error: Error) => this.#fail(error));
  }

  async #adopt(lost: readonly HeldPartition[], gained: readonly HeldPartition[]): Promise<void> {
    for (const held of lost) this.#reader.unassign(held.source);
    // The first assignment may come before `joinGroup` has resolved.
    const membership = await this.#joining;
    const sources = gained.filter((held) => !held.lost).map((held) => held.source);
    if (!membership || sources.length === 0) return;
    const committed = await this.#retry('fetch committed offsets', () => membership.committed(sources));
    const offsets = new Map(committed.map(({ partition, offset }) => [partition, offset]));
    for (const held of gained) {
      if (held.lost || this.#stopping.signal.aborted) continue;
      held.committed = offsets.get(held.source.partition);
      held.tracker = trackOffsets(held.committed);
      await this.#reader.assign(held.source, held.committed ?? 'earliest');
    }
  }

  async #take(source: TopicPartition, records: readonly LogRecord[]): Promise<void> {
    const held = this.#held.get(source.partition);
    if (!held?.tracker) return;
    try {
      for (const record of records) {
        if (this.#isOver(held)) return;
        await this.#takeOne(held, held.tracker, record);
      }
    } catch (error) {
      this.#fail(error as Error);
    }
  }

  async #takeOne(held: HeldPartition, tracker: OffsetTracker, record: LogRecord): Promise<void> {
    const done = () => tracker.done(record.offset);
    tracker.begin(record.offset);
    const taskId = recordedTaskId(record) ?? `${held.source.partition}@${record.offset}`;
    if (this.#tasks.isDuplicate(taskId, done)) return;
    const slot = await this.#slots.take();
    if (!slot) return;
    // While this one waited, its partition may have been lost, or its double may have come through another one.
    if (this.#isOver(held) || this.#tasks.isDuplicate(taskId, done)) slot.free();
    else this.#begin(held.source, record, taskId, slot, done);
  }

  #begin(source: TopicPartition, record: LogRecord, taskId: string, slot: Slot, done: () => void): void {
    const task = this.#tasks.begin(taskId, done);
    const setAside = async (reason: string) => {
      await this.#retry('set a record aside', () => this.#options.deadLetters.put(source, record, reason));
      task.accept();
    };
    const run = this.#options
      .run({
        record,
        taskId,
        stopping: this.#stopping.signal,
        accept: task.accept,
        drop: task.drop,
        setAside,
        use: slot.use,
      })
      .catch((error: Error) => this.#fail(error))
      .finally(() => {
        task.end();
        this.#running.delete(run);
        this.running.set(this.#running.size);
        slot.free();
      })
      .catch((error: Error) => this.#fail(error));
    this.#running.add(run);
    this.running.set(this.#running.size);
  }

  #retry<T>(what: string, attempt: () => Promise<T>): Promise<T> {
    const { clock } = this.#options;
    return retryWhileUnavailable(attempt, { what, logger: this.#logger, clock, signal: this.#stopping.signal });
  }

  /** Ends the worker, unless it's ending: what waits is interrupted then, and rejects. */
  #fail(error: Error): void {
    if (this.#stopping.signal.aborted) this.#logger.debug('interrupted by the stop', { error });
    else this.#options.onFailed(error);
  }

  #isOver(held: HeldPartition): boolean {
    return held.lost || this.#stopping.signal.aborted;
  }

  #commitLater(): void {
    this.#callOffCommit = after(this.#options.clock, COMMIT_INTERVAL_MS, () => {
      this.#commitSoon();
      this.#commitLater();
    });
  }

  /** One commit at a time; what fails is tried again at the next interval. */
  #commitSoon(): void {
    if (this.#committing || !this.#membership) return;
    this.#committing = this.#commit(this.#membership)
      .catch((error: Error) => {
        if (!isRetryable(error)) this.#fail(error);
        else this.#logger.warn('commit failed, will be tried again', { error });
      })
      .finally(() => {
        this.#committing = undefined;
      });
  }

  /** Commits all there is: an earlier commit may have been dropped without a word. */
  async #commitForTheLastTime(membership: GroupMembership): Promise<void> {
    for (const held of this.#held.values()) held.committed = undefined;
    const { clock } = this.#options;
    const giveUp = deadline(clock, LAST_COMMIT_TIMEOUT_MS);
    try {
      await retryWhileUnavailable(() => this.#commit(membership), {
        what: 'commit what is done',
        logger: this.#logger,
        clock,
        signal: giveUp.signal,
      });
    } catch (error) {
      this.#logger.warn('left without a last commit: the last tasks will be delivered again', { error });
    } finally {
      giveUp.callOff();
    }
  }

  async #commit(membership: GroupMembership): Promise<void> {
    const due: Array<{ held: HeldPartition; offset: number }> = [];
    for (const held of this.#held.values()) {
      const offset = held.tracker?.watermark();
      if (offset !== undefined && offset !== held.committed) due.push({ held, offset });
    }
    if (due.length === 0) return;
    await membership.commit(due.map(({ held, offset }) => ({ ...held.source, offset })));
    for (const { held, offset } of due) held.committed = offset;
  }
}
