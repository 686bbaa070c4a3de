import { randomUUID } from 'node:crypto';
import type { NamespaceConfigured } from '../../schemas/generated/messages.js';
import { type Clock, systemClock } from '../platform/clock.js';
import { createDeadLetters } from '../platform/dead-letters.js';
import { HOT_RUNS_BYTES } from '../platform/limits.js';
import type { Logger } from '../platform/logger.js';
import { type ProvisionOptions, provisionNamespace } from '../platform/namespace.js';
import { historyGroup, topicsOf } from '../platform/topics.js';
import { CommandSource } from './command-source.js';
import type { TaskOut } from './core/tasks-out.js';
import { Custody } from './custody.js';
import { Leases } from './leases.js';
import { Membership } from './membership.js';
import type { OnPartitionFailed } from './owner.js';
import { Owners } from './owners.js';
import type { OpenStore } from './run-store.js';
import { Standbys } from './standbys.js';
import { TaskTopics } from './task-topics.js';
import type { OwnerEnvironment } from './tenure.js';

/** How long a service may be silent before others take its partitions over, in milliseconds. */
const LEASE_MS = 1_500;

/** How the namespace is made, if it isn't there, is part of them. */
export interface HistoryServiceOptions extends ProvisionOptions {
  /** Who this is, in the claims of its partitions. */
  readonly identity: string;
  readonly logger: Logger;
  /**
   * The time that workflows live in: that of their timers, time-outs and events. `clock` is then for what the service
   * itself waits for. Default: `clock`.
   */
  readonly workflowClock?: Clock;
  /** Unique to this start of a service; made up unless set. */
  readonly serviceId?: string;
  /** How long it may be silent before others take its partitions over, in milliseconds; 1,500 unless set. */
  readonly leaseMs?: number;
  /** Time without heartbeats after which its group gives it up, in milliseconds; 6,000 unless set. */
  readonly sessionTimeoutMs?: number;
  /** Whether to follow the histories of the partitions it would take over; true unless set. */
  readonly standby?: boolean;
  /** Opens local stores for the runs that memory has no room for. Without it all runs stay in memory. */
  readonly openStore?: OpenStore | undefined;
  /** What runs in memory may take, about, in bytes; `HOT_RUNS_BYTES` unless set. */
  readonly hotRunsBytes?: number;
  /** Growth of a partition's history, in bytes, after which a snapshot is written; `SNAPSHOT_AFTER_BYTES` unless set. */
  readonly snapshotAfterBytes?: number;
  /** Events of a partition between two checks of its state against its history; none unless set. */
  readonly checkStateEvery?: number | undefined;
  /** Called when a partition has stopped on a broken invariant (H9). The others go on, and it is tried again. */
  readonly onPartitionFailed?: OnPartitionFailed;
  /** Called when the service can't be part of its group any more. Stop it and start another. */
  readonly onFailed?: (error: Error) => void;
}

/**
 * A history service. The group says which partitions it has; the leases say sooner who is gone, and what of that is its
 * own to take over.
 */
export class HistoryService {
  readonly configuration: NamespaceConfigured;
  readonly #environment: OwnerEnvironment;
  readonly #custody = new Custody();
  readonly #standbys: Standbys;
  readonly #owners: Owners;
  readonly #leases: Leases;
  readonly #membership: Membership;
  readonly #hasStandbys: boolean;
  #stopping: Promise<void> | undefined;

