// Reads the .avsc files: every record, and which of them are messages. A record that no other record refers to is a
// message: it stands alone on a topic, and the registry is given its schema with all that it refers to written out.
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

export const schemasFolder = fileURLToPath(new URL('.', import.meta.url));
export const kinds = ['common', 'command', 'history', 'task', 'reply', 'service', 'snapshot'];

/** Avro's primitive types that schemas may use, and what they are in TypeScript. */
export const primitives = {
  string: 'string',
  bytes: 'Uint8Array',
  long: 'number',
  int: 'number',
  boolean: 'boolean',
  double: 'number',
};

/** Every record by full name: its kind and its schema, which refers to others by name. */
export const records = new Map();
for (const kind of kinds) {
  for (const file of readdirSync(join(schemasFolder, kind)).sort()) {
    const schema = JSON.parse(readFileSync(join(schemasFolder, kind, file), 'utf8'));
    if (`${schema.name}.avsc` !== file || schema.namespace !== `millrace.${kind}`) {
      throw new Error(`${kind}/${file} holds ${schema.namespace}.${schema.name}: file and folder must match the name`);
    }
    records.set(`millrace.${kind}.${schema.name}`, { kind, schema });
  }
}
const shortNames = [...records.keys()].map(shortName);
if (new Set(shortNames).size !== shortNames.length) throw new Error('two records share a short name');

const referred = new Set();
for (const [name, { schema }] of records) {
  for (const field of schema.fields) {
    for (const target of references(field.type)) if (target !== name) referred.add(target);
  }
}

/** The messages: name, kind, and the self-contained schema. */
export const messages = [...records]
  .filter(([name]) => !referred.has(name))
  .map(([name, { kind }]) => ({ name, kind, schema: inline(name, new Set()) }));

export function shortName(fullName) {
  return fullName.slice(fullName.lastIndexOf('.') + 1);
}

/** The names that a type refers to. */
function references(type) {
  if (Array.isArray(type)) return type.flatMap(references);
  if (typeof type === 'string') return type in primitives || type === 'null' ? [] : [type];
  return references(type.items ?? type.values ?? type.type);
}

/** The type with each record written out where it is first met, so that the schema stands alone. */
function inline(type, seen) {
  if (Array.isArray(type)) return type.map((branch) => inline(branch, seen));
  if (typeof type === 'string') {
    const record = records.get(type);
    if (record === undefined) {
      if (type !== 'null' && !(type in primitives)) throw new Error(`unknown type ${type}`);
      return type;
    }
    if (seen.has(type)) return type;
    seen.add(type);
    const fields = record.schema.fields.map((field) => ({ ...field, type: inline(field.type, seen) }));
    return { ...record.schema, fields };
  }
  if (type.items !== undefined) return { ...type, items: inline(type.items, seen) };
  if (type.values !== undefined) return { ...type, values: inline(type.values, seen) };
  return type;
}
