// What the leases are for: a service that dies, stops or is cut off is followed at once, by one other for each partition,
// whatever the group knows of it. The group in memory notices a departure only when it is told.
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { HistoryService } from '../../services/history/service.js';
import { startHistoryService } from '../../services/history/service.js';
import { silentLogger } from '../../services/platform/logger.js';
import { ManualClock } from './manual-clock.js';
import { Gate, pausableLog } from './pausable-log.js';
import { eventually, World } from './world.js';

const STEP_MS = 50;

/** A service as a process of its own: with its own clock, which stands while the process is stopped. */
interface Process {
  readonly id: string;
  readonly service: HistoryService;
  readonly log: Gate;
  readonly group: Gate;
  stopped: boolean;
  owedMs: number;
  readonly clock: ManualClock;
}

let world: World;
let processes: Process[];

beforeEach(() => {
  world = new World({ partitions: 8 });
  processes = [];
});

afterEach(async () => {
  for (const { log, group } of processes) {
    log.open();
    group.open();
  }
  await Promise.all(processes.map(({ service }) => service.stop()));
});

async function start(id: string, isGated?: (topic: string) => boolean): Promise<Process> {
  const gates = { log: new Gate(), group: new Gate() };
  const clock = new ManualClock(world.clock.now());
  const service = await startHistoryService({
    log: pausableLog(world.connect(), gates, isGated),
    codec: world.codec,
    namespace: 'test',
    identity: id,
    serviceId: id,
    logger: silentLogger,
    clock,
    partitions: 8,
    replyPartitions: 1,
    taskPartitions: 1,
  });
  const process = { id, service, ...gates, stopped: false, owedMs: 0, clock };
  processes.push(process);
  return process;
}

/** Starts so many services, and waits until they have shared the partitions. */
async function startFleet(...ids: string[]): Promise<Process[]> {
  for (const id of ids) await start(id);
  await eventually(() => served().length === 8 && processes.every(({ service }) => service.serving.length > 0));
  await pass(500);
  return processes;
}

/** Lets time pass for everybody, and what follows from it happen. */
async function pass(ms: number): Promise<void> {
  for (let passed = 0; passed < ms; passed += STEP_MS) {
    world.clock.advance(STEP_MS);
    for (const process of processes) {
      if (process.stopped) process.owedMs += STEP_MS;
      else process.clock.advance(STEP_MS);
    }
    for (let turn = 0; turn < 30; turn++) await new Promise((resolve) => setImmediate(resolve));
  }
}

/** As SIGSTOP does: nothing of it goes on. The group waits for it. */
function stop(process: Process): void {
  process.stopped = true;
  process.log.shut();
  process.group.shut();
}

/** As SIGCONT does: it finds its clock elsewhere, and goes on in the middle of what it did. */
function wake(process: Process): void {
  process.stopped = false;
  process.clock.jump(process.owedMs);
  process.owedMs = 0;
  process.log.open();
  process.group.open();
}

function served(): number[] {
  return processes
    .filter(({ stopped }) => !stopped)
    .flatMap(({ service }) => service.serving)
    .sort();
}

/** Who claimed each partition, in order. */
async function claims(): Promise<Map<number, string[]>> {
  const claims = new Map<number, string[]>();
  for (const { partition, identity } of await world.messagesOf('PartitionOwnerClaimed', world.topics.history)) {
    claims.set(partition, [...(claims.get(partition) ?? []), identity]);
  }
  return claims;
}

const all = [0, 1, 2, 3, 4, 5, 6, 7];

describe('the others, when a service', () => {
  it('is silent for as long as its lease: take each of its partitions over once, evenly, and the group is not asked', async () => {
    const [a, b, c] = await startFleet('a', 'b', 'c');
    if (a === undefined || b === undefined || c === undefined) throw new Error('three were started');
    const before = await claims();
    const lost = b.service.serving;
    stop(b);
    await pass(1_200);
    expect(served()).toHaveLength(8 - lost.length);
    await pass(800);
    expect(served()).toEqual(all);
    expect([a.service.serving.length, c.service.serving.length]).toEqual([4, 4]);
    for (const [partition, owners] of await claims()) {
      const more = owners.slice(before.get(partition)?.length);
      expect(more).toHaveLength(lost.includes(partition) ? 1 : 0);
      expect(more).not.toContain('b');
    }
  });

  it('stops: take over before the group has told them', async () => {
    const [a, b] = await startFleet('a', 'b');
    a?.group.shut();
    await b?.service.stop();
    await eventually(() => a?.service.serving.length === 8);
  });

  it('wakes up again: keep what they took until the group has shared anew, and nothing goes to and fro', async () => {
    const [a, b] = await startFleet('a', 'b');
    if (a === undefined || b === undefined) throw new Error('two were started');
    const lost = b.service.serving;
    stop(b);
    await pass(2_500);
    expect(a.service.serving).toHaveLength(8);
    wake(b);
    await pass(500);
    // It has let go of all of it, and asks the group for a share.
    expect(served()).toEqual(all);
    expect(b.service.serving).toEqual([]);
    await pass(2_000);
    expect(served()).toEqual(all);
    expect(b.service.serving).toHaveLength(4);
    const settled = await claims();
    await pass(20_000);
    expect(await claims()).toEqual(settled);
    // Its own, the survivor's, and at most one more by the group's decision.
    for (const partition of lost) expect((settled.get(partition) ?? []).length).toBeLessThanOrEqual(4);
  });

  it('is cut off from the leases: take over, while it takes nobody for dead, and yields', async () => {
    const cut = (topic: string) => topic === world.topics.services;
    const a = await start('a', cut);
    const b = await start('b');
    await eventually(() => a.service.serving.length === 4 && b.service.serving.length === 4);
    await pass(500);
    a.log.shut();
    await pass(3_000);
    expect(b.service.serving.sort()).toEqual(all);
    const before = await claims();
    a.log.open();
    await pass(500);
    expect(await claims()).toEqual(before);
    expect(a.service.serving).toEqual([]);
    await pass(3_000);
    expect(served()).toEqual(all);
    expect(a.service.serving).toHaveLength(4);
  });

  it('dies with the group none the wiser: go on with its workflows', async () => {
    const [a, b] = await startFleet('a', 'b');
    if (a === undefined || b === undefined) throw new Error('two were started');
    const ids = Array.from({ length: 40 }, (_, i) => `w${i}`);
    for (const id of ids.slice(0, 20)) await world.start(id);
    await world.awaitMessages('WorkflowExecutionStarted', world.topics.history, 20);
    stop(b);
    for (const id of ids.slice(20)) await world.start(id);
    await pass(2_500);
    const started = await world.awaitMessages('WorkflowExecutionStarted', world.topics.history, 40);
    expect(started.map(({ header }) => header.workflowId).sort()).toEqual([...ids].sort());
  });
});

it('a service that starts while another lies dead in the group takes its partitions over without waiting for the group', async () => {
  const [a] = await startFleet('a');
  if (a === undefined) throw new Error('one was started');
  stop(a);
  const b = await start('b');
  b.group.shut();
  await pass(2_500);
  expect(b.service.serving.sort()).toEqual(all);
});

it('a service with a lease that it could not keep is refused', async () => {
  await expect(world.startService({ leaseMs: 0 })).rejects.toThrow(
    'a lease of 0 ms is too short: give it 100 ms or more',
  );
});
