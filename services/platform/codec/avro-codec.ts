import type avro from 'avsc';
import { type Message, messageSchemas } from '../../../schemas/generated/messages.js';
import type { Codec, CodecSnapshot } from './codec.js';
import { CodecError } from './errors.js';
import { compileSchema } from './message-types.js';

/** The Confluent prefix: a zero byte and the schema id, big-endian. */
const PREFIX_BYTES = 5;

/** Nearly all messages fit; a larger one is written again, into a buffer of the size that the first try told. */
const SCRATCH_BYTES = 64 * 1024;

/** Written to and copied from without a pause in between, so that all codecs of a thread share it. */
const scratch = Buffer.allocUnsafeSlow(SCRATCH_BYTES);

/** How a message type of this build is written. */
interface Writing {
  readonly id: number;
  readonly fullName: string;
  readonly type: avro.types.RecordType;
}

/** How records of one schema id are read. `shortName` is undefined for a type that this build doesn't have. */
interface Reading {
  readonly fullName: string;
  readonly shortName: string | undefined;
  readonly type: avro.types.RecordType;
  readonly resolver: ReturnType<avro.Type['createResolver']> | undefined;
}

/** Fetches a schema's JSON by id; resolves with undefined when the registry has no such id. */
export type FetchSchema = (id: number) => Promise<string | undefined>;

/** A codec of everything in the snapshot. It has no registry: its `decodeLearning` learns nothing. */
export function codecFromSnapshot(snapshot: CodecSnapshot): Codec {
  return createAvroCodec(snapshot);
}

/**
 * A codec of everything in the snapshot, which learns further schemas through `fetchSchema`. Schemas are compiled here
 * or when they are learned, never by `encode` or `decode`. Records of older and newer schemas resolve to today's.
 */
export function createAvroCodec(snapshot: CodecSnapshot, fetchSchema?: FetchSchema): Codec {
  const writings = new Map<string, Writing>();
  const readings = new Map<number, Reading>();
  const learning = new Map<number, Promise<void>>();
  const known = [...snapshot.schemas];

  for (const { id, schema, write } of known) {
    const reading = readingOf(id, schema);
    readings.set(id, reading);
    if (write && reading.shortName !== undefined) writings.set(reading.shortName, { id, ...reading });
  }

  async function learn(id: number, fetch: FetchSchema): Promise<void> {
    const schema = await fetch(id);
    if (schema === undefined) throw notAMessage(`the registry has no schema ${id}`, { schemaId: id });
    readings.set(id, readingOf(id, schema));
    known.push({ id, schema, write: false });
  }

  function decode(bytes: Uint8Array): Message {
    const buffer = Buffer.isBuffer(bytes) ? bytes : Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    const id = schemaIdOf(buffer);
    const reading = readings.get(id);
    if (reading === undefined) {
      throw new CodecError(
        'UNKNOWN_SCHEMA',
        `schema ${id} is not known yet: decode with decodeLearning, or take a newer snapshot`,
        {
          schemaId: id,
        },
      );
    }
    return read(buffer, id, reading);
  }

  return {
    encode(message) {
      const writing = writings.get(message.type);
      if (writing === undefined) {
        throw new CodecError('MESSAGE_INVALID', `this codec doesn't write messages of type '${message.type}'`);
      }
      return write(message, writing);
    },

    decode,

    async decodeLearning(bytes) {
      const id = schemaIdOf(bytes);
      if (!readings.has(id) && fetchSchema !== undefined) {
        // Those who meet the same new schema at once share one request.
        const learned = learning.get(id) ?? learn(id, fetchSchema).finally(() => learning.delete(id));
        learning.set(id, learned);
        await learned;
      }
      return decode(bytes);
    },

    snapshot: () => ({ schemas: [...known] }),
  };
}

function write(message: Message, { id, fullName, type }: Writing): Buffer {
  try {
    const end = type.encode(message, scratch, PREFIX_BYTES);
    const bytes = Buffer.allocUnsafe(end > 0 ? end : SCRATCH_BYTES - end);
    if (end > 0) scratch.copy(bytes, 0, 0, end);
    else type.encode(message, bytes, PREFIX_BYTES);
    bytes[0] = 0;
    bytes.writeUInt32BE(id, 1);
    return bytes;
  } catch (error) {
    throw messageInvalid(message, fullName, type, error);
  }
}

