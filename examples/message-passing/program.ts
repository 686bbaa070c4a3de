// Signals, queries and updates with validators, to one workflow.
import { Client, WorkflowUpdateFailedError } from 'millrace/client';
import { Worker } from 'millrace/worker';
import type { Program } from '../program.js';
import { modulePath } from '../workflows-path.js';
import * as activities from './activities.js';
import { approve, greetInLanguage, language, languages, learnLanguage, setLanguage } from './workflows.js';

export const program: Program = async ({ connection, namespace, taskQueue, id, say }) => {
  const client = new Client({ connection, namespace });
  const workflowsPath = modulePath('workflows', import.meta.url);
  const worker = await Worker.create({ connection, namespace, taskQueue, workflowsPath, activities });
  await worker.runUntil(async () => {
    const handle = await client.workflow.start(greetInLanguage, { workflowId: id, taskQueue });
    say(`speaks ${(await handle.query(languages)).join(' and ')}`);
    say(`before: ${await handle.executeUpdate(setLanguage, { args: ['finnish'] })}`);
    try {
      await handle.executeUpdate(setLanguage, { args: ['klingon'] });
    } catch (error) {
      if (!(error instanceof WorkflowUpdateFailedError)) throw error;
      say(`refused: ${error.cause?.message}`);
    }
    const learning = await handle.startUpdate(learnLanguage, { args: ['hindi'], waitForStage: 'ACCEPTED' });
    say(`learned ${await learning.result()}`);
    say(`now: ${await handle.query(language)}`);
    await handle.signal(approve, { name: 'Ada' });
    say(await handle.result());
  });
};
