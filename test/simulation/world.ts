// Everything of one simulation: a broker, a network, the programs and what goes wrong with them.
import type { WorkflowBundle } from '../../sdk/worker/bundler.js';
import { createMemoryStore } from '../../services/history/run-store.js';
import type { HistoryServiceOptions } from '../../services/history/service.js';
import type { Codec } from '../../services/platform/codec/codec.js';
import { createMemoryBroker, type MemoryBroker } from '../../services/platform/log/memory/memory-log.js';
import { topicsOf } from '../../services/platform/topics.js';
import type { Commit } from './acceptance-oracle.js';
import { CrashSites } from './crash-sites.js';
import { Dice } from './dice.js';
import { planErrands } from './errands.js';
import { ClientHost, HistoryHost, type Host, WorkerHost } from './hosts.js';
import { Ledger } from './ledger.js';
import { Rejections } from './rejections.js';
import { DeletedRecords } from './retention.js';
import { Scheduler } from './scheduler.js';
import type { Network } from './simulated-log.js';
import { type ProcessKind, SimulatedProcess } from './simulated-process.js';
import { Trace } from './trace.js';
import { Weather } from './weather.js';

export const namespace = 'sim';
export const taskQueue = 'work';
export const topics = topicsOf(namespace);

type Shape = Pick<HistoryServiceOptions, 'partitions' | 'replyPartitions' | 'taskPartitions'> &
  Pick<HistoryServiceOptions, 'leaseMs' | 'standby' | 'checkStateEvery'> &
  Pick<HistoryServiceOptions, 'openStore' | 'hotRunsBytes' | 'snapshotAfterBytes'>;

export interface WorldOptions {
  readonly seed: number;
  /** How long errands are begun and things go wrong, in milliseconds of the simulation. */
  readonly troubledMs: number;
  readonly codec: Codec;
  readonly bundle: WorkflowBundle;
}

export class World {
  readonly startMs = Date.UTC(2026, 0, 1);
  readonly troubledMs: number;
  readonly codec: Codec;
  readonly bundle: WorkflowBundle;
  readonly dice: Dice;
  readonly trace = new Trace();
  readonly sites = new CrashSites();
  readonly rejections = new Rejections();
  readonly scheduler: Scheduler;
  readonly broker: MemoryBroker;
  readonly weather: Weather;
  readonly network: Network;
  readonly ledger: Ledger;
  /** What retention has removed. */
  readonly deleted = new DeletedRecords();
  /** What workers have committed, in order. */
  readonly commits: Commit[] = [];
  readonly histories: readonly HistoryHost[];
  readonly workers: readonly WorkerHost[];
  readonly clients: readonly ClientHost[];
  /** How the namespace is made, and what its services are told. */
  readonly shape: Shape;
  /** Tasks of a kind that a worker carries out at a time. */
  readonly slots: number;
  /** How far clocks may be apart, in milliseconds. */
  readonly skewMs: number;
  /** Whether a clock was set. */
  clocksJumped = false;
  #failure: Error | undefined;

  constructor({ seed, troubledMs, codec, bundle }: WorldOptions) {
    const dice = new Dice(seed);
    this.dice = dice;
    this.codec = codec;
    this.bundle = bundle;
    this.troubledMs = troubledMs;
    this.scheduler = new Scheduler(dice.fork(), this.trace, this.startMs);
    this.broker = createMemoryBroker({ now: () => this.scheduler.nowMs });
    this.weather = new Weather(dice.fork());
    const onCommitted = (offsets: Commit['offsets']) => this.#noteCommit(offsets);
    this.network = { scheduler: this.scheduler, dice: dice.fork(), weather: this.weather, onCommitted };
    this.shape = shapeOf(dice);
    this.slots = dice.pick([1, 2, 20]);
    this.skewMs = dice.pick([0, 50, 5_000, 60_000]);
    this.ledger = new Ledger(planErrands(dice.fork(), troubledMs, dice.pick([5, 20, 60])));
    const { progress } = this.ledger;
    const many = (count: number) => Array.from({ length: count }, (_, index) => index + 1);
    this.histories = many(dice.between(1, 3)).map((n) => new HistoryHost(`history-${n}`, 'history', this));
    this.workers = many(dice.between(1, 3)).map((n) => new WorkerHost(`worker-${n}`, 'worker', this));
    const clients = dice.between(1, 2);
    this.clients = many(clients).map((n) => {
      const own = progress.filter((_, index) => index % clients === n - 1);
      return new ClientHost(`client-${n}`, this, own);
    });
  }

  get hosts(): readonly Host[] {
    return [...this.histories, ...this.workers, ...this.clients];
  }

  get failure(): Error | undefined {
    return this.#failure;
  }

  async #noteCommit(offsets: Commit['offsets']): Promise<void> {
    const log = this.broker.connect();
    const commandsEnds: number[] = [];
    for (let partition = 0; partition < (this.shape.partitions ?? 1); partition++) {
      commandsEnds.push((await log.offsets({ topic: topics.commands, partition })).next);
    }
    this.commits.push({ atMs: this.scheduler.nowMs, offsets, commandsEnds });
  }

  /** Something that must never happen has. The first counts. */
  fail(error: Error): void {
    this.#failure ??= error;
    this.trace.add(this.scheduler.nowMs, '-', `FAILURE ${error.message}`);
  }

  /** Whether things go wrong at present. */
  get isTroubled(): boolean {
    return this.scheduler.nowMs - this.startMs < this.troubledMs;
  }

  newProcess(name: string, kind: ProcessKind): SimulatedProcess {
    const { scheduler, trace, sites, dice } = this;
    const skewMs = dice.between(-this.skewMs, this.skewMs);
    return new SimulatedProcess({
      name,
      kind,
      scheduler,
      trace,
      sites,
      skewMs,
      dice: dice.fork(),
      onError: (error) => this.fail(error),
    });
  }
}

/** Small enough that seconds bring what takes a large namespace hours: full memories, snapshots, checks. */
function shapeOf(dice: Dice): Shape {
  return {
    partitions: dice.between(1, 4),
    replyPartitions: dice.between(1, 2),
    taskPartitions: dice.between(1, 4),
    leaseMs: dice.pick([500, 1_500, 5_000]),
    standby: dice.chance(0.7),
    checkStateEvery: dice.pick([20, 100, 500]),
    openStore: dice.chance(0.7) ? createMemoryStore : undefined,
    hotRunsBytes: dice.pick([1_000, 50_000, 1_000_000]),
    snapshotAfterBytes: dice.pick([2_000, 20_000, 1_000_000]),
  };
}