  private constructor(environment: OwnerEnvironment, options: HistoryServiceOptions) {
    const { topics, configuration, logger } = environment;
    const { namespace, sessionTimeoutMs = 6_000, serviceId = randomUUID(), leaseMs = LEASE_MS } = options;
    this.configuration = configuration;
    this.#environment = environment;
    this.#hasStandbys = options.standby ?? true;
    this.#standbys = new Standbys(environment);
    this.#owners = new Owners(environment, this.#standbys, options.onPartitionFailed ?? (() => {}));
    this.#leases = new Leases({
      ...environment,
      topic: topics.services,
      serviceId,
      partitions: configuration.partitions,
      leaseMs,
      held: () => this.#owners.held,
      onChanged: () => this.#onFleetChanged(),
    });
    this.#membership = new Membership({
      ...environment,
      groupId: historyGroup(namespace),
      topic: topics.commands,
      sessionTimeoutMs,
      // Taken for dead and not knowing of it yet, it must not claim what others have by now.
      owned: () => (this.#leases.isCurrent ? [...this.#custody.partitions] : []),
      positions: () => this.#owners.positions,
      onAssigned: (partitions) => this.#onAssigned(partitions),
      onFailed: (error) => {
        logger.error('this history service has lost its group', { error });
        options.onFailed?.(error);
      },
    });
  }

  /** Sets the namespace up where that is not done yet, and joins its group. */
  static async start(options: HistoryServiceOptions): Promise<HistoryService> {
    const { log, codec, namespace, identity, logger, clock = systemClock } = options;
    const { workflowClock = clock, openStore, hotRunsBytes = HOT_RUNS_BYTES } = options;
    const configuration = await provisionNamespace(options);
    const topics = topicsOf(namespace);
    const producer = log.producer();
    const environment = {
      ...{ log, codec, topics, configuration, identity, clock, workflowClock, logger, producer },
      commandSource: new CommandSource(log, topics.commands),
      taskTopics: new TaskTopics({ ...options, topics, configuration }),
      deadLetters: createDeadLetters({ producer, topics, logger }),
      storage: openStore && { codec, open: openStore, hotBytes: hotRunsBytes / configuration.partitions },
      snapshotAfterBytes: options.snapshotAfterBytes,
      checkStateEvery: options.checkStateEvery,
    };
    const service = new HistoryService(environment, options);
    try {
      await service.#leases.start();
      await service.#membership.join();
    } catch (error) {
      await service.stop();
      throw error;
    }
    return service;
  }

  /** The partitions that are being served. */
  get serving(): number[] {
    return this.#owners.all.filter((owner) => owner.isServing).map((owner) => owner.partition);
  }

  /** Tasks of its runs that are out: while there are none, and nothing is sent to it, only time brings them on. */
  get tasksOut(): TaskOut[] {
    return this.#owners.all.flatMap((owner) => owner.tasksOut);
  }

  /** The partitions of others whose history it has read, to take them over at once. */
  get standingBy(): number[] {
    return this.#standbys.warm;
  }

  /** Resolves when each partition it has so far is served, or has failed. */
  async settled(): Promise<void> {
    await Promise.all(this.#owners.all.map((owner) => owner.settled));
  }

  /** Gives the partitions back, says so, and leaves the group, so that others can take them over at once. */
  stop(): Promise<void> {
    this.#stopping ??= this.#stop();
    return this.#stopping;
  }

  async #stop(): Promise<void> {
    const { commandSource, producer } = this.#environment;
    const had = this.#owners.held;
    await this.#standbys.close();
    const positions = await this.#owners.giveBack();
    await this.#leases.withdraw(had);
    await this.#membership.leave(positions);
    await commandSource.close();
    await producer.close();
  }

  #onAssigned(partitions: readonly number[]): void {
    if (this.#stopping !== undefined) return;
    this.#environment.logger.info('partitions assigned', { partitions });
    this.#custody.assign(partitions);
    this.#owners.keep(this.#custody.partitions);
    this.#leases.renew();
  }

  #onFleetChanged(): void {
    if (this.#stopping !== undefined) return;
    const { fleet } = this.#leases;
    const inherited = fleet.inheritance.filter((partition) => this.#custody.inherit(partition));
    const beaten = this.#owners.all.filter((owner) => owner.ownerEpoch > 0 && fleet.isBeaten(owner));
    const yielded = beaten.map(({ partition }) => partition).filter((partition) => this.#custody.yield(partition));
    if (inherited.length + yielded.length > 0) {
      this.#environment.logger.warn('partitions moved without the group', { inherited, yielded });
      this.#owners.keep(this.#custody.partitions);
      this.#leases.renew();
    }
    if (this.#custody.isAtOdds) this.#membership.rejoinSoon();
    if (!this.#hasStandbys) return;
    const { partitions } = this.#custody;
    this.#standbys.keep(fleet.expectations.filter((partition) => !partitions.has(partition)));
  }
}

/** Starts a history service: sets its namespace up where needed, joins the group, and serves what it is assigned. */
export function startHistoryService(options: HistoryServiceOptions): Promise<HistoryService> {
  return HistoryService.start(options);
}
