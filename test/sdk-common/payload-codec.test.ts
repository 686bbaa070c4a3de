import { describe, expect, it } from 'vitest';
import {
  decodeFailure,
  decodeOptionalPayload,
  decodePayloadMap,
  decodePayloads,
  encodeFailure,
  encodeOptionalPayload,
  encodePayloadMap,
  encodePayloads,
} from '../../sdk/common/converter/payload-codec.js';
import {
  ApplicationFailure,
  CancelledFailure,
  defaultFailureConverter,
  defaultPayloadConverter,
  type PayloadCodec,
} from '../../sdk/common/index.js';

/** Appends a byte, and insists on finding it. */
function marking(mark: number): PayloadCodec {
  return {
    encode: async (payloads) =>
      payloads.map(({ metadata, data }) => ({ metadata, data: new Uint8Array([...(data ?? []), mark]) })),
    decode: async (payloads) =>
      payloads.map((payload) => {
        if (payload.data?.at(-1) !== mark) throw new Error(`mark ${mark} is not the last`);
        return { ...payload, data: payload.data.subarray(0, -1) };
      }),
  };
}

const codecs = [marking(1), marking(2)];
const payload = { metadata: {}, data: new Uint8Array([9]) };

describe('payload codecs', () => {
  it('encode in their order and decode in the reverse one [common.payload-codecs]', async () => {
    const [encoded] = await encodePayloads(codecs, [payload]);
    expect(encoded?.data).toEqual(new Uint8Array([9, 1, 2]));
    expect(await decodePayloads(codecs, encoded ? [encoded] : [])).toEqual([payload]);
  });

  it('are not asked about nothing', async () => {
    const never: PayloadCodec = { encode: () => Promise.reject(new Error('asked')), decode: () => Promise.reject() };
    expect(await encodePayloads([never], [])).toEqual([]);
    expect(await encodeOptionalPayload([never], null)).toBeNull();
  });

  it('may leave out what is empty, as their kin of Temporal do', async () => {
    const emptying: PayloadCodec = { encode: async () => [{}], decode: async () => [{ metadata: null, data: null }] };
    const empty = { metadata: {}, data: new Uint8Array() };
    expect(await encodePayloads([emptying], [payload])).toEqual([empty]);
    expect(await decodePayloads([emptying], [payload])).toEqual([empty]);
  });

  it('reach optional payloads and maps', async () => {
    expect(await decodeOptionalPayload(codecs, await encodeOptionalPayload(codecs, payload))).toEqual(payload);
    const map = { a: payload, b: payload };
    expect(await decodePayloadMap(codecs, await encodePayloadMap(codecs, map))).toEqual(map);
  });

  it("reach a failure's details and those of its causes", async () => {
    const cause = new CancelledFailure('inner', ['secret']);
    const error = ApplicationFailure.create({ message: 'outer', details: [1, 2], cause });
    const failure = defaultFailureConverter.errorToFailure(error, defaultPayloadConverter);
    const encoded = await encodeFailure(codecs, failure);
    expect(encoded.cause?.canceledInfo?.details[0]?.data.at(-1)).toBe(2);
    expect(encoded.applicationInfo?.details.map(({ data }) => data.at(-1))).toEqual([2, 2]);
    expect(await decodeFailure(codecs, encoded)).toEqual(failure);
  });
});
