// The little of protobuf's wire format that a message of bytes and strings needs.

/** Wire types by their number: what follows a tag. */
const VARINT = 0;
const FIXED_64 = 1;
const LENGTH_DELIMITED = 2;
const FIXED_32 = 5;

export function varint(value: number): Uint8Array {
  const bytes: number[] = [];
  let rest = value;
  do {
    bytes.push((rest % 128) | (rest >= 128 ? 128 : 0));
    rest = Math.floor(rest / 128);
  } while (rest > 0);
  return Uint8Array.from(bytes);
}

/** A field of bytes: tag, length, content. */
export function bytesField(field: number, content: Uint8Array): Uint8Array[] {
  return [varint(field * 8 + LENGTH_DELIMITED), varint(content.length), content];
}

export function concat(parts: readonly Uint8Array[]): Uint8Array {
  const whole = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  return whole;
}

/** Reads a number; gives it with where it ends. Throws a RangeError for bytes that end before it does. */
export function readVarint(bytes: Uint8Array, start: number): { readonly value: number; readonly end: number } {
  let value = 0;
  let factor = 1;
  for (let at = start; at < bytes.length; at += 1) {
    const byte = bytes[at] ?? 0;
    value += (byte % 128) * factor;
    if (byte < 128) return { value, end: at + 1 };
    factor *= 128;
  }
  throw new RangeError(`the message ends within a number at byte ${start} of ${bytes.length}`);
}

/** The fields of bytes of a message, in order; fields of other kinds are passed over. Throws a RangeError. */
export function bytesFields(message: Uint8Array): Array<{ readonly field: number; readonly content: Uint8Array }> {
  const fields: Array<{ readonly field: number; readonly content: Uint8Array }> = [];
  let at = 0;
  while (at < message.length) {
    const tag = readVarint(message, at);
    at = tag.end;
    const wireType = tag.value % 8;
    if (wireType === VARINT) at = readVarint(message, at).end;
    else if (wireType === FIXED_64) at += 8;
    else if (wireType === FIXED_32) at += 4;
    else if (wireType === LENGTH_DELIMITED) {
      const length = readVarint(message, at);
      at = length.end + length.value;
      if (at > message.length) throw new RangeError(`the message ends within field ${Math.floor(tag.value / 8)}`);
      fields.push({ field: Math.floor(tag.value / 8), content: message.subarray(length.end, at) });
    } else throw new RangeError(`this is no message: there is no wire type ${wireType}`);
  }
  return fields;
}
