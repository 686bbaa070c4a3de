// Values of every message type, made from its schema and a seed.
import { type Message, messageSchemas } from '../../schemas/generated/messages.js';

type Schema = string | readonly Schema[] | ComplexSchema;
interface ComplexSchema {
  readonly type: Schema;
  readonly name?: string;
  readonly namespace?: string;
  readonly fields?: ReadonlyArray<{ readonly name: string; readonly type: Schema }>;
  readonly items?: Schema;
  readonly values?: Schema;
  readonly oneOf?: readonly string[];
}

export const messageNames: readonly string[] = Object.keys(messageSchemas);

/** A pseudo-random number from 0 to below 1, the same for a seed each time (mulberry32). */
export function randomFrom(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32;
  };
}

/** A message of the type, every field of its schema filled in: today's, unless another is given. */
export function sampleMessage(fullName: string, random: () => number, json = messageSchemas[fullName] ?? ''): Message {
  const schema = JSON.parse(json) as ComplexSchema;
  const records = new Map<string, ComplexSchema>();
  collectRecords(schema, records);
  const value = sample(schema, random, records, 0) as Message;
  return { ...value, type: fullName.slice(fullName.lastIndexOf('.') + 1) } as Message;
}

function sample(schema: Schema, random: () => number, records: Map<string, ComplexSchema>, depth: number): unknown {
  if (typeof schema === 'string') {
    const record = records.get(schema);
    return record === undefined ? samplePrimitive(schema, random) : sampleRecord(record, random, records, depth + 1);
  }
  if (Array.isArray(schema)) {
    return depth > 6 || random() < 0.4 ? null : sample(schema[1] as Schema, random, records, depth + 1);
  }
  const complex = schema as ComplexSchema;
  const count = depth > 6 ? 0 : Math.floor(random() * 4);
  if (complex.type === 'record') {
    return sampleRecord(complex, random, records, depth);
  }
  if (complex.items !== undefined) {
    const items = complex.items;
    return Array.from({ length: count }, () => sample(items, random, records, depth + 1));
  }
  if (complex.values !== undefined) {
    const values = complex.values;
    return Object.fromEntries(
      Array.from({ length: count }, (_, i) => [
        `${sampleString(random)}${i}`,
        sample(values, random, records, depth + 1),
      ]),
    );
  }
  if (complex.oneOf !== undefined) return complex.oneOf[Math.floor(random() * complex.oneOf.length)];
  return samplePrimitive(complex.type as string, random);
}

/** A record is written out where the schema first names it, which a sample may leave empty. */
function collectRecords(schema: unknown, records: Map<string, ComplexSchema>): void {
  if (typeof schema !== 'object' || schema === null) return;
  const { type, namespace, name } = schema as ComplexSchema;
  if (type === 'record') records.set(`${namespace}.${name}`, schema as ComplexSchema);
  for (const part of Object.values(schema)) collectRecords(part, records);
}

function sampleRecord(record: ComplexSchema, random: () => number, records: Map<string, ComplexSchema>, depth: number) {
  return Object.fromEntries(
    (record.fields ?? []).map((field) => [field.name, sample(field.type, random, records, depth)]),
  );
}

function samplePrimitive(type: string, random: () => number): unknown {
  switch (type) {
    case 'string':
      return sampleString(random);
    case 'bytes':
      return Buffer.from(Array.from({ length: Math.floor(random() ** 3 * 300) }, () => Math.floor(random() * 256)));
    case 'long':
      return pick(random, [0, 1, -1, 63, 64, 2 ** 31, 2 ** 52 - 1, -(2 ** 52) + 1, 1_795_000_000_000]);
    case 'int':
      return pick(random, [0, 1, -1, 8191, 2 ** 31 - 1, -(2 ** 31)]);
    case 'double':
      return pick(random, [0, 2, 0.1, -1e300, Number.MIN_VALUE]);
    case 'boolean':
      return random() < 0.5;
    default:
      throw new Error(`no sample for ${type}`);
  }
}

function sampleString(random: () => number): string {
  return pick(random, [
    '',
    'orders',
    'x'.repeat(70),
    'Ünïcode',
    '日本語',
    '🧵 thread',
    'a\u0000b',
    '__proto__',
    'line\nbreak',
  ]);
}

function pick<T>(random: () => number, values: readonly T[]): T {
  return values[Math.floor(random() * values.length)] as T;
}
