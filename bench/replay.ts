import type { Client } from 'millrace/client';
import { Worker } from 'millrace/worker';
import type { Samples } from './measurement.js';
import type { steps } from './workflows.js';

/** An activity's three events, and those of the workflow task that follows it. */
const EVENTS_OF_A_STEP = 6;

/** Runs a workflow whose history has about as many events, then replays that history again and again in one sandbox. */
export async function replays(client: Client, events: number, count: number): Promise<Samples> {
  const workflowId = `replay-${events}`;
  const args: [number] = [Math.ceil(events / EVENTS_OF_A_STEP)];
  await client.workflow.execute<typeof steps>('steps', { taskQueue: 'bench', workflowId, args });
  const history = await client.workflow.getHandle(workflowId).fetchHistory();
  const options = { workflowsPath: new URL('./workflows.js', import.meta.url).pathname };
  // The first one warms up.
  const histories = Array.from({ length: count + 1 }, () => ({ workflowId, history }));
  const samplesMs: number[] = [];
  let start = performance.now();
  for await (const { error } of Worker.runReplayHistories(options, histories)) {
    if (error !== undefined) throw error;
    samplesMs.push(performance.now() - start);
    start = performance.now();
  }
  const [, ...measured] = samplesMs;
  return { samplesMs: measured, totalMs: measured.reduce((sum, ms) => sum + ms, 0) };
}
