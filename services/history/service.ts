import type { NamespaceConfigured } from '../../schemas/generated/messages.js';
import { type Clock, systemClock } from '../platform/clock.js';
import { createDeadLetters } from '../platform/dead-letters.js';
import type { GroupMembership, TopicPartition } from '../platform/log/log.js';
import type { Logger } from '../platform/logger.js';
import { type ProvisionOptions, provisionNamespace } from '../platform/namespace.js';
import { historyGroup, topicsOf } from '../platform/topics.js';
import { CommandSource } from './command-source.js';
import { type OnPartitionFailed, PartitionOwner } from './owner.js';
import { TaskTopics } from './task-topics.js';
import type { OwnerEnvironment } from './tenure.js';

/** How often the group is told how far its partitions have come. For those who watch its lag: nobody resumes by it (H4). */
const LAG_COMMIT_MS = 5_000;

/** How the namespace is made, if it isn't there, is part of them. */
export interface HistoryServiceOptions extends ProvisionOptions {
  /** Who this is, in the claims of its partitions. */
  readonly identity: string;
  readonly logger: Logger;
  /** Time without heartbeats after which its partitions go to others, in milliseconds; 6,000 unless set. */
  readonly sessionTimeoutMs?: number;
  /** Called when a partition has stopped on a broken invariant (H9). The others go on, and it is tried again. */
  readonly onPartitionFailed?: OnPartitionFailed;
  /** Called when the service can't be part of its group any more. Stop it and start another. */
  readonly onFailed?: (error: Error) => void;
}

/** A history service in its group. */
export class HistoryService {
  readonly configuration: NamespaceConfigured;
  readonly #environment: OwnerEnvironment;
  readonly #onPartitionFailed: OnPartitionFailed;
  readonly #owners = new Map<number, PartitionOwner>();
  /** Partitions being given back, and when that is done. */
  readonly #leaving = new Map<number, Promise<void>>();
  #wanted: ReadonlySet<number> = new Set();
  #membership: GroupMembership | undefined;
  #cancelCommit: () => void = () => {};
  #stopping: Promise<void> | undefined;

  private constructor(environment: OwnerEnvironment, onPartitionFailed: OnPartitionFailed) {
    this.configuration = environment.configuration;
    this.#environment = environment;
    this.#onPartitionFailed = onPartitionFailed;
  }

  /** Sets the namespace up where that is not done yet, and joins its group. */
  static async start(options: HistoryServiceOptions): Promise<HistoryService> {
    const { log, codec, namespace, identity, logger, clock = systemClock } = options;
    const configuration = await provisionNamespace(options);
    const topics = topicsOf(namespace);
    const producer = log.producer();
    const service = new HistoryService(
      {
        log,
        codec,
        topics,
        configuration,
        identity,
        clock,
        logger,
        producer,
        commandSource: new CommandSource(log, topics.commands),
        taskTopics: new TaskTopics({ ...options, topics, configuration }),
        deadLetters: createDeadLetters({ producer, topics, logger }),
      },
      options.onPartitionFailed ?? (() => {}),
    );
    await service.#join(options);
    return service;
  }

  /** The partitions that are being served. */
  get serving(): number[] {
    return [...this.#owners.values()].filter((owner) => owner.isServing).map((owner) => owner.partition);
  }

  /** Resolves when each partition assigned so far is served, or has failed. */
  async settled(): Promise<void> {
    await Promise.all([...this.#owners.values()].map((owner) => owner.settled));
  }

  /** Gives the partitions back and leaves the group, so that others can take them over at once. */
  stop(): Promise<void> {
    this.#stopping ??= this.#stop();
    return this.#stopping;
  }

  async #join({ namespace, sessionTimeoutMs = 6_000, logger, onFailed }: HistoryServiceOptions): Promise<void> {
    const { log, topics } = this.#environment;
    this.#membership = await log.joinGroup({
      groupId: historyGroup(namespace),
      topics: [topics.commands],
      sessionTimeoutMs,
      onAssigned: (assignment) => this.#assigned(assignment),
      onFailed: (error) => {
        logger.error('this history service has lost its group', { error });
        onFailed?.(error);
      },
    });
    this.#commitLater();
  }

  async #stop(): Promise<void> {
    const { commandSource, producer } = this.#environment;
    this.#cancelCommit();
    this.#wanted = new Set();
    const owners = [...this.#owners.values()];
    this.#giveBack();
    await Promise.all(this.#leaving.values());
    await this.#commit(owners);
    await this.#membership?.leave();
    await commandSource.close();
    await producer.close();
  }

  /** Partitions kept go on as they are: the fence, not the group, protects the log (H4). */
  #assigned(assignment: readonly TopicPartition[]): void {
    if (this.#stopping !== undefined) return;
    this.#wanted = new Set(assignment.map(({ partition }) => partition));
    this.#environment.logger.info('partitions assigned', { partitions: [...this.#wanted] });
    this.#giveBack();
    for (const partition of this.#wanted) this.#own(partition);
  }

  #giveBack(): void {
    for (const [partition, owner] of this.#owners) {
      if (this.#wanted.has(partition)) continue;
      this.#owners.delete(partition);
      const left = owner.stop().then(() => {
        this.#leaving.delete(partition);
        // It may have come back meanwhile.
        if (this.#wanted.has(partition)) this.#own(partition);
      });
      this.#leaving.set(partition, left);
    }
  }

  #own(partition: number): void {
    if (this.#owners.has(partition) || this.#leaving.has(partition)) return;
    this.#owners.set(partition, new PartitionOwner(partition, this.#environment, this.#onPartitionFailed));
  }

  #commitLater(): void {
    const { clock } = this.#environment;
    this.#cancelCommit = clock.setTimer(clock.now() + LAG_COMMIT_MS, () => {
      void this.#commit([...this.#owners.values()]).finally(() => {
        if (this.#stopping === undefined) this.#commitLater();
      });
    });
  }

  async #commit(owners: readonly PartitionOwner[]): Promise<void> {
    const { topics, logger } = this.#environment;
    const offsets = owners.flatMap(({ partition, position }) =>
      position === undefined ? [] : { topic: topics.commands, partition, offset: position },
    );
    if (offsets.length === 0) return;
    await this.#membership?.commit(offsets).catch((error) => logger.debug('lag not committed', { error }));
  }
}

/** Starts a history service: sets its namespace up where needed, joins the group, and serves what it is assigned. */
export function startHistoryService(options: HistoryServiceOptions): Promise<HistoryService> {
  return HistoryService.start(options);
}
