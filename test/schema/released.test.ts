// A history is read for years: what was written with a shape once published must be readable today, and what is
// written today by those who still have that shape. This holds FULL_TRANSITIVE without a registry.
import avro from 'avsc';
import { describe, expect, it } from 'vitest';
import { messageSchemas } from '../../schemas/generated/messages.js';
import { codecFromSnapshot } from '../../services/platform/codec/avro-codec.js';
import { createLocalCodec } from '../../services/platform/codec/local-codec.js';
import { messageNames, randomFrom, sampleMessage } from '../codec/samples.js';
import { type AvroObject, type AvroType, schemaFiles } from './schema-files.js';

const released = schemaFiles('released').map(({ path, schema }) => {
  const [, name = '', file = ''] = path.split('/');
  return { path, name, number: Number.parseInt(file, 10), schema };
});

it.each(messageNames)('%s is released, its releases numbered without gaps', (name) => {
  const numbers = released.filter((release) => release.name === name).map(({ number }) => number);
  const expected = numbers.map((_, index) => index + 1);
  expect(
    numbers.sort((a, b) => a - b),
    'run: node schemas/release.mjs',
  ).toStrictEqual(expected);
  expect(numbers.length).toBeGreaterThan(0);
});

describe.each(released)('$path', ({ name, schema }) => {
  const today = JSON.parse(messageSchemas[name] ?? 'null') as AvroObject | null;

  it('is of a message that still exists, under its name', () => {
    expect(`${schema.namespace}.${schema.name}`).toBe(name);
    expect(today).not.toBeNull();
  });

  it("resolves against today's shape both ways", () => {
    const [then, now] = [schema, today].map((shape) => avro.Type.forSchema(shape as never, { wrapUnions: 'never' }));
    if (!then || !now) throw new Error('no shape');
    expect(() => now.createResolver(then)).not.toThrow();
    expect(() => then.createResolver(now)).not.toThrow();
  });

  it("has each field of today's shape with the same type", () => {
    const now = fieldTypes(today);
    for (const [field, type] of fieldTypes(schema)) {
      if (now.has(field)) expect(now.get(field), field).toBe(type);
    }
  });

  it('is read by the codec as a message of today', () => {
    const json = JSON.stringify(schema);
    const body = avro.Type.forSchema(schema as never, { wrapUnions: 'never' }).toBuffer(
      sampleMessage(name, randomFrom(2), json),
    );
    const codec = codecFromSnapshot({ schemas: [{ id: 7, schema: json, write: false }] });
    const decoded = codec.decode(Buffer.concat([Buffer.from([0, 0, 0, 0, 7]), body]));
    expect(decoded.type).toBe(schema.name);
    expect(() => createLocalCodec().encode(decoded)).not.toThrow();
  });
});

/** Each field of the record and of those within, as `record.field`, with its type's JSON. */
function fieldTypes(schema: AvroObject | null): Map<string, string> {
  const types = new Map<string, string>();
  const visit = (type: AvroType | undefined): void => {
    if (typeof type !== 'object') return;
    if (Array.isArray(type)) {
      for (const branch of type) visit(branch);
      return;
    }
    const { namespace, name, fields = [], items, values } = type as AvroObject;
    for (const field of fields) {
      types.set(`${namespace}.${name}.${field.name}`, outline(field.type));
      visit(field.type);
    }
    visit(items);
    visit(values);
  };
  visit(schema ?? undefined);
  return types;
}

/** A type without docs and with records by name. What a string is one of may grow. */
function outline(type: AvroType): string {
  return JSON.stringify(type, (_key, value) => {
    if (typeof value !== 'object' || value === null || Array.isArray(value)) return value;
    if (value.type === 'record') return `${value.namespace}.${value.name}`;
    const { oneOf: _, ...rest } = value;
    return rest;
  });
}
