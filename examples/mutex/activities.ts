import type { Client } from 'millrace/client';
import { lockKeeper, requestLock } from './workflows.js';

/** What takes a client: the lock's keeper is started by the first that asks. */
export function createActivities(client: Client, taskQueue: string, notes: string[]) {
  return {
    async askForLock(resource: string, workflowId: string): Promise<void> {
      await client.workflow.signalWithStart(lockKeeper, {
        workflowId: resource,
        taskQueue,
        args: [],
        signal: requestLock,
        signalArgs: [{ workflowId }],
      });
    },
    note: async (what: string) => void notes.push(what),
  };
}
