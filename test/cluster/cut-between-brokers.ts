import { describe, it } from 'vitest';
import { expectNothingLost } from './oracles.js';
import type { Platform } from './platform.js';
import { survive } from './survive.js';
import { thoroughness } from './thoroughness.js';
import { Workload } from './workload.js';

export function describeCutBetweenBrokers(platform: () => Platform): void {
  describe('when the brokers are cut off from each other', () => {
    it('what a leader took that nobody could copy is not acknowledged, and what was is not lost', async () => {
      const { cluster, clients } = platform();
      const workload = await Workload.start([clients.direct, clients.networked]);
      for (let round = 0; round < thoroughness; round++) {
        // It still leads, for its clients and for the controllers: its partitions take nothing until the cut is mended.
        const id = 1 + (round % 3);
        const link = cluster.linkTo(id);
        link.cut('to-server', 'to-client');
        await cluster.alone(id);
        await survive(workload, 'a broker that no other could reach, reached again', async () => {
          link.heal();
          await cluster.whole();
          return async () => {};
        });
      }
      await expectNothingLost(platform(), workload);
    });
  });
}
