// A bundle that the build makes, so that no worker bundles at its start.
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Client } from 'millrace/client';
import { bundleWorkflowCode, Worker } from 'millrace/worker';
import type { Program } from '../program.js';
import { modulePath } from '../workflows-path.js';
import * as activities from './activities.js';
import { hello } from './workflows.js';

export const program: Program = async ({ connection, namespace, taskQueue, id, say }) => {
  const folder = await mkdtemp(join(tmpdir(), 'millrace-example-'));
  try {
    // At build time.
    const codePath = join(folder, 'workflow-bundle.js');
    const { code } = await bundleWorkflowCode({ workflowsPath: modulePath('workflows', import.meta.url) });
    await writeFile(codePath, code);

    // In production.
    const client = new Client({ connection, namespace });
    const workflowBundle = { codePath };
    const worker = await Worker.create({ connection, namespace, taskQueue, workflowBundle, activities });
    await worker.runUntil(async () => {
      say(await client.workflow.execute(hello, { workflowId: id, taskQueue, args: ['Ada'] }));
    });
  } finally {
    await rm(folder, { recursive: true });
  }
};
