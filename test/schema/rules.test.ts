// The rules that every schema keeps, so that readers of any version can rely on them.
import { describe, expect, it } from 'vitest';
import { messageSchemas } from '../../schemas/generated/messages.js';
import { type AvroField, type AvroType, schemaFiles } from './schema-files.js';

const kinds = ['common', 'command', 'history', 'task', 'reply', 'service', 'snapshot'];
const files = kinds.flatMap((kind) => schemaFiles(kind));
const names = new Set(files.map(({ schema }) => `${schema.namespace}.${schema.name}`));

describe.each(files)('$path', ({ path, schema }) => {
  const fields = schema.fields ?? [];

  it('is a record named for its file', () => {
    expect(path).toBe(`${schema.namespace?.replace('millrace.', '')}/${schema.name}.avsc`);
    expect(schema.type).toBe('record');
    expect(fields.length).toBeGreaterThan(0);
  });

  it('says what the record and each field are', () => {
    for (const { doc } of [schema, ...fields]) expect(doc).toMatch(/^\S.+[.`)]$/s);
  });

  it.each(fields)('field $name has a type that every language reads alike', (field) => {
    expect(problemOf(field)).toBeUndefined();
  });
});

it.each(Object.keys(messageSchemas).filter((name) => name.startsWith('millrace.command.')))(
  '%s begins with a CommandHeader',
  (name) => {
    expect(JSON.parse(messageSchemas[name] ?? '').fields[0]).toMatchObject({
      name: 'header',
      type: { name: 'CommandHeader' },
    });
  },
);

// PartitionOwnerClaimed is the partition's, not a run's.
it.each(
  Object.keys(messageSchemas).filter(
    (name) => name.startsWith('millrace.history.') && !name.endsWith('PartitionOwnerClaimed'),
  ),
)('%s begins with an EventHeader', (name) => {
  expect(JSON.parse(messageSchemas[name] ?? '').fields[0]).toMatchObject({
    name: 'header',
    type: { name: 'EventHeader' },
  });
});

/** What is wrong with a field, if anything. */
function problemOf({ name, type, default: byDefault }: AvroField): string | undefined {
  // Decoded messages carry their record's name as `type`.
  if (!/^[a-z][A-Za-z0-9]*$/.test(name) || name === 'type') return 'the name is not in camelCase, or taken';
  if (Array.isArray(type)) {
    if (type.length !== 2 || type[0] !== 'null') return 'a union is ["null", T]';
    if (byDefault !== null) return 'a nullable field has the default null';
    return problemOfType(name, type[1]);
  }
  return problemOfType(name, type);
}

function problemOfType(name: string, type: AvroType): string | undefined {
  const isTime = JSON.stringify(type) === '{"type":"long","logicalType":"timestamp-millis"}';
  if (/(At|Time)$/.test(name) !== isTime) return 'a time, and only a time, is a timestamp-millis named …At or …Time';
  if (isTime) return undefined;
  if (/Ms$/.test(name) && type !== 'long') return 'a duration is a long of milliseconds';
  if (/(Timeout|Interval|Delay|Retention)$/.test(name)) return 'a duration has its unit in its name';
  if (typeof type === 'string') return problemOfName(type);
  if (Array.isArray(type)) return 'a union stands on a field alone';
  const { items, values, oneOf, ...rest } = type as Exclude<AvroType, string | readonly AvroType[]>;
  if (oneOf !== undefined) return rest.type === 'string' ? undefined : 'only a string is one of a set';
  const element = items ?? values;
  if (element === undefined || typeof element !== 'string')
    return 'a collection is of a primitive or of a named record';
  return problemOfName(element);
}

/** Enums, fixed, float and null stay out: enums can't gain a symbol for older readers, the others aren't needed. */
function problemOfName(type: string): string | undefined {
  const primitives = ['string', 'bytes', 'long', 'int', 'boolean', 'double'];
  return primitives.includes(type) || names.has(type) ? undefined : `${type} is not a type that schemas use`;
}
