import {
  ApplicationFailure,
  allHandlersFinished,
  condition,
  continueAsNew,
  defineQuery,
  defineSignal,
  defineUpdate,
  proxyActivities,
  setHandler,
  workflowInfo,
} from 'millrace/workflow';
import type * as activities from './activities.js';
import { Mutex } from './mutex.js';

const { startNodes, stopNodes } = proxyActivities<typeof activities>({ startToCloseTimeout: '10 seconds' });

interface Request {
  readonly job: string;
  readonly nodes: number;
}

/** Which job has each node; null is a free one. */
type Nodes = readonly (string | null)[];

export const assignNodes = defineUpdate<number[], [Request]>('assignNodes');
export const deleteJob = defineUpdate<number, [job: string]>('deleteJob');
export const renew = defineSignal('renew');
export const shutDown = defineSignal('shutDown');
export const runs = defineQuery<number>('runs');

/** Gives the nodes of a cluster to jobs, for as long as the cluster lives: its state goes from run to run. */
export async function manageCluster(before: Nodes, run = 1): Promise<Nodes> {
  const nodes = [...before];
  // Handlers that wait are interleaved: what looks at the nodes and changes them later must not be.
  const mutex = new Mutex();
  let isToRenew = false;
  let isShutDown = false;

  setHandler(assignNodes, ({ job, nodes: wanted }) =>
    mutex.run(async () => {
      const own = nodes.flatMap((owner, node) => (owner === job ? [node] : []));
      // The same request again: it has been done.
      if (own.length > 0) return own;
      const free = nodes.flatMap((owner, node) => (owner === null ? [node] : [])).slice(0, wanted);
      if (free.length < wanted) throw ApplicationFailure.nonRetryable(`there are only ${free.length} free nodes`);
      await startNodes(job, free);
      for (const node of free) nodes[node] = job;
      return free;
    }),
  );
  setHandler(deleteJob, (job) =>
    mutex.run(async () => {
      const own = nodes.flatMap((owner, node) => (owner === job ? [node] : []));
      await stopNodes(own);
      for (const node of own) nodes[node] = null;
      return own.length;
    }),
  );
  setHandler(renew, () => {
    isToRenew = true;
  });
  setHandler(shutDown, () => {
    isShutDown = true;
  });
  setHandler(runs, () => run);

  await condition(() => isShutDown || isToRenew || workflowInfo().continueAsNewSuggested);
  // No handler may be cut off in the middle.
  await condition(allHandlersFinished);
  if (isShutDown) return nodes;
  return continueAsNew<typeof manageCluster>(nodes, run + 1);
}
