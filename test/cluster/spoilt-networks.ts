import { setTimeout as delay } from 'node:timers/promises';
import { describe, it } from 'vitest';
import { topicsOf } from '../../services/platform/topics.js';
import { requests } from '../kit/broker-proxy.js';
import type { Network } from '../kit/network.js';
import { killing } from './killed-and-paused.js';
import { expectNothingLost } from './oracles.js';
import type { Platform } from './platform.js';
import { survive } from './survive.js';
import { thoroughness } from './thoroughness.js';
import { Workload } from './workload.js';

const SLOW_MS = 60;

/** Longer than a request waits for its answer, so that connections are given up while they are half open. */
const HALF_OPEN_MS = 11_000;

export function describeSpoiltNetworks(platform: () => Platform): void {
  describe('on a network that is spoilt', () => {
    it('an owner that is cut off gets nothing in once another has taken over, and steps down when it is back', async () => {
      const { networks, owners, clients, namespace } = platform();
      const workload = await Workload.start([clients.direct]);
      for (let round = 0; round < thoroughness; round++) {
        await survive(workload, 'an owner cut off', async () => {
          // First only what it sends is held, until it has a batch on its way.
          const batchUnderWay = appendUnderWay(networks.owner, namespace);
          networks.owner.cut('to-server');
          await batchUnderWay;
          networks.owner.cut('to-client');
          // The batch arrives now, behind the claim of the owner that took over.
          return async () => networks.owner.heal();
        });
        // It is part of the group again, and serves what it is given: everything, once the other is gone.
        await survive(workload, 'SIGKILL of the other owner', killing(owners.direct));
      }
      await expectNothingLost(platform(), workload);
    });

    it('clients and workers lose nothing, their connections slow, broken or half open', async () => {
      const { networks, clients } = platform();
      const workload = await Workload.start([clients.networked]);
      for (let round = 0; round < thoroughness; round++) {
        await survive(workload, `${SLOW_MS} ms each way`, async () => {
          networks.edge.delay(SLOW_MS);
          return async () => networks.edge.heal();
        });
        await survive(workload, 'connections reset', async () => {
          networks.edge.reset();
          return async () => {};
        });
        const direction = round % 2 === 0 ? 'to-client' : 'to-server';
        networks.edge.swallow(direction);
        await delay(HALF_OPEN_MS);
        await survive(workload, `connections half open (nothing came ${direction}), healed`, async () => {
          networks.edge.heal();
          return async () => {};
        });
      }
      await expectNothingLost(platform(), workload);
    });
  });
}

/** Resolves once the process behind the network has sent a batch of history. */
function appendUnderWay(network: Network, namespace: string): Promise<void> {
  const { history } = topicsOf(namespace);
  return new Promise((resolve) => {
    network.onRequest = (apiKey, frame) => {
      if (apiKey === requests.produce && frame.includes(history)) resolve();
    };
  });
}
