import { describe, expect, it } from 'vitest';
import { encodeArguments } from '../../sdk/common/converter/payloads.js';
import {
  arrayFromPayloads,
  BinaryPayloadConverter,
  CompositePayloadConverter,
  decode,
  defaultPayloadConverter,
  encode,
  fromPayloadsAtIndex,
  JsonPayloadConverter,
  mapFromPayloads,
  mapToPayloads,
  type PayloadConverter,
  PayloadConverterError,
  PayloadTooLargeError,
  RawValue,
  toPayloads,
  ValueError,
} from '../../sdk/common/index.js';
import * as encoding from '../../sdk/common/lib/encoding.js';
import { MAX_PAYLOAD_BYTES } from '../../services/platform/limits.js';

describe('the default payload converter [common.payload-converters]', () => {
  it.each([
    [undefined, 'binary/null', ''],
    [null, 'json/plain', 'null'],
    ['ä', 'json/plain', '"ä"'],
    [{ a: [1, true] }, 'json/plain', '{"a":[1,true]}'],
  ])('encodes %j as %s and back', (value, encoding, data) => {
    const payload = defaultPayloadConverter.toPayload(value);
    expect(decode(payload.metadata.encoding ?? new Uint8Array())).toBe(encoding);
    expect(decode(payload.data)).toBe(data);
    expect(defaultPayloadConverter.fromPayload(payload)).toEqual(value);
  });

  it('encodes bytes as they are, and gives back a copy', () => {
    const payload = defaultPayloadConverter.toPayload(Buffer.from([1, 2, 255]));
    expect(decode(payload.metadata.encoding ?? new Uint8Array())).toBe('binary/plain');
    const value = defaultPayloadConverter.fromPayload<Uint8Array>(payload);
    expect(value).toEqual(new Uint8Array([1, 2, 255]));
    expect(value.buffer).not.toBe(payload.data.buffer);
  });

  it('refuses a payload without an encoding, or with one it does not know, by name', () => {
    expect(() => defaultPayloadConverter.fromPayload({ metadata: {}, data: new Uint8Array() })).toThrow(ValueError);
    const foreign = { metadata: { encoding: encode('binary/protobuf') }, data: new Uint8Array() };
    expect(() => defaultPayloadConverter.fromPayload(foreign)).toThrow('Unknown encoding: binary/protobuf');
  });
});

describe('a composite payload converter [common.composite-converter]', () => {
  it('asks its converters in order', () => {
    const converter = new CompositePayloadConverter(new JsonPayloadConverter(), new BinaryPayloadConverter());
    const payload = converter.toPayload(new Uint8Array([7]));
    expect(decode(payload.metadata.encoding ?? new Uint8Array())).toBe('json/plain');
  });

  it('refuses a value that none of them takes', () => {
    const converter = new CompositePayloadConverter(new BinaryPayloadConverter());
    expect(() => converter.toPayload('text')).toThrow('Unable to convert a string to payload');
  });
});

describe('a raw value [common.raw-value]', () => {
  const upside: PayloadConverter = {
    toPayload: (value) => defaultPayloadConverter.toPayload(`upside ${value}`),
    fromPayload: <T>() => 'down' as T,
  };
  const composite = new CompositePayloadConverter(new JsonPayloadConverter());

  it('is encoded when it is made, by the default converter or another', () => {
    expect(composite.toPayload(new RawValue({ a: 1 }))).toEqual(defaultPayloadConverter.toPayload({ a: 1 }));
    expect(decode(composite.toPayload(new RawValue('x', upside)).data)).toBe('"upside x"');
  });

  it('passes on a payload that nobody decoded', () => {
    const payload = { metadata: { encoding: encode('some/encoding') }, data: Uint8Array.of(7) };
    expect(composite.toPayload(RawValue.fromPayload(payload))).toEqual(payload);
  });
});

describe("a payload of a user's converter", () => {
  it('may leave out what is empty, as in Temporal', () => {
    const bare: PayloadConverter = { toPayload: () => ({ metadata: null }), fromPayload: <T>() => 0 as T };
    expect(encodeArguments(bare, 'x', [1])).toEqual([{ metadata: {}, data: new Uint8Array() }]);
    expect(() => defaultPayloadConverter.fromPayload({ metadata: null })).toThrow("metadata entry 'encoding'");
    const withoutData = { metadata: { encoding: encode('json/plain') } };
    expect(() => defaultPayloadConverter.fromPayload(withoutData)).toThrow('without data');
  });
});

it('text is encoded and decoded as UTF-8 [common.encoding]', () => {
  expect(encoding.encode('ä')).toEqual(Uint8Array.of(195, 164));
  expect(encoding.decode(encoding.encode('ä€😀'))).toBe('ä€😀');
});

describe('arguments', () => {
  const circular: { self?: unknown } = {};
  circular.self = circular;

  it.each([
    ['a BigInt', 10n],
    ['a circular object', circular],
    ['a function', () => 1],
    ['a symbol', Symbol('s')],
  ])('that are %s are refused with their index and the call', (_what, value) => {
    const encodeThem = (): unknown => encodeArguments(defaultPayloadConverter, "workflow 'order'", ['fine', value]);
    expect(encodeThem).toThrow(PayloadConverterError);
    expect(encodeThem).toThrow("argument 1 of workflow 'order' can't be encoded");
  });

  it('over the limit are refused with their size', () => {
    const big = new Uint8Array(MAX_PAYLOAD_BYTES + 1);
    const encodeThem = (): unknown => encodeArguments(defaultPayloadConverter, "workflow 'order'", [big]);
    expect(encodeThem).toThrow(PayloadTooLargeError);
    expect(encodeThem).toThrow(`argument 0 of workflow 'order' takes ${MAX_PAYLOAD_BYTES + 1} bytes`);
    expect(encodeArguments(defaultPayloadConverter, 'x', [big.subarray(1)])).toHaveLength(1);
  });
});

describe('payload lists and maps', () => {
  it('are undefined without values, as in Temporal', () => {
    expect(toPayloads(defaultPayloadConverter)).toBeUndefined();
    expect(arrayFromPayloads(defaultPayloadConverter, undefined)).toEqual([]);
    expect(mapFromPayloads(defaultPayloadConverter, null)).toBeUndefined();
  });

  it('give undefined at an index beyond the end, so that a function may gain arguments', () => {
    const payloads = toPayloads(defaultPayloadConverter, 'a');
    expect(fromPayloadsAtIndex(defaultPayloadConverter, 0, payloads)).toBe('a');
    expect(fromPayloadsAtIndex(defaultPayloadConverter, 1, payloads)).toBeUndefined();
  });

  it('round-trip maps', () => {
    const map = { a: 1, b: undefined, c: [null] };
    expect(mapFromPayloads(defaultPayloadConverter, mapToPayloads(defaultPayloadConverter, map))).toEqual(map);
  });
});
