import { setTimeout as delay } from 'node:timers/promises';
import { describe, it } from 'vitest';
import type { ThreeBrokers } from '../kit/three-brokers.js';
import { expectNothingLost } from './oracles.js';
import type { Platform, Post } from './platform.js';
import { type Fault, survive } from './survive.js';
import { isThorough, thoroughness } from './thoroughness.js';
import { Workload } from './workload.js';

/** Longer than the session of an owner, so that another takes its partitions over meanwhile. */
const OWNER_PAUSE_MS = 8_000;

/** Longer than the session of a broker, so that its partitions get other leaders meanwhile. */
const BROKER_PAUSE_MS = 5_000;

export function describeKillsAndPauses(platform: () => Platform): void {
  describe('nothing is lost or doubled, and signals keep their order', () => {
    it('while processes are killed', async () => {
      const { clients, owners, workers, cluster } = platform();
      const workload = await Workload.start([clients.direct, clients.networked]);
      for (let round = 0; round < thoroughness; round++) {
        const id = 1 + (round % 3);
        await survive(workload, 'SIGKILL of an owner', killing(owners.direct));
        await survive(workload, 'SIGKILL of a broker', killingBroker(cluster, id));
        if (isThorough) await survive(workload, 'SIGKILL of a worker', killing(workers.direct));
      }
      await expectNothingLost(platform(), workload);
    });

    it('while processes are paused and wake up', async () => {
      const { clients, owners, workers, cluster } = platform();
      const workload = await Workload.start([clients.direct, clients.networked]);
      for (let round = 0; round < thoroughness; round++) {
        const id = 1 + ((round + 1) % 3);
        await survive(workload, 'SIGSTOP of an owner', pausing(owners.direct, OWNER_PAUSE_MS));
        await survive(workload, 'SIGSTOP of a broker', pausingBroker(cluster, id));
        if (isThorough) await survive(workload, 'SIGSTOP of a worker', pausing(workers.direct, OWNER_PAUSE_MS));
      }
      await expectNothingLost(platform(), workload);
    });
  });
}

export function killing(post: Post): Fault {
  return async () => {
    await post.kill('SIGKILL');
    return () => post.refill();
  };
}

function pausing(post: Post, pauseMs: number): Fault {
  return async () => {
    await post.kill('SIGSTOP');
    const over = delay(pauseMs);
    return async () => {
      await over;
      await post.kill('SIGCONT');
    };
  };
}

function killingBroker(cluster: ThreeBrokers, id: number): Fault {
  return async () => {
    await cluster.node(id).kill('SIGKILL');
    return async () => {
      await cluster.node(id).restart();
      await cluster.whole();
    };
  };
}

function pausingBroker(cluster: ThreeBrokers, id: number): Fault {
  return async () => {
    await cluster.node(id).kill('SIGSTOP');
    const over = delay(BROKER_PAUSE_MS);
    return async () => {
      await over;
      await cluster.node(id).kill('SIGCONT');
      await cluster.whole();
    };
  };
}
