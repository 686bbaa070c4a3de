import { execFile } from 'node:child_process';
import { rename, rm, statfs, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { describe, expect, it } from 'vitest';
import { recordsFolder } from '../../services/dev/kafka-settings.js';
import { eventually } from '../kit/kit.js';
import { expectNothingLost } from './oracles.js';
import type { Platform } from './platform.js';
import { survive } from './survive.js';
import { Workload } from './workload.js';

const run = promisify(execFile);

/** Room for what the node has, and little more. */
const DISK_MB = 256;

export function describeFullDisk(platform: () => Platform): void {
  // Only root may mount the small disk that the node gets.
  describe.skipIf(process.getuid?.() !== 0)('when the disk of a broker is full', () => {
    it('the others go on without it, and it catches up once it has room again', async () => {
      const { cluster, clients } = platform();
      const id = 3;
      const node = cluster.node(id);
      await node.kill('SIGKILL');
      const disk = await moveToSmallDisk(recordsFolder(cluster.folderOf(id)));
      try {
        await node.restart();
        await cluster.whole();
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
      } finally {
        await node.kill('SIGKILL');
        await disk.unmount();
        await node.restart();
        await cluster.whole();
      }
    });
  });
}

/** Puts a folder's files on a disk of its own. Kafka's indexes are mostly holes, which stay holes. */
async function moveToSmallDisk(folder: string) {
  const aside = `${folder}-aside`;
  const filler = join(folder, 'filler');
  const move = (from: string, to: string) => run('cp', ['-a', '--sparse=always', `${from}/.`, to]);
  await move(folder, aside);
  await run('mount', ['-t', 'tmpfs', '-o', `size=${DISK_MB}m`, 'tmpfs', folder]);
  await move(aside, folder);
  return {
    async fill() {
      const { bavail, bsize } = await statfs(folder);
      const tooMuch = Buffer.alloc((bavail + 1) * bsize);
      await expect(writeFile(filler, tooMuch)).rejects.toMatchObject({ code: 'ENOSPC' });
    },
    empty: () => rm(filler),
    /** Puts them back to where they came from. */
    async unmount() {
      await rm(aside, { recursive: true });
      await move(folder, aside);
      await run('umount', [folder]);
      await rm(folder, { recursive: true });
      await rename(aside, folder);
    },
  };
}
