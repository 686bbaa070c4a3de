// The programs of the simulation, each kept running as an operator would: what dies is started again after a while.
import { Client, Connection, NamespaceNotFoundError } from '../../sdk/client/index.js';
import { Worker } from '../../sdk/worker/index.js';
import { type HistoryService, startHistoryService } from '../../services/history/service.js';
import { createActivities } from './activities.js';
import { runErrand } from './errand-runner.js';
import { inProcessSandbox } from './in-process-sandbox.js';
import type { ErrandProgress } from './ledger.js';
import { SimulatedLog } from './simulated-log.js';
import type { ProcessKind, SimulatedProcess } from './simulated-process.js';
import { doomOf } from './troublemaker.js';
import { namespace, taskQueue, type World } from './world.js';

/** A place where one process after the other runs the same program. */
export abstract class Host {
  readonly name: string;
  readonly kind: ProcessKind;
  protected readonly world: World;
  #incarnations = 0;
  process: SimulatedProcess | undefined;

  constructor(name: string, kind: ProcessKind, world: World) {
    this.name = name;
    this.kind = kind;
    this.world = world;
  }

  /** Starts the program in a new process. */
  start(): void {
    const process = this.world.newProcess(`${this.name}.${++this.#incarnations}`, this.kind);
    this.process = process;
    // Many die young, where a start has got no further than half.
    if (this.world.isTroubled && this.world.dice.chance(0.2)) process.doom = doomOf(this.kind, this.world.dice);
    process.onDeath(() => this.startLater(this.world.dice.spread(4_000)));
    const log = new SimulatedLog(process, this.world.broker.connect(), this.world.network);
    this.world.scheduler.after(0, `start ${process.name}`, () => void this.#run(process, log), process);
  }

  startLater(delayMs: number): void {
    this.world.scheduler.after(delayMs, `${this.name} is started again`, () => this.start());
  }

  /** Ends the program in its own way, where it has one, and starts it again. */
  abstract stop(): void;

  protected abstract program(process: SimulatedProcess, log: SimulatedLog): Promise<void>;

  async #run(process: SimulatedProcess, log: SimulatedLog): Promise<void> {
    try {
      await this.program(process, log);
    } catch (error) {
      if (!isOfTheStart(error)) this.world.fail(new Error(`${process.name} ended: ${String(error)}`, { cause: error }));
    }
    // It has ended by itself: its process is gone with it.
    process.kill();
  }
}

/** Nothing is set up yet, or the log can't be reached: a program that can't start says so, and is started again. */
function isOfTheStart(error: unknown): boolean {
  if (error instanceof NamespaceNotFoundError) return true;
  return error instanceof Error && 'retryable' in error && error.retryable === true;
}

export class HistoryHost extends Host {
  #service: HistoryService | undefined;

  protected async program(process: SimulatedProcess, log: SimulatedLog): Promise<void> {
    const { world } = this;
    const ended = new Promise<void>((resolve) => {
      this.#end = resolve;
    });
    const service = await startHistoryService({
      log,
      codec: world.codec,
      namespace,
      identity: process.name,
      logger: process.logger,
      clock: process.clock,
      serviceId: process.newId(),
      ...world.shape,
      onPartitionFailed: (partition, error) => {
        world.fail(new Error(`partition ${partition} stopped at ${process.name}: ${String(error)}`, { cause: error }));
      },
      onFailed: (error) => world.fail(error as Error),
    });
    this.#service = service;
    await ended;
    await service.stop();
    await log.close();
  }

  #end: () => void = () => undefined;

  stop(): void {
    this.#end();
  }

  get service(): HistoryService | undefined {
    return this.process?.isDead ? undefined : this.#service;
  }
}

export class WorkerHost extends Host {
  #worker: Worker | undefined;

  protected async program(process: SimulatedProcess, log: SimulatedLog): Promise<void> {
    const { world } = this;
    const { codec, bundle, scheduler, rejections } = world;
    const { name: identity, logger, clock, newId } = process;
    const connection = Connection.over({ log, codec, logger, identity, clock, newId });
    const worker = await Worker.create(
      {
        connection,
        namespace,
        taskQueue,
        workflowBundle: bundle,
        // The default is the machine's, and a seed means the same on every machine.
        workflowThreadPoolSize: 1,
        activities: createActivities(world.dice.fork(), world.ledger.tokens),
        maxConcurrentActivityTaskExecutions: world.slots,
        maxConcurrentWorkflowTaskExecutions: world.slots,
        shutdownGraceTime: 500,
      },
      {
        startSandbox: inProcessSandbox(process, scheduler, rejections),
        onShutdownSignal: () => () => undefined,
      },
    );
    this.#worker = worker;
    await worker.run();
    await connection.close();
  }

  stop(): void {
    if (this.#worker?.getState() === 'RUNNING') this.#worker.shutdown();
  }
}

export class ClientHost extends Host {
  readonly #errands: readonly ErrandProgress[];

  constructor(name: string, world: World, errands: readonly ErrandProgress[]) {
    super(name, 'client', world);
    this.#errands = errands;
  }

  protected async program(process: SimulatedProcess, log: SimulatedLog): Promise<void> {
    const { world } = this;
    const { codec, ledger, scheduler } = world;
    const { name: identity, logger, clock, newId } = process;
    const connection = Connection.over({ log, codec, logger, identity, clock, newId });
    const client = new Client({ connection, namespace });
    await connection.namespace(namespace);
    const options = { process, client, ledger, taskQueue, onDefect: (error: Error) => world.fail(error) };
    for (const progress of this.#errands) {
      if (progress.ending !== undefined) continue;
      const inMs = world.startMs + progress.errand.atMs - scheduler.nowMs;
      scheduler.after(
        inMs,
        `errand of ${progress.errand.workflowId}`,
        () => void runErrand(progress, options),
        process,
      );
    }
    await new Promise<never>(() => undefined);
  }

  stop(): void {
    this.process?.kill();
  }
}
