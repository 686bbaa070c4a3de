import type { Client } from 'millrace/client';
import type { Samples } from './measurement.js';
import type { steps } from './workflows.js';

/** Activities in a row: the time from one activity's run to the next one's, by the worker's clock. */
export async function remoteSteps(client: Client, count: number, workflows: number): Promise<Samples> {
  const samplesMs: number[] = [];
  let totalMs = 0;
  for (let index = 0; index <= workflows; index++) {
    const begin = performance.now();
    const times = await client.workflow.execute<typeof steps>('steps', {
      taskQueue: 'bench',
      workflowId: `steps-${count}-${index}`,
      args: [count],
    });
    // The first one warms up.
    if (index === 0) continue;
    samplesMs.push(...times);
    totalMs += performance.now() - begin;
  }
  return { samplesMs, totalMs };
}
