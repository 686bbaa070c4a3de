import { describe, expect, it } from 'vitest';
import { eventually } from '../kit/kit.js';
import { expectNothingLost } from './oracles.js';
import type { Platform } from './platform.js';
import { survive } from './survive.js';
import { Workload } from './workload.js';

export function describeFullDisk(platform: () => Platform): void {
  describe('when the disk of a broker is full', () => {
    it('the others go on without it, and it catches up once it has room again', async ({ skip }) => {
      const { cluster, clients } = platform();
      const disk = cluster.smallDisk ?? skip('only root may mount the disk that is filled here');
      const node = cluster.node(3);
      const workload = await Workload.start([clients.direct]);
      await survive(workload, 'a full disk', async () => {
        await disk.fill();
        // Kafka ends a node that can't write its records.
        await eventually(() => expect(node.pid).toBeUndefined(), { timeoutMs: 60_000 });
        return async () => {
          await disk.empty();
          await node.restart();
          await cluster.whole();
        };
      });
      await expectNothingLost(platform(), workload);
    });
  });
}
