import type { Payload as IPayload } from '../common/converter/payload.js';
import { decode, encode } from '../common/encoding.js';
import { bytesField, bytesFields, concat, readVarint, varint } from './wire.js';

export type { IPayload };

/** Numbers of the fields, and of those of a map's entry. */
const METADATA = 1;
const DATA = 2;
const KEY = 1;
const VALUE = 2;

/** Bytes that are written when they are asked for, as protobufjs has it. */
interface Writer {
  finish(): Uint8Array;
}

/** A payload as a protobuf message. */
export const Payload = {
  create: (properties: IPayload = {}): IPayload => ({ ...properties }),

  encode: (payload: IPayload): Writer => ({ finish: () => bytesOf(payload) }),

  /** With its length before it. */
  encodeDelimited: (payload: IPayload): Writer => ({
    finish() {
      const message = bytesOf(payload);
      return concat([varint(message.length), message]);
    },
  }),

  /** Throws a RangeError for bytes that are no message. */
  decode(message: Uint8Array): IPayload {
    const metadata: Record<string, Uint8Array> = {};
    let data = new Uint8Array(0);
    for (const { field, content } of bytesFields(message)) {
      if (field === DATA) data = content.slice();
      if (field === METADATA) {
        const entry = new Map(bytesFields(content).map((part) => [part.field, part.content]));
        metadata[decode(entry.get(KEY) ?? new Uint8Array(0))] = entry.get(VALUE)?.slice() ?? new Uint8Array(0);
      }
    }
    return { metadata, data };
  },

  /** As `decode`, of a message with its length before it. */
  decodeDelimited(bytes: Uint8Array): IPayload {
    const { value: length, end } = readVarint(bytes, 0);
    if (end + length > bytes.length)
      throw new RangeError(`the message ends after ${bytes.length - end} of ${length} bytes`);
    return Payload.decode(bytes.subarray(end, end + length));
  },
};

function bytesOf({ metadata, data }: IPayload): Uint8Array {
  const entries = Object.entries(metadata ?? {}).flatMap(([key, value]) =>
    bytesField(METADATA, concat([...bytesField(KEY, encode(key)), ...bytesField(VALUE, value)])),
  );
  return concat([...entries, ...(data == null || data.length === 0 ? [] : bytesField(DATA, data))]);
}
