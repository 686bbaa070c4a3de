import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Payload } from '../../schemas/generated/messages.js';
import { loadDataConverter } from '../../sdk/client/load-data-converter.js';
import { defaultPayloadConverter } from '../../sdk/common/converter/payload-converter.js';
import { toPayload } from '../../sdk/common/converter/payloads.js';
import { bundleWorkflowCode } from '../../sdk/worker/bundler.js';
import { startExecutor, type TestExecutor } from './executor.js';
import { completed, failed, TestHistory } from './test-history.js';

const path = (name: string) => fileURLToPath(new URL(`./converters/${name}`, import.meta.url));
const payloadConverterPath = path('stamping-payload-converter.mjs');
const failureConverterPath = path('prefixing-failure-converter.mjs');

/** What a payload of the stamping converter holds. */
function stamped(payload: Payload | null | undefined): unknown {
  return payload == null ? undefined : JSON.parse(Buffer.from(payload.data).toString('utf8'));
}

function stampedPayload(value: unknown, by = 'client'): Payload {
  const { payloadConverter } = loadDataConverter({ payloadConverterPath });
  const { metadata } = toPayload(payloadConverter, value);
  return { metadata, data: Buffer.from(JSON.stringify({ value, by })) };
}

describe('converters in the sandbox', () => {
  let sandbox: TestExecutor;
  beforeAll(async () => {
    const modules = { workflowsPath: path('workflows.ts'), payloadConverterPath, failureConverterPath };
    sandbox = await startExecutor(await bundleWorkflowCode(modules));
  });
  afterAll(() => sandbox.executor.close());

  test('the bundled payload converter has every value, with the context it is of [common.serialization-context]', async () => {
    const history = sandbox.follow(new TestHistory('greets', []));
    const [started] = history.events;
    if (started?.type !== 'WorkflowExecutionStarted') throw new Error('no start');
    const memo = { note: stampedPayload('memo') };
    history.events[0] = { ...started, input: [stampedPayload('Ada')], memo };
    const own = `workflow ${history.workflowId}  false`;

    const first = completed(await sandbox.executor.runTask(history.task()));
    const scheduled = first.commands[0]?.scheduleActivityTask;
    const activity = `activity ${history.workflowId} 1 false`;
    expect(scheduled?.input.map(stamped)).toEqual([{ value: 'x', by: activity }]);

    history.completeTask(first);
    const scheduledEventId = history.activityScheduled('greet', '1');
    history.activityCompleted(scheduledEventId, null);
    const completedEvent = history.events.at(-1);
    if (completedEvent?.type !== 'ActivityTaskCompleted') throw new Error('no completion');
    history.events[history.events.length - 1] = { ...completedEvent, result: stampedPayload('Hi') };

    const last = completed(await sandbox.executor.runTask(history.task()));
    expect(stamped(last.commands[0]?.completeWorkflowExecution?.result)).toEqual({
      value: [`Ada<client|${own}>`, `Hi<client|${activity}>`, { note: `memo<client|${own}>` }],
      by: own,
    });
  });

  test('the bundled failure converter makes the failures of workflows and of tasks [worker.data-converter]', async () => {
    const answer = completed(await sandbox.executor.runTask(new TestHistory('fails').task()));
    const failure = answer.commands[0]?.failWorkflowExecution?.failure;
    expect(failure).toMatchObject({ source: 'prefixing', message: 'workflow: on purpose' });
    expect(stamped(failure?.applicationInfo?.details[0])).toMatchObject({ value: 'ApplicationFailure' });

    const task = failed(await sandbox.executor.runTask(new TestHistory('errs').task()));
    expect(task.failure.message).toBe('workflow: by mistake');
  });
});

describe('converters in a client or for activities [common.data-converter]', () => {
  test('converters are loaded from ESM or CommonJS; without a path the default ones serve', () => {
    expect(loadDataConverter(undefined).payloadConverter).toBe(defaultPayloadConverter);
    const { payloadConverter, failureConverter } = loadDataConverter({ payloadConverterPath, failureConverterPath });
    expect(stamped(toPayload(payloadConverter, 1))).toEqual({ value: 1, by: 'none' });
    expect(failureConverter.errorToFailure(new Error('x'), payloadConverter).source).toBe('prefixing');
  });

  test('a module that is missing, or has no such converter, is named', () => {
    const loading = (payloadConverterPath: string) => () => loadDataConverter({ payloadConverterPath });
    expect(loading(path('nowhere.mjs'))).toThrow('Could not find a file at the specified payloadConverterPath');
    expect(loading(path('without-converter.mjs'))).toThrow('does not have a `payloadConverter` named export');
    expect(loading(path('half-a-converter.cjs'))).toThrow('must be an object with toPayload and fromPayload methods');
  });
});
