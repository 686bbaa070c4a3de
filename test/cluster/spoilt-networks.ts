import { setTimeout as delay } from 'node:timers/promises';
import { describe, it } from 'vitest';
import { Network } from '../kit/network.js';
import type { ThreeBrokers } from '../kit/three-brokers.js';
import { Figures } from './figures.js';
import { expectNothingLost } from './oracles.js';
import { startPlatform } from './platform.js';
import { thoroughness } from './thoroughness.js';
import { Workload } from './workload.js';

const SLOW_MS = 60;

/** Longer than a request waits for its answer, so that connections are given up while they are half open. */
const HALF_OPEN_MS = 11_000;

export function describeSpoiltNetworks(cluster: () => ThreeBrokers): void {
  describe('on a network that is spoilt', () => {
    it('an owner that is cut off gets nothing in once another has taken over, and steps down when it is back', async () => {
      const network = await Network.start(cluster().brokers);
      const platform = await startPlatform(cluster());
      await platform.startHistory(network.brokers);
      const [other] = await Promise.all([platform.startHistory(), platform.startWorker()]);
      const workload = await Workload.start([await platform.connectClient()]);
      await workload.progress();
      const figures = new Figures(workload);
      for (let round = 0; round < thoroughness; round++) {
        await figures.of('an owner cut off', async () => {
          network.cut();
          // What it still sends is held, and arrives behind the claim of the owner that took over.
          return async () => network.heal();
        });
      }
      // It is part of the group again, and serves what it is given: everything, once the other is gone.
      await figures.of('SIGKILL of the other owner', async () => {
        await other.kill('SIGKILL');
        return async () => {};
      });
      figures.print();
      await expectNothingLost(cluster(), platform, workload);
      await platform.stop();
      await network.close();
    }, 300_000);

    it('clients and workers whose connections are slow, broken or half open lose nothing', async () => {
      const network = await Network.start(cluster().brokers);
      const platform = await startPlatform(cluster());
      await Promise.all([platform.startHistory(), platform.startWorker(), platform.startWorker(network.brokers)]);
      const workload = await Workload.start([await platform.connectClient(network.brokers)]);
      await workload.progress();
      const figures = new Figures(workload);
      for (let round = 0; round < thoroughness; round++) {
        await figures.of(`${SLOW_MS} ms each way`, async () => {
          network.delay(SLOW_MS);
          return async () => network.heal();
        });
        await figures.of('connections reset', async () => {
          network.reset();
          return async () => {};
        });
        const direction = round % 2 === 0 ? 'to-client' : 'to-server';
        network.swallow(direction);
        await delay(HALF_OPEN_MS);
        network.heal();
        await figures.of(`connections half open (nothing comes ${direction})`, async () => async () => {});
      }
      figures.print();
      await expectNothingLost(cluster(), platform, workload);
      await platform.stop();
      await network.close();
    }, 300_000);
  });
}
