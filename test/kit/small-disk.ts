import { execFile } from 'node:child_process';
import { mkdir, readFile, rm, statfs, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { isAlive } from '../../services/dev/owned-folder.js';

const run = promisify(execFile);

/** A disk of its own for a folder, to be filled up. Only root can have one, and only on Linux. */
export class SmallDisk {
  readonly #folder: string;

  private constructor(folder: string) {
    this.#folder = folder;
  }

  /** Mounts the disk on the folder, which is made; undefined where that isn't allowed. */
  static async mount(folder: string, sizeMb: number): Promise<SmallDisk | undefined> {
    await mkdir(folder, { recursive: true });
    try {
      await run('mount', ['-t', 'tmpfs', '-o', `size=${sizeMb}m`, 'tmpfs', folder]);
      return new SmallDisk(folder);
    } catch {
      return undefined;
    }
  }

  async fill(): Promise<void> {
    const { bavail, bsize } = await statfs(this.#folder);
    try {
      await writeFile(this.#filler, Buffer.alloc((bavail + 1) * bsize));
    } catch (error) {
      if (Reflect.get(Object(error), 'code') !== 'ENOSPC') throw error;
    }
  }

  async empty(): Promise<void> {
    await rm(this.#filler, { force: true });
  }

  async unmount(): Promise<void> {
    await run('umount', [this.#folder]);
  }

  get #filler(): string {
    return join(this.#folder, 'filler');
  }
}

/** Unmounts what processes that were killed left behind in their folders, `<name>.<pid>-…`. */
export async function unmountAbandoned(name: string): Promise<void> {
  const mounts = await readFile('/proc/mounts', 'utf8').catch(() => '');
  for (const [, folder = '', pid] of mounts.matchAll(new RegExp(`^tmpfs (\\S*/${name}\\.(\\d+)-\\S*)`, 'gm'))) {
    if (!isAlive(Number(pid))) await run('umount', [folder]);
  }
}
