import { expect, test } from 'vitest';
import type { Message, Payload } from '../../schemas/generated/messages.js';
import type { PayloadCodec } from '../../sdk/common/converter/payload-codec.js';
import type { SerializationContext } from '../../sdk/common/converter/serialization-context.js';
import { payloadSlots } from '../../sdk/worker/payloads/message-payloads.js';
import { payloadPipeline } from '../../sdk/worker/payloads/payload-pipeline.js';
import { messageNames, randomFrom, sampleMessage } from '../codec/samples.js';
import { payload } from './test-history.js';

const scope = {
  namespace: 'test',
  workflowId: 'order',
  activityIdOf: (scheduledEventId: number) => `activity-of-${scheduledEventId}`,
};

/** Every payload of a value, with the path to it: what the walk over the schema is held against. */
function payloadsIn(value: unknown, path = ''): Array<{ readonly path: string; readonly found: Payload }> {
  if (typeof value !== 'object' || value === null || ArrayBuffer.isView(value)) return [];
  if ('metadata' in value && 'data' in value) return [{ path, found: value as Payload }];
  return Object.entries(value).flatMap(([key, inner]) => payloadsIn(inner, `${path}/${key}`));
}

test('every payload of every message is found, but for search attributes and headers [common.payload-codecs-everywhere]', () => {
  const random = randomFrom(7);
  let found = 0;
  for (const name of messageNames) {
    const message = sampleMessage(name, random);
    const mark = { metadata: {}, data: Buffer.from('seen') };
    for (const slot of payloadSlots(message, scope)) slot.put(slot.payloads.map(() => mark));
    for (const { path, found: payloadFound } of payloadsIn(message)) {
      const isUntouched = /\/(searchAttributes|headers)\//.test(path);
      expect(payloadFound === mark, `${name}${path}`).toBe(!isUntouched);
      found += 1;
    }
  }
  expect(found).toBeGreaterThan(100);
});

function recordingCodec(name: string, calls: string[]): PayloadCodec {
  const through = (what: string) => async (payloads: Payload[], context?: SerializationContext) => {
    const { type, workflowId, activityId = '' } = context as SerializationContext & { activityId?: string };
    calls.push(`${name} ${what} ${payloads.length} of ${type} ${workflowId} ${activityId}`.trim());
    return payloads;
  };
  return { encode: through('encodes'), decode: through('decodes') };
}

test('codecs encode in order and decode in reverse, and are told whose values they have [common.payload-codecs]', async () => {
  const calls: string[] = [];
  const { encode, decode } = payloadPipeline([recordingCodec('a', calls), recordingCodec('b', calls)]);
  const header = { workflowId: 'order', runId: 'run', eventId: 9, sequence: 9, eventTime: 0, skippable: false };
  const common = { header, startedEventId: 8, identity: '', requestId: null, replyTo: null };
  const completed = { type: 'ActivityTaskCompleted', scheduledEventId: 7, result: payload(1), ...common };
  await encode([completed as unknown as Message], scope);
  expect(calls.splice(0)).toEqual([
    'a encodes 1 of activity order activity-of-7',
    'b encodes 1 of activity order activity-of-7',
  ]);
  const initiated = {
    type: 'StartChildWorkflowExecutionInitiated',
    header,
    workflowId: 'child',
    input: [payload(1), payload(2)],
    memo: { a: payload(1) },
  };
  await decode(
    [
      {
        ...initiated,
        headers: {},
        searchAttributes: {},
        staticSummary: null,
        staticDetails: null,
      } as unknown as Message,
    ],
    scope,
  );
  expect(calls.sort()).toEqual([
    'a decodes 1 of workflow child',
    'a decodes 2 of workflow child',
    'b decodes 1 of workflow child',
    'b decodes 2 of workflow child',
  ]);
});

test('a codec that loses payloads is told so', async () => {
  const { encode } = payloadPipeline([{ encode: async () => [], decode: async () => [] }]);
  const message = { type: 'CompleteActivityTask', header: {}, scheduledEventId: 1, attempt: 1, result: payload(1) };
  await expect(encode([message as unknown as Message], scope)).rejects.toThrow('a codec gave back 0 payloads for 1');
});
