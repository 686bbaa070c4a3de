// One simulation from its seed: a troubled time, then peace, in which everything has to come to its end; then the oracles.
import { fileURLToPath } from 'node:url';
import { bundleWorkflowCode, type WorkflowBundle } from '../../sdk/worker/bundler.js';
import { loadThreadCode } from '../../sdk/worker/sandbox/thread-code.js';
import { createLocalCodec } from '../../services/platform/codec/local-codec.js';
import type { CrashSites } from './crash-sites.js';
import { checkAll } from './oracles.js';
import { recordsOf } from './recorded-runs.js';
import { makePeace, makeTrouble } from './troublemaker.js';
import { taskQueue, topics, World } from './world.js';

/** How long after the troubled time everything has to be done, in milliseconds of the simulation. */
const PEACE_MS = 30 * 60_000;

export interface SimulationOptions {
  readonly seed: number;
  /** How long things go wrong, in minutes of the simulation. */
  readonly minutes: number;
}

export interface SimulationReport {
  readonly seed: number;
  /** The same whenever the same seed is run by the same code. */
  readonly fingerprint: string;
  readonly steps: number;
  readonly workflows: number;
  readonly events: number;
  /** How long it took in the simulation. */
  readonly simulatedMs: number;
  readonly sites: CrashSites;
  readonly failure: Error | undefined;
  /** The last steps of those whom the failure concerns. */
  readonly trace: readonly string[];
}

const codec = createLocalCodec();
let bundle: Promise<WorkflowBundle> | undefined;

export async function simulate({ seed, minutes }: SimulationOptions): Promise<SimulationReport> {
  bundle ??= bundleWorkflowCode({ workflowsPath: workflowsPath() });
  // Read from the disk before the simulation, in which nothing waits for one.
  const [code] = await Promise.all([bundle, loadThreadCode()]);
  const world = new World({ seed, troubledMs: minutes * 60_000, codec, bundle: code });
  world.rejections.listen();
  try {
    const events = await run(world);
    return report(world, seed, events);
  } finally {
    world.rejections.stop();
  }
}

async function run(world: World): Promise<number> {
  const { scheduler, startMs, troubledMs } = world;
  const isOver = () => world.failure !== undefined || world.rejections.unexpected.length > 0;
  for (const host of world.hosts) host.start();
  makeTrouble(world);
  await scheduler.run(startMs + troubledMs, isOver);
  makePeace(world);
  await scheduler.run(startMs + troubledMs + PEACE_MS, () => isOver() || world.ledger.isDone);
  // What is on its way arrives.
  await scheduler.run(scheduler.nowMs + 5_000, isOver);
  for (const error of world.rejections.unexpected)
    world.fail(new Error(`unhandled: ${String(error)}`, { cause: error }));
  let events = 0;
  try {
    events = await checkAll(world);
  } catch (error) {
    world.fail(error as Error);
  }
  for (const { process } of world.hosts) process?.kill();
  await addRecords(world);
  return events;
}

/** What is on the log is a part of the fingerprint. */
async function addRecords(world: World): Promise<void> {
  const { trace, scheduler } = world;
  const names = [topics.commands, topics.history, topics.replies, topics.deadLetters];
  for (const topic of [...names, topics.workflowTasks(taskQueue), topics.activityTasks(taskQueue)]) {
    for (const { partition, offset, key, value } of await recordsOf(world, topic)) {
      const bytes = `${key?.toString('base64')} ${value?.toString('base64')}`;
      trace.addSilently(`${scheduler.nowMs} ${topic}/${partition}@${offset} ${bytes}`);
    }
  }
}

function report(world: World, seed: number, events: number): SimulationReport {
  const { failure, trace, startMs, scheduler, ledger, sites } = world;
  const words = failure === undefined ? [] : concerned(failure.message);
  return {
    seed,
    fingerprint: trace.fingerprint(),
    steps: scheduler.steps,
    workflows: ledger.progress.length,
    events,
    simulatedMs: scheduler.nowMs - startMs,
    sites,
    failure,
    trace: failure === undefined ? [] : trace.last(60, startMs, words),
  };
}

/** The processes, workflows and partitions that a message speaks of. */
function concerned(message: string): string[] {
  return [...message.matchAll(/(?:history|worker|client)-\d+(?:\.\d+)?|partition \d+|[a-zA-Z]+-\d+/g)].map(
    ([word]) => word,
  );
}

function workflowsPath(): string {
  const extension = import.meta.url.endsWith('.ts') ? 'ts' : 'js';
  return fileURLToPath(new URL(`./all-workflows.${extension}`, import.meta.url));
}
