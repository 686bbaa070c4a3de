import { activityInfo, Context } from 'millrace/activity';

/** What its heartbeats tell it does not do again. */
export async function copyFiles(files: readonly string[]): Promise<string> {
  const first: number = activityInfo().heartbeatDetails ?? 0;
  for (let done = first; done < files.length; done++) {
    if (done === 2 && first === 0) throw new Error('the disk has gone');
    Context.current().heartbeat(done + 1);
  }
  return `attempt ${activityInfo().attempt} went on after ${first} of ${files.length} files`;
}

/** Goes on until somebody stops it. */
export function createEndless(onStart: () => void) {
  return async function pollForever(): Promise<void> {
    const { heartbeat, sleep } = Context.current();
    onStart();
    for (;;) {
      heartbeat();
      // Rejects once the activity is cancelled.
      await sleep('1 second');
    }
  };
}

export async function cleanUp(): Promise<string> {
  return 'cleaned up';
}
