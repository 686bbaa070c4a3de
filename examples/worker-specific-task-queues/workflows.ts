import { proxyActivities } from 'millrace/workflow';
import type * as activities from './activities.js';

type Common = ReturnType<typeof activities.createCommonActivities>;
type OnOneHost = Pick<typeof activities, 'countLetters' | 'download' | 'remove'>;

const { getOwnTaskQueue } = proxyActivities<Common>({ startToCloseTimeout: '10 seconds' });

/** All that has to do with the file is done where the file is. */
export async function processFile(text: string): Promise<{ readonly letters: number; readonly removed: string }> {
  const taskQueue = await getOwnTaskQueue();
  const { countLetters, download, remove } = proxyActivities<OnOneHost>({
    taskQueue,
    startToCloseTimeout: '10 seconds',
    // A worker that is gone doesn't come back under the name.
    scheduleToStartTimeout: '1 minute',
  });
  const path = await download(text);
  const letters = await countLetters(path);
  return { letters, removed: await remove(path) };
}
