// What goes wrong, and when: by the seed, until the troubled time is over.
import type { GroupMembership } from '../../services/platform/log/log.js';
import { historyGroup, workerGroup } from '../../services/platform/topics.js';
import type { Dice } from './dice.js';
import type { Host } from './hosts.js';
import { retainLittle } from './retention.js';
import type { CrashKind, Doom, ProcessKind } from './simulated-process.js';
import { BROKERS } from './weather.js';
import { namespace, taskQueue, topics, type World } from './world.js';

type Trouble = (world: World, dice: Dice) => void;

/** Makes trouble at times of the seed's choosing, of the kinds that it has picked, and kills at chosen operations. */
export function makeTrouble(world: World): void {
  const dice = world.dice.fork();
  const kinds = troubles.filter(() => dice.chance(0.6));
  if (kinds.length > 0) keepMaking(world, dice, dice.pick([500, 3_000, 10_000]), () => dice.pick(kinds)(world, dice));
  if (dice.chance(0.5)) retainLittle(world, dice.fork());
  if (dice.chance(0.8)) keepMaking(world, dice, dice.pick([300, 2_000, 8_000]), () => killAtOperation(world, dice));
}

function keepMaking(world: World, dice: Dice, meanMs: number, make: () => void): void {
  const next = () => {
    if (!world.isTroubled) return;
    make();
    world.scheduler.after(dice.spread(meanMs), 'trouble', next);
  };
  world.scheduler.after(dice.spread(meanMs), 'trouble', next);
}

/** Operations that few come by: chosen by their place, or nobody would ever be killed there. One of them is in a stop. */
const inStop: Doom = { kind: 'timer', at: 'loop.stop', when: 'before', countdown: 0 };
const rareOperations: readonly Partial<Doom>[] = [
  { kind: 'read', at: 'namespace.ensureTaskQueue', countdown: 0 },
  { kind: 'timer', at: 'membership.rejoinSoon', when: 'before', countdown: 0 },
];

/** What kills a process at one of its next operations of a kind, before that takes effect or after. */
export function doomOf(kind: ProcessKind, dice: Dice): Doom {
  const rare = kind === 'history' && dice.chance(0.3) ? dice.pick(rareOperations) : undefined;
  return {
    kind: dice.pick(operations[kind]),
    when: dice.chance(0.5) ? 'before' : 'after',
    countdown: dice.pick([0, 0, 1, 3, 10]),
    ...rare,
  };
}

const operations: Readonly<Record<ProcessKind, readonly CrashKind[]>> = {
  history: ['append', 'send', 'open', 'read', 'assign', 'deliver', 'group', 'assigned', 'commit', 'timer'],
  worker: ['send', 'open', 'read', 'assign', 'deliver', 'group', 'assigned', 'commit', 'timer'],
  client: ['send', 'read', 'assign', 'deliver', 'timer'],
};

/** Ends all trouble: nothing more fails, whoever is paused goes on, whoever was doomed lives. */
export function makePeace(world: World): void {
  world.weather.clear();
  for (const { process } of world.hosts) {
    if (process === undefined) continue;
    process.doom = undefined;
    process.resume();
  }
}

const troubles: readonly Trouble[] = [
  killAtOnce,
  pauseOne,
  stopOne,
  jumpOne,
  rebalance,
  slowDownOne,
  cutOff,
  loseBroker,
  strew,
];

function killAtOnce(world: World, dice: Dice): void {
  hostOf(world, dice).process?.kill();
}

function killAtOperation(world: World, dice: Dice): void {
  const { process } = hostOf(world, dice);
  if (process !== undefined && process.doom === undefined) process.doom = doomOf(process.kind, dice);
}

/** Longer than its session lasts, or shorter. */
function pauseOne(world: World, dice: Dice): void {
  const { process } = hostOf(world, dice);
  if (process === undefined) return;
  process.pause();
  world.trace.add(world.scheduler.nowMs, process.name, 'PAUSED');
  world.scheduler.after(dice.spread(8_000), `resume ${process.name}`, () => process.resume());
}

