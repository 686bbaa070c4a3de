import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { Client } from '../../sdk/client/index.js';
import { MetricsBuffer, Runtime, Worker } from '../../sdk/worker/index.js';
import { eventually } from '../kit/kit.js';
import { openMemoryPlatform } from './memory-platform.js';

test('workflow code measures through the Runtime, and nothing on a replay [workflow.metric-meter]', async () => {
  const buffer = new MetricsBuffer();
  Runtime.install({ telemetryOptions: { metrics: { buffer } } });
  const platform = await openMemoryPlatform();
  const client = new Client({ connection: platform.connect() });
  const workflowsPath = fileURLToPath(new URL('./fixtures/telling-workflows.ts', import.meta.url));
  const createWorker = () => Worker.create({ connection: platform.connect(), taskQueue: 'q', workflowsPath });
  const measured: unknown[] = [];
  const orders = () => {
    for (const update of buffer.retrieveUpdates()) {
      if (update.metric.name === 'orders') measured.push([update.value, update.attributes]);
    }
    return measured;
  };
  try {
    const handle = await client.workflow.start('tells', { workflowId: 'w', taskQueue: 'q' });
    await (await createWorker()).runUntil(eventually(() => expect(orders()).toHaveLength(1)));
    await handle.signal('go');
    await (await createWorker()).runUntil(handle.result());
    expect(orders()).toMatchObject([[1, { workflowType: 'tells', taskQueue: 'q', size: 'small' }]]);
  } finally {
    await platform.close();
  }
});
