// Parents and children in different partitions, under appends and sends that fail and services that are killed: each
// child is started once, and its parent is told of its start and its end once each; a signal is taken once.
import { describe, expect, it } from 'vitest';
import type { HistoryEvent } from '../../schemas/generated/messages.js';
import { createMemoryStore } from '../../services/history/run-store.js';
import { partitionOf } from '../../services/platform/partitioner.js';
import { child, complete } from '../core/scenario.js';
import { chaos } from './chaos.js';
import { randomFrom } from './random.js';
import { eventually, type TaskOf, World } from './world.js';

const PARENTS = 12;
const TASKS = 'test.tasks.q.workflow';

/** Parents start a child and signal it; a child waits for the signal; who has a child's end, ends too. */
class Worker {
  readonly #world: World;
  readonly #answered = new Set<string>();

  constructor(world: World) {
    this.#world = world;
  }

  async work(): Promise<void> {
    const events = await this.#world.messages(this.#world.topics.history);
    for (const task of await this.#world.messagesOf('WorkflowTask', TASKS)) {
      const id = `${task.runId}/${task.scheduledEventId}/${task.attempt}`;
      if (this.#answered.has(id)) continue;
      this.#answered.add(id);
      await this.#world.complete(task, ...commandsFor(task, eventsOf(events, task.runId)));
    }
  }
}

function commandsFor(task: TaskOf<'WorkflowTask'>, events: readonly HistoryEvent[]) {
  const seen = events.filter((event) => 'header' in event && event.header.eventId <= task.seenEventId);
  const has = (type: HistoryEvent['type']) => seen.some((event) => event.type === type);
  const childId = `child of ${task.workflowId}`;
  if (task.workflowType === 'ship') return has('WorkflowExecutionSignaled') ? [complete] : [];
  if (task.firstEventId === 1) return [child({ workflowId: childId })];
  if (has('ChildWorkflowExecutionCompleted')) return [complete];
  if (!has('ChildWorkflowExecutionStarted') || has('SignalExternalWorkflowExecutionInitiated')) return [];
  return [{ signalExternalWorkflowExecution: { workflowId: childId, runId: null, signalName: 'go' } }];
}

function eventsOf(messages: readonly object[], runId?: string): HistoryEvent[] {
  const events = messages.filter((message): message is HistoryEvent => 'header' in message);
  return events.filter((event) => 'header' in event && (runId === undefined || event.header.runId === runId));
}

describe('families under failures and kills', () => {
  for (const seed of [1, 2, 3, 4, 5, 6]) {
    it(`every child starts once and its end reaches its parent once (seed ${seed})`, async () => {
      const random = randomFrom(seed);
      const world = new World({ partitions: 4 });
      await (await world.startService()).stop();
      const scarce = { openStore: createMemoryStore, hotRunsBytes: 20_000, snapshotAfterBytes: 1 };
      const options = { faults: chaos(random), checkStateEvery: 40, ...(seed % 2 === 0 && scarce) };
      const services = [await world.startService(options), await world.startService(options)];
      const worker = new Worker(world);
      const ids = Array.from({ length: PARENTS }, (_, i) => `p${i}`);
      const apart = ids.filter((id) => partitionOf(id, 4) !== partitionOf(`child of ${id}`, 4));
      expect(apart.length).toBeGreaterThan(PARENTS / 2);
      let started = 0;
      await eventually(async () => {
        const next = ids[started++];
        if (next !== undefined) await world.start(next);
        if (random() < 0.1) {
          await services.shift()?.crash();
          services.push(await world.startService(options));
        }
        await worker.work();
        world.clock.advance(Math.floor(random() * 1_000));
        const ended = await world.messagesOf('WorkflowExecutionCompleted', world.topics.history);
        return ended.length >= 2 * PARENTS;
      });

      const events = eventsOf(await world.messages(world.topics.history));
      for (const id of ids) {
        const own = events.flatMap((event) =>
          'header' in event && event.header.workflowId === id && event.header.eventId > 0 ? [event.type] : [],
        );
        expect(own.filter((type) => type.startsWith('ChildWorkflow'))).toEqual([
          'ChildWorkflowExecutionStarted',
          'ChildWorkflowExecutionCompleted',
        ]);
        const childs = events.filter((event) => 'header' in event && event.header.workflowId === `child of ${id}`);
        const types = childs.map(({ type }) => type);
        for (const once of ['WorkflowExecutionStarted', 'WorkflowExecutionSignaled', 'WorkflowExecutionCompleted']) {
          expect(types.filter((type) => type === once)).toHaveLength(1);
        }
      }
      await Promise.all(services.map((service) => service.stop()));
    });
  }
});
