import type avro from 'avsc';
import type { Message } from '../../../schemas/generated/messages.js';
import type { Codec, CodecSnapshot } from './codec.js';
import { CodecError } from './errors.js';
import { messageOf, notAMessage, PREFIX_BYTES, type Reading, read, readingOf, schemaIdOf } from './reading.js';

/** Nearly all messages fit; a larger one is written again, into a buffer of the size that the first try told. */
const SCRATCH_BYTES = 64 * 1024;

/** Written to and copied from without a pause in between, so that all codecs of a thread share it. */
const scratch = Buffer.allocUnsafeSlow(SCRATCH_BYTES);

/** How a message type of this build is written. */
interface Writing {
  readonly id: number;
  readonly reading: Reading;
}

/** Fetches a schema's JSON by id; resolves with undefined when the registry has no such id. */
export type FetchSchema = (id: number) => Promise<string | undefined>;

/** A codec of everything in the snapshot. It has no registry: its `decodeLearning` learns nothing. */
export function codecFromSnapshot(snapshot: CodecSnapshot): Codec {
  return createAvroCodec(snapshot);
}

/**
 * A codec of everything in the snapshot, which learns further schemas through `fetchSchema`. This build's own schemas
 * are compiled at their first use, others here or when they are learned. Records of older and newer schemas resolve to
 * today's.
 */
export function createAvroCodec(snapshot: CodecSnapshot, fetchSchema?: FetchSchema): Codec {
  const writings = new Map<string, Writing>();
  const readings = new Map<number, Reading>();
  const learning = new Map<number, Promise<void>>();
  const known = [...snapshot.schemas];

  for (const { id, schema, write } of known) {
    const reading = readingOf(id, schema);
    readings.set(id, reading);
    if (write && reading.shortName !== undefined) writings.set(reading.shortName, { id, reading });
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
      const message = `schema ${id} is not known yet: decode with decodeLearning, or take a newer snapshot`;
      throw new CodecError('UNKNOWN_SCHEMA', message, { schemaId: id });
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

function write(message: Message, { id, reading: { fullName, type } }: Writing): Buffer {
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

/** Finds what doesn't fit, which the writer doesn't say. */
function messageInvalid(message: Message, subject: string, type: avro.Type, cause: unknown): CodecError {
  let found: { readonly path: string; readonly expected: string } | undefined;
  try {
    type.isValid(message, {
      errorHook: (path, _value, expected) => {
        found ??= { path: path.join('.'), expected: expected.name ?? expected.typeName };
      },
    });
  } catch {
    // A value nested too deep for the stack fails here as it failed the writer, whose error says so.
  }
  const reason = found ? `'${found.path}' is not of type ${found.expected}` : messageOf(cause);
  const facts = found ? { subject, path: found.path } : { subject };
  return new CodecError('MESSAGE_INVALID', `${subject} can't be encoded: ${reason}`, facts, { cause });
}
