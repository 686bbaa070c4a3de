import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { toPayload } from '../../sdk/common/converter/payloads.js';
import { decode } from '../../sdk/common/index.js';
import { bundleWorkflowCode } from '../../sdk/worker/bundler.js';
import { startExecutor } from './executor.js';
import { payloadConverter } from './protobufs/payload-converter.js';
import { Order } from './protobufs/root.js';
import { completed, TestHistory } from './test-history.js';

const path = (name: string) => fileURLToPath(new URL(`./protobufs/${name}`, import.meta.url));

test('workflow code takes and gives protobuf messages [common.protobuf-default common.protobuf-json]', async () => {
  const modules = { workflowsPath: path('workflows.ts'), payloadConverterPath: path('payload-converter.ts') };
  const sandbox = await startExecutor(await bundleWorkflowCode(modules));
  const history = new TestHistory('reorder', []);
  const [started] = history.events;
  if (started?.type !== 'WorkflowExecutionStarted') throw new Error('no start');
  const order = Order.create({ id: 'o-1', amount: 41, raw: Uint8Array.of(1, 250, 255) });
  history.events[0] = { ...started, input: [toPayload(payloadConverter, order)] };

  const answer = completed(await sandbox.executor.runTask(history.task()));
  const result = answer.commands[0]?.completeWorkflowExecution?.result;
  expect(decode(result?.metadata.messageType ?? new Uint8Array())).toBe('shop.Order');
  expect(JSON.parse(decode(result?.data ?? new Uint8Array()))).toEqual({ id: 'o-1-again', amount: '42', raw: '+v8=' });
  await sandbox.executor.close();
});
