import type { GroupMembership, GroupOptions, TopicPartition } from '../../services/platform/log/log.js';
import { never, type SimulatedLog } from './simulated-log.js';

/**
 * A membership as its process sees it. The group gives up on a process that is dead or paused for longer than the
 * session time-out; one that wakes up finds that out, and joins again.
 */
export class SimulatedGroup {
  readonly #log: SimulatedLog;
  readonly #options: GroupOptions;
  readonly #join: (options: GroupOptions) => Promise<GroupMembership>;
  #membership: GroupMembership | undefined;
  /** Assignments on their way: until they are heard of, a commit is of a generation that is over. */
  #unheard = 0;
  #hearing: Promise<void> = Promise.resolve();
  #hasLeft = false;
  #isEntering = false;
  #pauses = 0;

  constructor(log: SimulatedLog, join: (options: GroupOptions) => Promise<GroupMembership>, options: GroupOptions) {
    this.#log = log;
    this.#join = join;
    this.#options = options;
    const { process, network } = log;
    const expire = (isStill: () => boolean) => {
      const giveUp = () => {
        if (isStill()) this.#drop();
      };
      network.scheduler.after(options.sessionTimeoutMs, `session of ${process.name} in ${options.groupId}`, giveUp);
    };
    process.onDeath(() => expire(() => true));
    process.onPause(() => {
      const pause = ++this.#pauses;
      expire(() => process.isPaused && pause === this.#pauses);
    });
    process.onResume(() => {
      if (this.#membership === undefined && !this.#hasLeft && !this.#isEntering) void this.#enter();
    });
  }

  async join(): Promise<GroupMembership> {
    await this.#enter();
    const place = this.#options.groupId;
    return {
      committed: (partitions) => {
        const effect = async () =>
          (await this.#membership?.committed(partitions)) ?? this.#committedOutside(partitions);
        return this.#log.operate({ kind: 'read', what: `committed of ${place}`, place: '', effect, fails: 'once' });
      },
      commit: (offsets) => {
        const effect = async () => {
          if (this.#unheard > 0) return;
          await this.#membership?.commit(offsets);
          await this.#log.network.onCommitted(offsets);
        };
        return this.#log.operate({ kind: 'commit', what: `commit to ${place}`, place: '', effect, fails: 'once' });
      },
      leave: async () => {
        if (this.#hasLeft) return;
        this.#hasLeft = true;
        const effect = async () => this.#drop();
        await this.#log.operate({ kind: 'group', what: `leave ${place}`, place: '', effect });
      },
    };
  }

  async #enter(): Promise<void> {
    const effect = async () => {
      const joined = await this.#join({ ...this.#options, onAssigned: (assignment) => this.#tell(assignment) });
      if (this.#hasLeft || this.#log.process.isDead) return void joined.leave();
      this.#membership = joined;
    };
    const place = this.#options.groupId;
    this.#isEntering = true;
    await this.#log.operate({ kind: 'group', what: `join ${place}`, place: '', effect });
    this.#isEntering = false;
  }

  /** A member that the group has given up asks as a new one would. */
  async #committedOutside(partitions: readonly TopicPartition[]) {
    const visitor = await this.#join({ ...this.#options, topics: [], onAssigned: () => undefined });
    const committed = await visitor.committed(partitions);
    await visitor.leave();
    return committed;
  }

  #drop(): void {
    const membership = this.#membership;
    this.#membership = undefined;
    void membership?.leave();
  }

  #tell(assignment: readonly TopicPartition[]): void {
    const { process, network } = this.#log;
    const { scheduler, weather } = network;
    this.#unheard += 1;
    const partitions = assignment.map(({ partition }) => partition).join(',');
    const hear = () =>
      new Promise<void>((resolve) => {
        const take = () => {
          this.#unheard -= 1;
          resolve();
          if (this.#hasLeft || process.diesAt('assigned', 'assigned', 'before')) return;
          this.#options.onAssigned(assignment);
          process.diesAt('assigned', 'assigned', 'after');
        };
        const label = `assigned ${partitions} of ${this.#options.groupId}`;
        scheduler.after(weather.latencyMs('', scheduler.nowMs), label, take, process);
      });
    // In the order of the generations.
    this.#hearing = process.isDead ? never() : this.#hearing.then(hear);
  }
}
