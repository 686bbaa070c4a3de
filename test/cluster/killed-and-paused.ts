import { setTimeout as delay } from 'node:timers/promises';
import { describe, it } from 'vitest';
import type { SpawnedProcess } from '../kit/processes.js';
import type { ThreeBrokers } from '../kit/three-brokers.js';
import { Figures } from './figures.js';
import { expectNothingLost } from './oracles.js';
import { startPlatform } from './platform.js';
import { thoroughness } from './thoroughness.js';
import { Workload } from './workload.js';

/** Longer than the session of an owner, so that another takes its partitions over meanwhile. */
const OWNER_PAUSE_MS = 9_000;

/** Longer than the session of a broker, so that its partitions get other leaders meanwhile. */
const BROKER_PAUSE_MS = 6_000;

export function describeKillsAndPauses(cluster: () => ThreeBrokers): void {
  describe('diaries under way', () => {
    it('lose nothing, double nothing and keep their order while processes are killed and paused', async () => {
      const platform = await startPlatform(cluster());
      const [oneOwner, otherOwner] = [await platform.startHistory(), await platform.startHistory()];
      const owners = new Replaceable([oneOwner, otherOwner], () => platform.startHistory());
      const workers = new Replaceable([await platform.startWorker(), await platform.startWorker()], () =>
        platform.startWorker(),
      );
      const workload = await Workload.start([await platform.connectClient(), await platform.connectClient()]);
      await workload.progress();
      const figures = new Figures(workload);
      for (let round = 0; round < thoroughness; round++) {
        await figures.of('SIGKILL of an owner', () => owners.killNext());
        await figures.of('SIGKILL of a broker', () => killBroker(cluster(), 1 + (round % 3)));
        await figures.of('SIGSTOP of an owner', () => owners.pauseNext(OWNER_PAUSE_MS));
        await figures.of('SIGSTOP of a broker', () => pauseBroker(cluster(), 1 + ((round + 1) % 3)));
        await figures.of('SIGKILL of a worker', () => workers.killNext());
      }
      figures.print();
      await expectNothingLost(cluster(), platform, workload);
      await platform.stop();
    }, 600_000);
  });
}

/** Processes that take each other's place: the oldest goes first. */
class Replaceable {
  readonly #running: SpawnedProcess[];
  readonly #start: () => Promise<SpawnedProcess>;

  constructor(running: SpawnedProcess[], start: () => Promise<SpawnedProcess>) {
    this.#running = running;
    this.#start = start;
  }

  async killNext(): Promise<() => Promise<void>> {
    const killed = this.#running.shift();
    await killed?.kill('SIGKILL');
    return async () => {
      this.#running.push(await this.#start());
    };
  }

  async pauseNext(pauseMs: number): Promise<() => Promise<void>> {
    const paused = this.#running.shift();
    await paused?.kill('SIGSTOP');
    const over = delay(pauseMs);
    return async () => {
      await over;
      await paused?.kill('SIGCONT');
      if (paused !== undefined) this.#running.push(paused);
    };
  }
}

async function killBroker(cluster: ThreeBrokers, id: number): Promise<() => Promise<void>> {
  await cluster.node(id).kill('SIGKILL');
  return async () => {
    await cluster.node(id).restart();
    await cluster.whole();
  };
}

async function pauseBroker(cluster: ThreeBrokers, id: number): Promise<() => Promise<void>> {
  await cluster.node(id).kill('SIGSTOP');
  const over = delay(BROKER_PAUSE_MS);
  return async () => {
    await over;
    await cluster.node(id).kill('SIGCONT');
    await cluster.whole();
  };
}
