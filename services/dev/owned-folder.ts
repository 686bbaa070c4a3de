import { mkdir, mkdtemp, readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';

/**
 * Makes a folder for this process alone, named `<name>.<pid>-…` so that a later one can tell whether its owner is
 * still there, and removes those that ended processes left behind.
 */
export async function createOwnedFolder(parent: string, name: string): Promise<string> {
  await mkdir(parent, { recursive: true });
  await removeAbandoned(parent, name);
  return mkdtemp(join(parent, `${name}.${process.pid}-`));
}

async function removeAbandoned(parent: string, name: string): Promise<void> {
  for (const entry of await readdir(parent)) {
    if (!entry.startsWith(`${name}.`)) continue;
    const owner = /^(\d+)-/.exec(entry.slice(name.length + 1))?.[1];
    if (owner !== undefined && !isAlive(Number(owner))) {
      await rm(join(parent, entry), { recursive: true, force: true });
    }
  }
}

/** Whether a process with this id exists. */
export function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return error instanceof Error && 'code' in error && error.code === 'EPERM';
  }
}
