import { after, type Clock } from '../platform/clock.js';
import type { GroupMembership, Log } from '../platform/log/log.js';
import type { Logger } from '../platform/logger.js';
import type { Position } from './owners.js';

/** How often the group is told how far its partitions have come. For those who watch its lag: nobody resumes by it (H4). */
const LAG_COMMIT_MS = 5_000;

/** Time for a member that was away to be told of a new assignment, before it asks for one. */
const REJOIN_AFTER_MS = 1_000;

export interface MembershipOptions {
  readonly log: Log;
  readonly groupId: string;
  /** The topic whose partitions are shared. */
  readonly topic: string;
  readonly sessionTimeoutMs: number;
  readonly clock: Clock;
  readonly logger: Logger;
  /** The partitions that this member has, whoever gave them to it. */
  readonly owned: () => readonly number[];
  readonly positions: () => readonly Position[];
  readonly onAssigned: (partitions: readonly number[]) => void;
  readonly onFailed: (error: Error) => void;
}

/** A service's place in its group. It can be given up and taken anew, for the group to assign by what members have. */
export class Membership {
  readonly #options: MembershipOptions;
  #group: GroupMembership | undefined;
  #rejoining: Promise<void> | undefined;
  #cancelRejoin: (() => void) | undefined;
  #cancelCommit: () => void = () => {};
  #left = false;

  constructor(options: MembershipOptions) {
    this.#options = options;
  }

  async join(): Promise<void> {
    await this.#join();
    this.#commitLater();
  }

  /** Joins anew, unless the group assigns anew before that. */
  rejoinSoon(): void {
    if (this.#left || this.#cancelRejoin !== undefined || this.#rejoining !== undefined) return;
    this.#cancelRejoin = after(this.#options.clock, REJOIN_AFTER_MS, () => {
      this.#cancelRejoin = undefined;
      this.#options.logger.info('joining the group again: others have what it gave to this service');
      this.#rejoining = this.#rejoin().finally(() => {
        this.#rejoining = undefined;
      });
    });
  }

  /** Tells how far the partitions have come, and leaves. */
  async leave(positions: readonly Position[]): Promise<void> {
    this.#left = true;
    this.#cancelRejoin?.();
    this.#cancelCommit();
    await this.#rejoining;
    await this.#commit(positions);
    await this.#group?.leave();
  }

  async #commit(positions: readonly Position[]): Promise<void> {
    const { topic, logger } = this.#options;
    const offsets = positions.map((position) => ({ topic, ...position }));
    if (offsets.length === 0) return;
    await this.#group?.commit(offsets).catch((error) => logger.debug('lag not committed', { error }));
  }

  async #join(): Promise<void> {
    const { log, groupId, topic, sessionTimeoutMs, owned, onAssigned, onFailed } = this.#options;
    this.#group = await log.joinGroup({
      groupId,
      topics: [topic],
      sessionTimeoutMs,
      owned: () => owned().map((partition) => ({ topic, partition })),
      onAssigned: (assignment) => {
        if (this.#left) return;
        this.#cancelRejoin?.();
        this.#cancelRejoin = undefined;
        onAssigned(assignment.map(({ partition }) => partition));
      },
      onFailed,
    });
  }

  async #rejoin(): Promise<void> {
    try {
      await this.#group?.leave();
      this.#group = undefined;
      if (!this.#left) await this.#join();
    } catch (error) {
      if (!this.#left) this.#options.onFailed(error instanceof Error ? error : new Error(String(error)));
    }
  }

  #commitLater(): void {
    this.#cancelCommit = after(this.#options.clock, LAG_COMMIT_MS, () => {
      void this.#commit(this.#options.positions()).finally(() => {
        if (!this.#left) this.#commitLater();
      });
    });
  }
}