function read(bytes: Buffer, id: number, { fullName, shortName, type, resolver }: Reading): Message {
  let decoded: { readonly value: unknown; readonly offset: number };
  try {
    decoded = type.decode(bytes, PREFIX_BYTES, resolver);
  } catch (error) {
    throw notAMessage(`the bytes don't fit ${fullName} (schema ${id})`, { schemaId: id, subject: fullName }, error);
  }
  if (decoded.offset !== bytes.length) {
    const what = decoded.offset < 0 ? 'bytes are missing' : 'bytes are left over';
    throw notAMessage(`${what} after reading ${fullName} (schema ${id})`, { schemaId: id, subject: fullName });
  }
  const value = decoded.value as { type?: string; readonly header?: { readonly skippable?: boolean } };
  if (shortName === undefined) {
    throw new CodecError('UNKNOWN_TYPE', `${fullName} is of a newer Millrace: upgrade this process`, {
      subject: fullName,
      schemaId: id,
      skippable: value.header?.skippable === true,
    });
  }
  value.type = shortName;
  return value as Message;
}

/** The schema id in a value's prefix. */
function schemaIdOf(bytes: Uint8Array): number {
  if (bytes.length < PREFIX_BYTES || bytes[0] !== 0) {
    throw notAMessage("the value doesn't begin with a zero byte and a schema id");
  }
  return new DataView(bytes.buffer, bytes.byteOffset, PREFIX_BYTES).getUint32(1);
}

/** How to read records of a schema: as today's shape of its type, where this build has it. */
function readingOf(id: number, schema: string): Reading {
  const written = compileSchema(schema);
  const fullName = written.name ?? '';
  if (!fullName.startsWith('millrace.')) {
    throw notAMessage(`schema ${id} is of ${fullName}, which isn't a Millrace message`, { schemaId: id });
  }
  const today = todaysType(fullName);
  if (today === undefined) return { fullName, shortName: undefined, type: written, resolver: undefined };
  const shortName = fullName.slice(fullName.lastIndexOf('.') + 1);
  // Equal up to docs and defaults: the bytes are the same, and reading them straight is faster than resolving.
  if (today.equals(written)) return { fullName, shortName, type: today, resolver: undefined };
  try {
    return { fullName, shortName, type: today, resolver: today.createResolver(written) };
  } catch (error) {
    throw new CodecError(
      'SCHEMA_INCOMPATIBLE',
      `schema ${id} of ${fullName} can't be read as this build's: ${messageOf(error)}; set the subject's compatibility to FULL_TRANSITIVE`,
      { schemaId: id, subject: fullName },
      { cause: error },
    );
  }
}

const todaysTypes = new Map<string, avro.types.RecordType>();

/** The compiled type of this build's schema, made once a thread. */
function todaysType(fullName: string): avro.types.RecordType | undefined {
  const schema = messageSchemas[fullName];
  let type = todaysTypes.get(fullName);
  if (type === undefined && schema !== undefined) {
    type = compileSchema(schema);
    todaysTypes.set(fullName, type);
  }
  return type;
}

/** Finds what doesn't fit, which the writer doesn't say. */
function messageInvalid(message: Message, fullName: string, type: avro.Type, cause: unknown): CodecError {
  let found: { readonly path: string; readonly expected: string } | undefined;
  try {
    type.isValid(message, {
      errorHook: (path, _value, expected) => {
        found ??= { path: path.join('.'), expected: expected.name ?? expected.typeName };
      },
    });
  } catch {
    // A value nested too deep for the stack fails here as it failed the writer; the cause says so.
  }
  return found === undefined
    ? new CodecError(
        'MESSAGE_INVALID',
        `${fullName} can't be encoded: ${messageOf(cause)}`,
        { subject: fullName },
        { cause },
      )
    : new CodecError(
        'MESSAGE_INVALID',
        `${fullName}: '${found.path}' is not of type ${found.expected}`,
        {
          subject: fullName,
          path: found.path,
        },
        { cause },
      );
}

function notAMessage(reason: string, facts = {}, cause?: unknown): CodecError {
  return new CodecError('NOT_A_MESSAGE', `not a Millrace message: ${reason}`, facts, { cause });
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
