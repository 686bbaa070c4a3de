import { randomUUID } from 'node:crypto';
import { readFileSync } from 'node:fs';
import type { Command, HistoryServiceLease } from '../schemas/generated/messages.js';
import type { GuardedChild } from '../services/dev/child-process.js';
import { until } from '../services/dev/until.js';
import type { Codec } from '../services/platform/codec/codec.js';
import { connectCodec } from '../services/platform/codec/registry.js';
import type { NewRecord, Producer, Reader } from '../services/platform/log/log.js';
import { silentLogger } from '../services/platform/logger.js';
import { partitionOf } from '../services/platform/partitioner.js';
import { type Topics, topicsOf } from '../services/platform/topics.js';
import type { Samples } from './measurement.js';
import type { Rig } from './rig.js';
import { putToSleep, startSleeper } from './sleeping-workflow.js';

const PARTITIONS = 8;

/** Commands in one send. */
const AT_ONCE = 500;

/** Until two services share the partitions and each has read the other's histories. */
const READY_TIMEOUT_MS = 180_000;

/** How long the workflows sleep: beyond any run of this. */
const SLEEP_MS = 24 * 60 * 60 * 1000;

/**
 * Opens workflows that sleep, has two history services share them, and ends one by SIGKILL, so many times: the time from
 * the signal until a workflow that is started after it is under way, on each of the partitions that the killed one had.
 * Then another takes its place. The workflows are made by their commands alone, without a worker.
 */
export async function failover(rig: Rig, open: number, kills: number): Promise<Samples> {
  const fleet = new BenchedFleet(rig, await connectCodec({ registryUrl: rig.registryUrl, logger: silentLogger }));
  const begin = performance.now();
  const samplesMs: number[] = [];
  try {
    await fleet.addService();
    await fleet.addService();
    await fleet.sleepers(open);
    for (let kill = 0; kill < kills; kill++) {
      await fleet.shared();
      const memory = fleet.memory();
      const times = await fleet.killOldest(`probe-${kill}`);
      samplesMs.push(...times);
      console.error(`kill ${kill + 1}: ${times.map((ms) => ms.toFixed(0)).join(', ')} ms; ${memory}`);
      await fleet.addService();
    }
  } finally {
    await fleet.close();
  }
  return { samplesMs, totalMs: performance.now() - begin };
}

interface Service {
  readonly child: GuardedChild;
  /** Partitions whose history it has read, since the last kill, to take them over. */
  readonly warm: Set<number>;
}

/** The history services of a namespace of their own, oldest first, as their leases and logs tell of them. */
class BenchedFleet {
  readonly #rig: Rig;
  readonly #codec: Codec;
  readonly #namespace = `failover-${randomUUID().slice(0, 8)}`;
  readonly #topics: Topics = topicsOf(this.#namespace);
  readonly #producer: Producer;
  readonly #reader: Reader;
  readonly #services: Service[] = [];
  /** The latest lease of each process. */
  readonly #leases = new Map<string, HistoryServiceLease>();
  /** When each workflow was seen to be under way. */
  readonly #startedAt = new Map<string, number>();
  #isRead = false;