function stopOne(world: World, dice: Dice): void {
  const host = hostOf(world, dice);
  world.trace.add(world.scheduler.nowMs, host.name, 'ASKED TO STOP');
  // Few stops take so long that this timer rings.
  if (host.process !== undefined && dice.chance(0.5)) host.process.doom ??= { ...inStop };
  host.stop();
}

function jumpOne(world: World, dice: Dice): void {
  const { process } = hostOf(world, dice);
  const ms = dice.spread(20_000);
  process?.jump(ms);
  world.clocksJumped = true;
  world.trace.add(world.scheduler.nowMs, process?.name ?? '-', `CLOCK JUMPS ${ms} ms`);
}

/** A member that does nothing comes into a group for a while, and takes its share. */
function rebalance(world: World, dice: Dice): void {
  const [groupId, topic] = dice.pick([
    [historyGroup(namespace), topics.commands],
    [workerGroup(namespace, taskQueue, 'workflow'), topics.workflowTasks(taskQueue)],
    [workerGroup(namespace, taskQueue, 'activity'), topics.activityTasks(taskQueue)],
  ] as const);
  const forMs = dice.spread(5_000);
  const leave = (membership: GroupMembership) => {
    world.scheduler.after(forMs, `intruder leaves ${groupId}`, () => void membership.leave());
  };
  const silent = { sessionTimeoutMs: 6_000, onAssigned: () => undefined, onFailed: () => undefined };
  world.trace.add(world.scheduler.nowMs, '-', `INTRUDER IN ${groupId}`);
  // The topics may not be there yet.
  world.broker
    .connect()
    .joinGroup({ groupId, topics: [topic], ...silent })
    .then(leave, () => undefined);
}

function slowDownOne(world: World, dice: Dice): void {
  const topic = dice.pick([
    topics.commands,
    topics.history,
    topics.replies,
    topics.workflowTasks(taskQueue),
    topics.activityTasks(taskQueue),
  ]);
  const place = `${topic}/${dice.between(0, 3)}`;
  world.trace.add(world.scheduler.nowMs, '-', `SLOW ${place}`);
  world.weather.slowDown(place, world.scheduler.nowMs + dice.spread(10_000));
}

function cutOff(world: World, dice: Dice): void {
  world.trace.add(world.scheduler.nowMs, '-', 'OUTAGE');
  world.weather.cutOff(world.scheduler.nowMs + dice.spread(3_000));
}

/** One broker for a while, or all of them. */
function loseBroker(world: World, dice: Dice): void {
  const untilMs = world.scheduler.nowMs + dice.spread(8_000);
  const all = Array.from({ length: BROKERS }, (_, broker) => broker);
  const lost = dice.chance(0.2) ? all : [dice.pick(all)];
  world.trace.add(world.scheduler.nowMs, '-', `BROKERS LOST ${lost}`);
  for (const broker of lost) world.weather.loseBroker(broker, untilMs);
}

/** Records that are none of ours, or not of this place. */
function strew(world: World, dice: Dice): void {
  const topic = dice.pick([
    topics.commands,
    topics.replies,
    topics.workflowTasks(taskQueue),
    topics.activityTasks(taskQueue),
  ]);
  const ours = world.codec.encode({ type: 'PartitionOwnerChanged', partition: 0, ownerEpoch: 0 });
  const value = dice.pick([null, Buffer.alloc(0), Buffer.from('not ours'), ours]);
  const target = { topic, partition: 0 };
  const record = { key: dice.chance(0.5) ? null : Buffer.from('stranger'), value };
  world.broker
    .connect()
    .producer()
    .send(target, [record])
    .catch(() => undefined);
}

function hostOf(world: World, dice: Dice): Host {
  return dice.pick(world.hosts);
}
