import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { activityInfo } from 'millrace/activity';

/** Activities that any worker can do: they tell which queue is this worker's own. */
export function createCommonActivities(ownTaskQueue: string) {
  return {
    getOwnTaskQueue: async (): Promise<string> => ownTaskQueue,
  };
}

/** Returns the path on this machine, which no other machine can make use of. */
export async function download(text: string): Promise<string> {
  const path = join(await mkdtemp(join(tmpdir(), 'millrace-example-')), 'file');
  await writeFile(path, text);
  return path;
}

export async function countLetters(path: string): Promise<number> {
  return (await readFile(path, 'utf8')).length;
}

export async function remove(path: string): Promise<string> {
  await rm(dirname(path), { recursive: true });
  return `removed on ${activityInfo().taskQueue}`;
}
