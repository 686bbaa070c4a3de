import { proxyActivities, workflowInfo } from 'millrace/workflow';
import type { createActivities } from './activities.js';

const { noteRun } = proxyActivities<ReturnType<typeof createActivities>>({ startToCloseTimeout: '10 seconds' });

/** Each run is given the result of the one before. */
export async function countRuns(): Promise<number> {
  const run = ((workflowInfo().lastResult as number | undefined) ?? 0) + 1;
  await noteRun(run);
  return run;
}
