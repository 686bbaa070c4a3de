import { chmod, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';

/** A folder that goes when the test ends. */
export async function scratchFolder(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'millrace-test-'));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  return folder;
}

/** An environment whose PATH has these commands alone, each a shell script, and whose cache is empty. */
export async function environmentWith(commands: Readonly<Record<string, string>>): Promise<Record<string, string>> {
  const folder = await scratchFolder();
  for (const [name, script] of Object.entries(commands)) {
    const path = join(folder, name);
    await writeFile(path, `#!/bin/sh\nPATH=/usr/bin:/bin\n${script}\n`);
    await chmod(path, 0o755);
  }
  return { PATH: folder, HOME: folder, XDG_CACHE_HOME: join(folder, 'cache') };
}
