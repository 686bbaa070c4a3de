import type avro from 'avsc';
import { type Message, messageSchemas } from '../../../schemas/generated/messages.js';
import { CodecError, type CodecErrorFacts } from './errors.js';
import { compileSchema } from './message-types.js';

/** The Confluent prefix: a zero byte and the schema id, big-endian. */
export const PREFIX_BYTES = 5;

/** How records of one schema id are read. `shortName` is undefined for a type that this build doesn't have. */
export interface Reading {
  readonly fullName: string;
  readonly shortName: string | undefined;
  readonly type: avro.types.RecordType;
  readonly resolver: ReturnType<avro.Type['createResolver']> | undefined;
}

/** Reads a record's value that has the schema id. */
export function read(bytes: Buffer, id: number, { fullName, shortName, type, resolver }: Reading): Message {
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
export function schemaIdOf(bytes: Uint8Array): number {
  if (bytes.length < PREFIX_BYTES || bytes[0] !== 0) {
    throw notAMessage("the value doesn't begin with a zero byte and a schema id");
  }
  return new DataView(bytes.buffer, bytes.byteOffset, PREFIX_BYTES).getUint32(1);
}

/** How to read records of a schema: as today's shape of its type, where this build has it. */
export function readingOf(id: number, schema: string): Reading {
  const ours = ourNames.get(schema);
  if (ours !== undefined) return ownReading(ours, schema);
  const written = compileSchemaOf(id, schema);
  const fullName = written.name ?? '';
  if (!fullName.startsWith('millrace.')) {
    throw notAMessage(`schema ${id} is of ${fullName}, which isn't a Millrace message`, { schemaId: id });
  }
  const todaysSchema = messageSchemas[fullName];
  if (todaysSchema === undefined) return { fullName, shortName: undefined, type: written, resolver: undefined };
  const today = compileOurs(todaysSchema);
  const shortName = shortNameOf(fullName);
  try {
    // Equal up to docs and defaults: the bytes are the same, and reading them straight is faster than resolving.
    const resolver = today.equals(written) ? undefined : today.createResolver(written);
    return { fullName, shortName, type: today, resolver };
  } catch (error) {
    throw new CodecError(
      'SCHEMA_INCOMPATIBLE',
      `schema ${id} of ${fullName} can't be read as this build's: ${messageOf(error)}; set the subject's compatibility to FULL_TRANSITIVE`,
      { schemaId: id, subject: fullName },
      { cause: error },
    );
  }
}

const ourNames = new Map(Object.entries(messageSchemas).map(([fullName, schema]) => [schema, fullName]));
/**
 * Of a schema of this build, which can't be wrong: compiled at its first use, in half a millisecond. No thread meets them
 * all, and a sandbox or a test's environment is there the sooner.
 */
function ownReading(fullName: string, schema: string): Reading {
  let type: avro.types.RecordType | undefined;
  return {
    fullName,
    shortName: shortNameOf(fullName),
    resolver: undefined,
    get type() {
      type ??= compileOurs(schema);
      return type;
    },
  };
}

function shortNameOf(fullName: string): string {
  return fullName.slice(fullName.lastIndexOf('.') + 1);
}

const ourTypes = new Map<string, avro.types.RecordType>();

/** Compiles a schema of this build once a thread: codecs share its type. */
function compileOurs(schema: string): avro.types.RecordType {
  const type = ourTypes.get(schema) ?? compileSchema(schema);
  ourTypes.set(schema, type);
  return type;
}

function compileSchemaOf(id: number, schema: string): avro.types.RecordType {
  try {
    return compileSchema(schema);
  } catch (error) {
    throw notAMessage(`schema ${id} is not of an Avro record`, { schemaId: id }, error);
  }
}

export function notAMessage(reason: string, facts: CodecErrorFacts = {}, cause?: unknown): CodecError {
  return new CodecError('NOT_A_MESSAGE', `not a Millrace message: ${reason}`, facts, { cause });
}

export function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
