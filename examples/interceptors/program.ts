// Interceptors that pass context along: from the client through the workflow into its activities.
import { Client } from 'millrace/client';
import { Worker } from 'millrace/worker';
import type { Program } from '../program.js';
import { modulePath } from '../workflows-path.js';
import { callerOfActivities, whoCalls } from './activities.js';
import { callerInterceptor } from './client-interceptor.js';
import { ask } from './workflows.js';

export const program: Program = async ({ connection, namespace, taskQueue, id, say }) => {
  const clientOf = (caller: string) =>
    new Client({ connection, namespace, interceptors: { workflow: [callerInterceptor(caller)] } });
  const worker = await Worker.create({
    connection,
    namespace,
    taskQueue,
    workflowsPath: modulePath('workflows', import.meta.url),
    activities: { whoCalls },
    interceptors: {
      workflowModules: [modulePath('workflow-interceptors', import.meta.url)],
      activity: [callerOfActivities],
    },
  });
  await worker.runUntil(async () => {
    for (const caller of ['Ada', 'Grace']) {
      say(await clientOf(caller).workflow.execute(ask, { workflowId: `${id}-${caller}`, taskQueue }));
    }
  });
};
