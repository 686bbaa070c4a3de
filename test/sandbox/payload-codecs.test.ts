import { expect, test } from 'vitest';
import type { Payload } from '../../schemas/generated/messages.js';
import { payloadRecord } from '../../sdk/common/converter/payload.js';
import type { PayloadCodec } from '../../sdk/common/converter/payload-codec.js';
import type { SerializationContext } from '../../sdk/common/converter/serialization-context.js';
import { startExecutor } from './executor.js';
import { answerOf, codec, completed, failed, payload, TestHistory } from './test-history.js';

/** Turns bytes round, and notes whose they are: turned back they are in the same context only. */
const turning: PayloadCodec = {
  encode: async (payloads, context) => payloads.map((plain) => turned(payloadRecord(plain), context)),
  decode: async (payloads, context) =>
    payloads.map(payloadRecord).map(({ metadata, data }) => {
      if (textOf(metadata.by) !== nameOf(context)) throw new Error(`no key for ${nameOf(context)}`);
      return { metadata: { encoding: metadata.was ?? Buffer.alloc(0) }, data: Buffer.from(data).reverse() };
    }),
};

function turned({ metadata, data }: Payload, context: SerializationContext | undefined): Payload {
  const { encoding = Buffer.alloc(0) } = metadata;
  return {
    metadata: { was: Buffer.from(encoding), by: Buffer.from(nameOf(context)) },
    data: Buffer.from(data).reverse(),
  };
}

const textOf = (bytes: Uint8Array | undefined) => Buffer.from(bytes ?? []).toString('utf8');
const nameOf = (context: SerializationContext | undefined) => JSON.stringify(Object.entries(context ?? {}).sort());
const ofWorkflow = ({ workflowId }: TestHistory) => ({ type: 'workflow', namespace: 'test', workflowId }) as const;
const ofActivity = ({ workflowId }: TestHistory) =>
  ({ type: 'activity', namespace: 'test', workflowId, isLocal: false, activityId: '1' }) as const;

/** Encodes the payloads of the last event, as who wrote it does. */
function turnLast(history: TestHistory, context: SerializationContext): void {
  const event = history.events.at(-1) as unknown as { input?: Payload[]; result?: Payload };
  if (event.input) event.input = event.input.map((input) => turned(input, context));
  if (event.result) event.result = turned(event.result, context);
}

/** `hello` up to its activity's end, as codecs have it. */
function turnedHello(): TestHistory {
  const history = new TestHistory('hello', ['Ada']);
  turnLast(history, ofWorkflow(history));
  return history;
}

function greeted(history: TestHistory): TestHistory {
  const scheduled = history.activityScheduled('greet', '1', ['Ada']);
  turnLast(history, ofActivity(history));
  history.activityCompleted(scheduled, 'Hi');
  turnLast(history, ofActivity(history));
  return history;
}

test('what the sandbox is given is decoded and what it answers encoded, in the context of each [worker.data-converter]', async () => {
  const { executor, follow, fetched } = await startExecutor({ payloadCodecs: [turning] });
  const history = follow(turnedHello());
  const first = completed(await executor.runTask(history.task()));
  expect(first.commands[0]?.scheduleActivityTask?.input).toEqual([turned(payload('Ada'), ofActivity(history))]);

  history.completeTask(first);
  const last = completed(await executor.runTask(greeted(history).task()));
  const result = turned(payload('Hi!'), ofWorkflow(history));
  expect(last.commands[0]?.completeWorkflowExecution?.result).toEqual(result);
  expect(fetched).toEqual([]);

  // Another worker has seen none of it: it reads the history, codecs included, the activity's id too.
  const other = await startExecutor({ payloadCodecs: [turning] });
  other.follow(history);
  const again = completed(await other.executor.runTask(history.cut()));
  expect(again.commands[0]?.completeWorkflowExecution?.result).toEqual(result);
  await Promise.all([executor.close(), other.executor.close()]);
});

test('queries and their answers go through the codecs too', async () => {
  const { executor, follow } = await startExecutor({ payloadCodecs: [turning] });
  const history = follow(new TestHistory('asksItself'));
  history.completeTask(completed(await executor.runTask(history.task())));
  const task = codec.decode(history.query('echo', 'ab', 2));
  if (task.type !== 'QueryTask') throw new Error('not a query');
  const input = task.input.map((plain) => turned(plain, ofWorkflow(history)));
  const answer = answerOf(await executor.runTask(codec.encode({ ...task, input })));
  expect(answer.result).toEqual(turned(payload('abab'), ofWorkflow(history)));
  await executor.close();
});

test('a codec that fails, fails the task, so that it is tried again', async () => {
  const { executor } = await startExecutor({ payloadCodecs: [turning] });
  const plain = new TestHistory('hello', ['Ada']);
  const { cause, failure } = failed(await executor.runTask(plain.task()));
  expect(cause).toBe('WORKFLOW_WORKER_UNHANDLED_FAILURE');
  expect(failure.message).toBe(`a payload codec failed: no key for ${nameOf(ofWorkflow(plain))}`);
  await executor.close();
});
