import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { Client } from '../../sdk/client/index.js';
import {
  type CustomSlotSupplier,
  type SlotInfo,
  type SlotPermit,
  type SlotReserveContext,
  Worker,
} from '../../sdk/worker/index.js';
import { type MemoryPlatform, openMemoryPlatform } from './memory-platform.js';

const workflowsPath = fileURLToPath(new URL('./fixtures/workflows.ts', import.meta.url));
const taskQueue = 'tuned';

let platform: MemoryPlatform;
let client: Client;

beforeEach(async () => {
  platform = await openMemoryPlatform();
  client = new Client({ connection: platform.connect() });
});

afterEach(() => platform.close());

/** Gives one place at a time, and notes what is asked of it. */
class OneAtATime<SI extends SlotInfo> implements CustomSlotSupplier<SI> {
  readonly type = 'custom';
  readonly asked: SlotReserveContext[] = [];
  readonly used: SI[] = [];
  readonly released: Array<SI | undefined> = [];
  #held: SlotPermit | undefined;
  #waiting: Array<(permit: SlotPermit) => void> = [];

  tryReserveSlot(context: SlotReserveContext): SlotPermit | null {
    this.asked.push(context);
    if (this.#held) return null;
    this.#held = { number: this.asked.length };
    return this.#held;
  }

  reserveSlot(_context: SlotReserveContext, abortSignal: AbortSignal): Promise<SlotPermit> {
    return new Promise((resolve, reject) => {
      this.#waiting.push(resolve);
      abortSignal.addEventListener('abort', () => reject(abortSignal.reason));
    });
  }

  markSlotUsed({ slotInfo, permit }: { slotInfo: SI; permit: SlotPermit }): void {
    expect(permit).toBe(this.#held);
    this.used.push(slotInfo);
  }

  releaseSlot({ slotInfo, permit }: { slotInfo?: SI; permit: SlotPermit }): void {
    expect(permit).toBe(this.#held);
    this.released.push(slotInfo);
    this.#held = undefined;
    const next = this.#waiting.shift();
    if (!next) return;
    this.#held = {};
    next(this.#held);
  }
}

test('a custom supplier gives the places, and is told what they were used for [worker.tuner]', async () => {
  const activitySlots = new OneAtATime();
  const workflowSlots = new OneAtATime();
  let running = 0;
  let most = 0;
  const worker = await Worker.create({
    connection: platform.connect(),
    taskQueue,
    workflowsPath,
    identity: 'tuned-worker',
    activities: {
      async greet(name: string) {
        running += 1;
        most = Math.max(most, running);
        await new Promise((resolve) => setImmediate(resolve));
        running -= 1;
        return `hello ${name}`;
      },
    },
    tuner: {
      workflowTaskSlotSupplier: workflowSlots,
      activityTaskSlotSupplier: activitySlots,
      localActivityTaskSlotSupplier: { type: 'fixed-size', numSlots: 1 },
    },
  });
  const execute = (name: string) =>
    client.workflow.execute('hello', { workflowId: `hello-${name}`, taskQueue, args: [name] });
  const results = await worker.runUntil(Promise.all(['Ada', 'Grace', 'Edsger'].map(execute)));
  expect(results).toEqual(['hello Ada', 'hello Grace', 'hello Edsger']);
  expect(most).toBe(1);
  expect(activitySlots.asked[0]).toEqual({
    slotType: 'activity',
    taskQueue,
    workerIdentity: 'tuned-worker',
    workerBuildId: '',
    isSticky: false,
  });
  expect(activitySlots.used).toEqual(Array(3).fill({ type: 'activity', activityType: 'greet' }));
  expect(activitySlots.released).toEqual(activitySlots.used);
  expect(new Set(workflowSlots.used.map((info) => JSON.stringify(info)))).toEqual(
    new Set([JSON.stringify({ type: 'workflow', workflowType: 'hello', isSticky: true })]),
  );
  expect(workflowSlots.released).toHaveLength(workflowSlots.used.length);
});

test('an error of a supplier ends the worker', async () => {
  const broken = new OneAtATime();
  broken.tryReserveSlot = () => {
    throw new RangeError('no places at all');
  };
  const worker = await Worker.create({
    connection: platform.connect(),
    taskQueue,
    activities: { greet: async () => 'hello' },
    workflowsPath,
    tuner: {
      workflowTaskSlotSupplier: broken,
      activityTaskSlotSupplier: { type: 'fixed-size', numSlots: 1 },
      localActivityTaskSlotSupplier: { type: 'fixed-size', numSlots: 1 },
    },
  });
  const running = worker.run();
  await client.workflow.start('hello', { workflowId: 'hello-1', taskQueue, args: ['Ada'] });
  await expect(running).rejects.toThrow('no places at all');
  expect(worker.getState()).toBe('FAILED');
});

test('a worker whose activities are all local takes none from the queue', async () => {
  const worker = await Worker.create({
    connection: platform.connect(),
    taskQueue,
    workflowsPath,
    enableNonLocalActivities: false,
    activities: { greet: async () => 'hello' },
  });
  expect(worker.getStatus()).toMatchObject({ runState: 'INITIALIZED', activityPollerState: 'SHUTDOWN' });
  const other = await Worker.create({
    connection: platform.connect(),
    taskQueue,
    activities: { greet: async () => 'hello from the other' },
  });
  const result = await worker.runUntil(
    other.runUntil(client.workflow.execute('hello', { workflowId: 'hello-1', taskQueue, args: ['Ada'] })),
  );
  expect(result).toBe('hello from the other');
});
