// Appends that fail before or after they are written, sends that fail, services that are killed: from a seed.
import { describe, expect, it } from 'vitest';
import { createMemoryStore } from '../../services/history/run-store.js';
import { activity, complete } from '../core/scenario.js';
import { chaos } from './chaos.js';
import { randomFrom } from './random.js';
import { eventually, World } from './world.js';

/** A worker that answers each task it has not answered yet, once. */
class Worker {
  readonly #world: World;
  readonly #answered = new Set<string>();

  constructor(world: World) {
    this.#world = world;
  }

  async work(): Promise<void> {
    for (const task of await this.#world.messagesOf('WorkflowTask', 'test.tasks.q.workflow')) {
      if (!this.#isNew(`${task.runId}/${task.scheduledEventId}/${task.attempt}`)) continue;
      await this.#world.complete(task, task.firstEventId === 1 ? activity('a') : complete);
    }
    for (const task of await this.#world.messagesOf('ActivityTask', 'test.tasks.q.activity')) {
      const { workflowId, runId, scheduledEventId, attempt } = task;
      if (!this.#isNew(`${runId}/${scheduledEventId}/${attempt}`)) continue;
      const body = { scheduledEventId, attempt, result: null };
      await this.#world.send('CompleteActivityTask', body, { workflowId, runId, replyTo: null });
    }
  }

  #isNew(id: string): boolean {
    const isNew = !this.#answered.has(id);
    this.#answered.add(id);
    return isNew;
  }
}

describe('under failures and kills', () => {
  for (const seed of [1, 2, 3, 4, 5, 6, 8, 10, 12]) {
    it(`every workflow ends once, with a gapless history (seed ${seed})`, async () => {
      const random = randomFrom(seed);
      const world = new World({ partitions: 2 });
      const setUp = await world.startService();
      await setUp.stop();
      const faults = chaos(random);
      // Half of the seeds write snapshots all the time, and have next to no room in memory.
      const scarce = { openStore: createMemoryStore, hotRunsBytes: 20_000, snapshotAfterBytes: 1 };
      const options = { faults, ...(seed % 2 === 0 && scarce) };
      const services = [await world.startService(options), await world.startService(options)];
      const worker = new Worker(world);
      const ids = Array.from({ length: 20 }, (_, i) => `w${i}`);
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
        return ended.length >= ids.length;
      });

      const events = (await world.messages(world.topics.history)).filter((event) => 'eventId' in headerOf(event));
      for (const id of ids) {
        const own = events.map(headerOf).filter(({ workflowId }) => workflowId === id);
        expect(own.map(({ sequence }) => sequence)).toEqual(own.map((_, index) => index + 1));
        const types = events.filter((event) => headerOf(event).workflowId === id).map(({ type }) => type);
        expect(types.filter((type) => type === 'ActivityTaskCompleted')).toHaveLength(1);
        expect(types.filter((type) => type === 'WorkflowExecutionCompleted')).toHaveLength(1);
      }
    });
  }
});

interface SomeHeader {
  readonly workflowId?: string;
  readonly sequence?: number;
}

function headerOf(event: object): SomeHeader {
  return 'header' in event && typeof event.header === 'object' && event.header !== null ? event.header : {};
}
