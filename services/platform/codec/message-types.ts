// How Avro values look in memory. avsc's own types are right for most; those below differ where Millrace must:
// bytes of any realm, longs that are exact or refused, nullable fields without a search, counts that can't exceed what
// is left of the record, and records that are plain objects.
import { types as nodeTypes } from 'node:util';
import avro from 'avsc';

/** avsc's cursor over a buffer, as its types' read and write methods get it. */
interface Tap {
  readonly buf: Buffer;
  pos: number;
  readLong(): number;
  skipLong(): void;
  writeLong(value: number): void;
  readString(): string;
}

type Hook = (value: unknown, type: avro.Type) => void;

/** The methods that avsc's types implement and that its type declarations leave out. */
interface ValueType {
  _check(value: unknown, flags: unknown, hook?: Hook, path?: string[]): boolean;
  _read(tap: Tap): unknown;
  _write(tap: Tap, value: unknown): void;
}

/**
 * Compiles a self-contained schema. Decoded records are plain objects (also by prototype), decoded bytes are Buffers
 * of their own: copies in slabs of up to 4 KiB, so that a value kept for long pins neither the fetch it came in nor
 * drags it along through `structuredClone`, which copies a view's whole underlying buffer.
 */
export function compileSchema(schema: string): avro.types.RecordType {
  const compiled = avro.Type.forSchema(JSON.parse(schema), { wrapUnions: 'never', omitRecordMethods: true, typeHook });
  if (!avro.Type.isType(compiled, 'record')) throw new TypeError(`a message is a record, not ${compiled.typeName}`);
  return compiled as avro.types.RecordType;
}

function typeHook(schema: unknown, options: unknown): avro.Type | undefined {
  if (schema === 'bytes') return anyBytes;
  if (schema === 'long') return exactLong;
  if (Array.isArray(schema)) {
    return schema.length === 2 && schema[0] === 'null' ? new NullableType(schema as never, options) : undefined;
  }
  if (typeof schema !== 'object' || schema === null || !('type' in schema)) return undefined;
  if (schema.type === 'long') return exactLong;
  if (schema.type === 'array') return new BoundedArrayType(schema as never, options);
  if (schema.type === 'map') return new BoundedMapType(schema as never, options);
  if (schema.type === 'record') return new PlainRecordType(schema as never, options);
  return undefined;
}

/** Writes any Uint8Array: `Buffer.isBuffer` and `instanceof` fail for those of the workflow sandbox's realm. */
class AnyBytesType extends avro.types.BytesType {
  _check(value: unknown, _flags: unknown, hook?: Hook): boolean {
    const fits = nodeTypes.isUint8Array(value);
    if (!fits) hook?.(value, this);
    return fits;
  }

  _write(tap: Tap, value: unknown): void {
    if (!nodeTypes.isUint8Array(value)) throw new TypeError('not bytes');
    const length = value.length;
    tap.writeLong(length);
    const start = tap.pos;
    tap.pos += length;
    if (tap.pos <= tap.buf.length) tap.buf.set(value, start);
  }
}
const anyBytes = new AnyBytesType();

/**
 * The bound of a long, either side. avsc reads and writes `2n` as a double: from here on that loses its last bit, and
 * avsc lets values up to 2^53 through with their sign or value changed.
 */
const LONG_BOUND = 2 ** 52;

class ExactLongType extends avro.types.LongType {
  _check(value: unknown, _flags: unknown, hook?: Hook): boolean {
    const fits = Number.isInteger(value) && Math.abs(value as number) < LONG_BOUND;
    if (!fits) hook?.(value, this);
    return fits;
  }

  _read(tap: Tap): number {
    const value = tap.readLong();
    if (Math.abs(value) >= LONG_BOUND) throw new RangeError('a long past 2^52');
    return value;
  }

  _write(tap: Tap, value: unknown): void {
    if (!Number.isInteger(value) || Math.abs(value as number) >= LONG_BOUND)
      throw new RangeError('not a long below 2^52');
    tap.writeLong(value as number);
  }
}
const exactLong = new ExactLongType();

/** `["null", T]`: avsc's general union searches its branches by the value's shape, and would not see foreign bytes. */
class NullableType extends avro.types.UnwrappedUnionType {
  _check(value: unknown, flags: unknown, hook?: Hook, path?: string[]): boolean {
    return value === null || valueType(this.types[1])._check(value, flags, hook, path);
  }

  _write(tap: Tap, value: unknown): void {
    if (value === null) {
      tap.writeLong(0);
    } else {
      tap.writeLong(1);
      valueType(this.types[1])._write(tap, value);
    }
  }
}

/** Refuses a count that the bytes left can't hold, so that altered bytes cost an error and not minutes or gigabytes. */
class BoundedArrayType extends avro.types.ArrayType {
  _read(tap: Tap): unknown[] {
    const items = valueType(this.itemsType);
    const values: unknown[] = [];
    for (let count = readCount(tap); count > 0; count = readCount(tap)) {
      for (let i = 0; i < count; i++) values.push(items._read(tap));
    }
    return values;
  }
}

/** Bounded as arrays are. A key `__proto__` is a key like any other. */
class BoundedMapType extends avro.types.MapType {
  _read(tap: Tap): Record<string, unknown> {
    const items = valueType(this.valuesType);
    const values: Record<string, unknown> = {};
    for (let count = readCount(tap); count > 0; count = readCount(tap)) {
      for (let i = 0; i < count; i++) {
        const key = tap.readString();
        const value = items._read(tap);
        if (key === '__proto__')
          Object.defineProperty(values, key, { value, enumerable: true, writable: true, configurable: true });
        else values[key] = value;
      }
    }
    return values;
  }
}

/** Decodes into plain objects, not into instances of the classes that avsc generates. */
class PlainRecordType extends avro.types.RecordType {
  constructor(schema: never, options: unknown) {
    super(schema, options);
    this.recordConstructor.prototype = Object.prototype;
  }
}

/** The count of the next block; one written as negative is followed by the block's size. */
function readCount(tap: Tap): number {
  let count = tap.readLong();
  if (count < 0) {
    count = -count;
    tap.skipLong();
  }
  if (count > tap.buf.length - tap.pos)
    throw new RangeError(`a count of ${count} is more than the bytes left can hold`);
  return count;
}

function valueType(type: unknown): ValueType {
  return type as ValueType;
}