  constructor(rig: Rig, codec: Codec) {
    this.#rig = rig;
    this.#codec = codec;
    this.#producer = rig.log.producer();
    this.#reader = rig.log.reader((_source, records) => {
      for (const { value } of records) {
        const message = value === null ? undefined : codec.decode(value);
        if (message?.type === 'HistoryServiceLease') this.#leases.set(message.identity, message);
        if (message?.type === 'WorkflowExecutionStarted')
          this.#startedAt.set(message.header.workflowId, performance.now());
      }
    });
  }

  async addService(): Promise<void> {
    const warm = new Set<number>();
    const child = await this.#rig.startHistoryService(this.#namespace, (line) => {
      // Its shell says on the same stream that it was killed.
      if (!line.startsWith('{')) return;
      const { msg, level, partition } = JSON.parse(line);
      if (msg === 'standby is warm') warm.add(partition);
      if (level > 40) console.error(line);
    });
    this.#services.push({ child, warm });
  }

  /** Opens so many workflows, each with a timer, and resolves once all of them sleep. */
  async sleepers(count: number): Promise<void> {
    await this.#reader.assign({ topic: this.#topics.services, partition: 0 }, 'latest');
    for (let first = 0; first < count; first += AT_ONCE) {
      const ids = Array.from({ length: Math.min(AT_ONCE, count - first) }, (_, index) => `sleeper-${first + index}`);
      await this.#send(ids.flatMap((id) => [startSleeper(id), putToSleep(id, SLEEP_MS)]));
    }
    // What stands behind them on each partition is decided after them.
    await this.#read();
    const last = this.#onePerPartition(range(PARTITIONS), 'last');
    await this.#send(last.map(startSleeper));
    await waitFor('the workflows to sleep', () => last.every((id) => this.#startedAt.has(id)));
  }

  /** Resolves once the services share the partitions and each stands by for the others'. */
  async shared(): Promise<void> {
    await waitFor('the services to share the partitions', () => {
      const shares = this.#services.map((service) => this.#heldBy(service));
      const isShared = shares.every((share) => share.length === PARTITIONS / this.#services.length);
      return isShared && this.#services.every(({ warm }, index) => shares[1 - index]?.every((p) => warm.has(p)));
    });
  }

  /** Ends the oldest service. Returns how long each of its partitions stood still. */
  async killOldest(probe: string): Promise<number[]> {
    const [oldest] = this.#services.splice(0, 1);
    if (oldest === undefined) throw new Error('there is no service to kill');
    const ids = this.#onePerPartition(this.#heldBy(oldest), probe);
    const killedAt = performance.now();
    oldest.child.kill('SIGKILL');
    await oldest.child.exited;
    for (const { warm } of this.#services) warm.clear();
    await this.#send(ids.map(startSleeper));
    await waitFor('progress', () => ids.every((id) => this.#startedAt.has(id)));
    return ids.map((id) => (this.#startedAt.get(id) ?? Infinity) - killedAt);
  }

  /** Resident memory of each service. */
  memory(): string {
    const megabytes = this.#services.map(({ child }) => {
      const status = readFileSync(`/proc/${child.pid}/status`, 'utf8');
      return Math.round(Number(/VmRSS:\s+(\d+)/.exec(status)?.[1]) / 1024);
    });
    return `resident ${megabytes.join(', ')} MB`;
  }

  async close(): Promise<void> {
    for (const { child } of this.#services) child.kill('SIGTERM');
    await Promise.all(this.#services.map(({ child }) => child.exited));
    await this.#reader.close();
    await this.#producer.close();
  }

  /** Reads what comes on history from now on. */
  async #read(): Promise<void> {
    if (this.#isRead) return;
    this.#isRead = true;
    const { history } = this.#topics;
    await Promise.all(
      range(PARTITIONS).map((partition) => this.#reader.assign({ topic: history, partition }, 'latest')),
    );
  }

  #heldBy({ child }: Service): number[] {
    const lease = [...this.#leases.values()].find(({ identity }) => identity.endsWith(`#${child.pid}`));
    return (lease?.partitions ?? []).filter(({ ownerEpoch }) => ownerEpoch > 0).map(({ partition }) => partition);
  }

  /** A workflow id on each of the partitions. */
  #onePerPartition(partitions: readonly number[], name: string): string[] {
    return partitions.map((partition) => {
      for (let attempt = 0; ; attempt++) {
        const id = `${name}-${attempt}`;
        if (partitionOf(id, PARTITIONS) === partition) return id;
      }
    });
  }

  async #send(commands: readonly Command[]): Promise<void> {
    const byPartition = new Map<number, NewRecord[]>();
    for (const command of commands) {
      const { workflowId } = command.header;
      const partition = partitionOf(workflowId, PARTITIONS);
      const record = { key: Buffer.from(workflowId), value: this.#codec.encode(command) };
      byPartition.set(partition, [...(byPartition.get(partition) ?? []), record]);
    }
    const { commands: topic } = this.#topics;
    await Promise.all(
      [...byPartition].map(([partition, records]) => this.#producer.send({ topic, partition }, records)),
    );
  }
}

async function waitFor(what: string, isMet: () => boolean): Promise<void> {
  const met = await until(() => isMet() || undefined, { timeoutMs: READY_TIMEOUT_MS });
  if (!met) throw new Error(`waited in vain for ${what}`);
}

function range(count: number): number[] {
  return Array.from({ length: count }, (_, index) => index);
}
