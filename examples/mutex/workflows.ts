import {
  condition,
  continueAsNew,
  defineSignal,
  getExternalWorkflowHandle,
  proxyActivities,
  setHandler,
  sleep,
  workflowInfo,
} from 'millrace/workflow';
import type { createActivities } from './activities.js';

const { askForLock, note } = proxyActivities<ReturnType<typeof createActivities>>({
  startToCloseTimeout: '10 seconds',
});

interface Request {
  readonly workflowId: string;
}

export const requestLock = defineSignal<[Request]>('requestLock');
export const lockAcquired = defineSignal('lockAcquired');
export const lockReleased = defineSignal<[Request]>('lockReleased');

const MOST_TURNS = 100;

/** Gives a lock to one workflow after the other, in the order in which they ask. Ends when nobody waits. */
export async function lockKeeper(waiting: readonly Request[] = []): Promise<void> {
  const queue = [...waiting];
  let holder: string | undefined;
  setHandler(requestLock, (request) => void queue.push(request));
  setHandler(lockReleased, ({ workflowId }) => {
    if (holder === workflowId) holder = undefined;
  });
  for (let turn = 0; turn < MOST_TURNS; turn++) {
    if (!(await condition(() => queue.length > 0, '1 second'))) return;
    const next = queue.shift();
    if (next === undefined) continue;
    holder = next.workflowId;
    await getExternalWorkflowHandle(next.workflowId).signal(lockAcquired);
    await condition(() => holder === undefined, '30 seconds');
  }
  await continueAsNew<typeof lockKeeper>(queue);
}

/** Does something that no other workflow may do at the same time. */
export async function lonelyWork(resource: string): Promise<void> {
  const { workflowId } = workflowInfo();
  let isMine = false;
  setHandler(lockAcquired, () => {
    isMine = true;
  });
  await askForLock(resource, workflowId);
  await condition(() => isMine);
  await note('in');
  await sleep(20);
  await note('out');
  await getExternalWorkflowHandle(resource).signal(lockReleased, { workflowId });
}
