import {
  ActivityCancellationType,
  CancellationScope,
  defineQuery,
  isCancellation,
  proxyActivities,
  setHandler,
} from 'millrace/workflow';
import type * as activities from './activities.js';

const { cleanUp, copyFiles, pollForever } = proxyActivities<
  typeof activities & { pollForever: ReturnType<typeof activities.createEndless> }
>({
  startToCloseTimeout: '1 minute',
  heartbeatTimeout: '10 seconds',
  retry: { initialInterval: '100 milliseconds' },
  cancellationType: ActivityCancellationType.WAIT_CANCELLATION_COMPLETED,
});

export const outcome = defineQuery<string>('outcome');

export async function copy(files: readonly string[]): Promise<string> {
  return copyFiles(files);
}

/** Stops its activity by a scope of its own, and goes on. */
export async function pollForAWhile(): Promise<string> {
  try {
    await CancellationScope.withTimeout('200 milliseconds', () => pollForever());
    return 'it ended by itself';
  } catch (error) {
    if (!isCancellation(error)) throw error;
    return 'the scope has stopped it';
  }
}

/** Is cancelled from outside: what has to be done all the same is done in a scope that can't be. */
export async function pollUntilCancelled(): Promise<void> {
  let said = 'polling';
  setHandler(outcome, () => said);
  try {
    await pollForever();
  } catch (error) {
    if (isCancellation(error)) {
      said = await CancellationScope.nonCancellable(() => cleanUp());
    }
    throw error;
  }
}
