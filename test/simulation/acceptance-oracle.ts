// What a worker commits it has accepted: by then the task's answer, or the claim of an activity, is on the log.
import type { LogRecord, TopicPartition } from '../../services/platform/log/log.js';
import { partitionOf } from '../../services/platform/partitioner.js';
import { type FoundRecord, type Run, recordsOf } from './recorded-runs.js';
import { isClose } from './run-oracle.js';
import { taskQueue, topics, type World } from './world.js';

/** A worker gives a task up that it can't carry out for so long, and history dispatches it again. */
const DROPPED_AFTER_MS = 60_000;

/** What the oracle looks at. */
type Watched = Pick<World, 'broker' | 'deleted' | 'codec' | 'shape' | 'commits'>;

/** What a worker said needn't be delivered again, and how far `commands` was then. */
export interface Commit {
  readonly atMs: number;
  readonly offsets: ReadonlyArray<TopicPartition & { readonly offset: number }>;
  /** The ends of the partitions of `commands`. */
  readonly commandsEnds: readonly number[];
}

export async function checkAcceptances(world: Watched, runs: ReadonlyMap<string, Run>): Promise<void> {
  const answers = await answersIn(world);
  const overSince = endsOf(runs);
  const setAside = new Set<string>();
  for (const { headers } of await recordsOf(world, topics.deadLetters)) {
    setAside.add(['topic', 'partition', 'offset'].map((name) => headers[`mr-source-${name}`]).join('/'));
  }
  for (const topic of [topics.workflowTasks(taskQueue), topics.activityTasks(taskQueue)]) {
    const tasks = (await recordsOf(world, topic)).filter(
      ({ partition, offset }) => !setAside.has([topic, partition, offset].join('/')),
    );
    checkTopic({ world, topic, tasks, answers, overSince });
  }
}

interface Checked {
  readonly world: Watched;
  readonly topic: string;
  readonly tasks: readonly FoundRecord[];
  readonly answers: ReadonlyMap<string, Answer>;
  readonly overSince: ReadonlyMap<string, number>;
}

interface Answer {
  readonly partition: number;
  readonly offset: number;
}

/** The first answer to each task. */
async function answersIn(world: Watched): Promise<Map<string, Answer>> {
  const { codec, shape } = world;
  const answers = new Map<string, Answer>();
  for (const { value, partition, offset } of await recordsOf(world, topics.commands)) {
    const command = read(() => codec.decode(value ?? Buffer.alloc(0)));
    if (command === undefined || !('scheduledEventId' in command) || !('header' in command)) continue;
    if (!('attempt' in command) || !('workflowId' in command.header)) continue;
    if (partitionOf(command.header.workflowId, shape.partitions ?? 1) !== partition) continue;
    const task = `${command.header.runId}/${command.scheduledEventId}/${command.attempt}`;
    if (!answers.has(task)) answers.set(task, { partition, offset });
  }
  return answers;
}

/** When each run was over: its tasks are of no use any more, and whoever gets one late drops it. */
function endsOf(runs: ReadonlyMap<string, Run>): Map<string, number> {
  const ends = new Map<string, number>();
  for (const { runId, events, recordedAtMs } of runs.values()) {
    const last = events.at(-1);
    if (last !== undefined && isClose(last)) ends.set(runId, recordedAtMs.at(-1) ?? 0);
  }
  return ends;
}

function checkTopic({ world, topic, tasks, answers, overSince }: Checked): void {
  const accepted: number[] = [];
  for (const { offsets, atMs, commandsEnds } of world.commits) {
    for (const { partition, offset } of offsets.filter((committed) => committed.topic === topic)) {
      const from = accepted[partition] ?? 0;
      accepted[partition] = Math.max(from, offset);
      for (const task of tasks) {
        if (task.partition !== partition || task.offset < from || task.offset >= offset) continue;
        const id = idOf(task);
        if (id === undefined || atMs - task.timestamp >= DROPPED_AFTER_MS) continue;
        if ((overSince.get(runOf(id)) ?? Infinity) <= atMs) continue;
        const answer = answers.get(id);
        if (answer === undefined || answer.offset >= (commandsEnds[answer.partition] ?? 0))
          throw new Error(`task ${id} of ${topic}/${partition} was committed before its answer was on the log`);
      }
    }
  }
}

function runOf(taskId: string): string {
  return taskId.split('/').slice(0, -2).join('/');
}

/** Of a query there is none. */
function idOf({ headers }: LogRecord): string | undefined {
  return headers['mr-id']?.toString('utf8');
}

function read<T>(decode: () => T): T | undefined {
  try {
    return decode();
  } catch {
    return undefined;
  }
}
