import * as proto from 'millrace/proto';
import protobuf from 'protobufjs';
import { describe, expect, it } from 'vitest';

const { Payload } = proto.temporal.api.common.v1;

// Temporal's own definition, read by another library.
const theirs = protobuf
  .parse('syntax = "proto3"; message Payload { map<string, bytes> metadata = 1; bytes data = 2; int64 other = 9; }')
  .root.lookupType('Payload');

const payloads: proto.temporal.api.common.v1.IPayload[] = [
  { metadata: { encoding: Buffer.from('json/plain'), empty: Uint8Array.of() }, data: Uint8Array.of(0, 255) },
  { metadata: {}, data: new Uint8Array(70_000).fill(7) },
  { metadata: null },
  {},
];

describe('the message of a payload [common.payload-message]', () => {
  it.each(payloads.map((payload) => [Object.keys(payload).length, payload]))(
    'is what protobufjs reads and writes (%# with %d fields)',
    (_fields, payload) => {
      const { metadata, data } = payload;
      const whole = { metadata: { ...metadata }, data: Uint8Array.from(data ?? []) };
      const read = theirs.toObject(theirs.decode(Payload.encode(payload).finish()), { defaults: true });
      expect(Buffer.from(read.data)).toEqual(Buffer.from(whole.data));
      expect(Object.keys(read.metadata)).toEqual(Object.keys(whole.metadata));
      const written = theirs.encode(theirs.fromObject({ ...whole, other: 1 })).finish();
      for (const back of [
        Payload.decode(written),
        Payload.decodeDelimited(Payload.encodeDelimited(payload).finish()),
      ]) {
        expect(Buffer.from(back.data ?? [])).toEqual(Buffer.from(whole.data));
        for (const [key, value] of Object.entries(whole.metadata)) {
          expect(Buffer.from(back.metadata?.[key] ?? [])).toEqual(Buffer.from(value));
        }
      }
    },
  );

  it('is refused when it is cut short, or none', () => {
    const message = Payload.encodeDelimited({ data: Uint8Array.of(1, 2, 3) }).finish();
    expect(() => Payload.decodeDelimited(message.subarray(0, -1))).toThrow(RangeError);
    expect(() => Payload.decode(message.subarray(1, -1))).toThrow('ends within field 2');
    expect(() => Payload.decode(Uint8Array.of(128))).toThrow('ends within a number');
    expect(() => Payload.decode(Uint8Array.of(7))).toThrow('no wire type 7');
  });
});
