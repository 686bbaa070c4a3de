import type { Samples } from './measurement.js';
import type { Rig } from './rig.js';
import type { sleeper } from './workflows.js';

/** Workflows started at a time. */
const AT_ONCE = 200;

/**
 * Opens workflows that sleep, ends the history service by SIGKILL and starts another: the time until the new process
 * serves all partitions and describes one of the workflows. The session of the one killed is part of it.
 */
export async function restart({ client, replaceHistoryService }: Rig, open: number): Promise<Samples> {
  const start = (index: number) =>
    client.workflow.start<typeof sleeper>('sleeper', { taskQueue: 'bench', workflowId: `sleeper-${index}` });
  for (let index = 0; index < open; index += AT_ONCE) {
    await Promise.all(Array.from({ length: Math.min(AT_ONCE, open - index) }, (_, offset) => start(index + offset)));
  }
  const begin = performance.now();
  await replaceHistoryService();
  const { status } = await client.workflow.getHandle(`sleeper-${open - 1}`).describe();
  const totalMs = performance.now() - begin;
  if (status.name !== 'RUNNING') throw new Error(`a sleeping workflow is ${status.name}`);
  return { samplesMs: [totalMs], totalMs };
}
