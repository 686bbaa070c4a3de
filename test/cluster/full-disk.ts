import { describe, expect, it } from 'vitest';
import { eventually } from '../kit/kit.js';
import type { SmallDisk } from '../kit/small-disk.js';
import type { ThreeBrokers } from '../kit/three-brokers.js';
import { expectNothingLost } from './oracles.js';
import type { Platform } from './platform.js';
import { survive } from './survive.js';
import { Workload } from './workload.js';

export function describeFullDisk(platform: () => Platform): void {
  describe('when disks of brokers are full', () => {
    it('the others go on without one, and it catches up once it has room again', async ({ skip }) => {
      const { cluster, clients } = platform();
      const disk = cluster.smallDisks.get(3) ?? skip('only root may mount the disk that is filled here');
      const workload = await Workload.start([clients.direct]);
      await survive(workload, 'a full disk', async () => {
        await fill(cluster, new Map([[3, disk]]));
        return () => empty(cluster, new Map([[3, disk]]));
      });
      await expectNothingLost(platform(), workload);
    });

    it('nothing is accepted without two of three, and nothing that was is lost', async ({ skip }) => {
      const { cluster, clients } = platform();
      const disks = cluster.smallDisks.size === 2 ? cluster.smallDisks : skip('only root may mount disks');
      const workload = await Workload.start([clients.direct]);
      // Until they have room again nobody can go on.
      await fill(cluster, disks);
      await survive(workload, 'two full disks, with room again', async () => {
        await empty(cluster, disks);
        return async () => {};
      });
      await expectNothingLost(platform(), workload);
    });
  });
}

/** Resolves once the nodes have ended, as Kafka's do when they can't write their records. */
async function fill(cluster: ThreeBrokers, disks: ReadonlyMap<number, SmallDisk>): Promise<void> {
  await Promise.all([...disks.values()].map((disk) => disk.fill()));
  await eventually(
    () => expect([...disks.keys()].map((id) => cluster.node(id).pid)).toEqual([...disks].map(() => undefined)),
    {
      timeoutMs: 60_000,
    },
  );
}

async function empty(cluster: ThreeBrokers, disks: ReadonlyMap<number, SmallDisk>): Promise<void> {
  await Promise.all([...disks.values()].map((disk) => disk.empty()));
  await Promise.all([...disks.keys()].map((id) => cluster.node(id).restart()));
  await cluster.whole();
}
