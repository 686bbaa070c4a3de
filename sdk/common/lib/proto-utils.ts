// Histories as JSON, under the name that Temporal has for it. Bytes are base64, all else is as in the records.
import { type HistoryEvent, messageSchemas } from '../../../schemas/generated/messages.js';
import { isObject, isUint8Array } from '../cross-realm.js';

/** The events of a run, in order, numbered from 1 without gaps. Payloads are as the codecs left them. */
export interface History {
  readonly events: readonly HistoryEvent[];
}

/** A history as plain JSON values, to be written to a file. */
export function historyToJSON(history: History): unknown {
  return plain(history);
}

/**
 * The history that `historyToJSON` or `JSON.stringify` made JSON of, once parsed. Fields that were added to a record
 * since then have their defaults. Throws a TypeError for what is no history of Millrace's.
 */
export function historyFromJSON(json: unknown): History {
  if (!isObject(json) || !Array.isArray(json.events)) {
    throw new TypeError('Invalid history: expected an object with an array of events');
  }
  return { events: json.events.map(eventFromJSON) };
}

function plain(value: unknown): unknown {
  if (isUint8Array(value)) return Buffer.from(value).toString('base64');
  if (Array.isArray(value)) return value.map(plain);
  if (!isObject(value)) return value;
  return Object.fromEntries(Object.entries(value).map(([key, field]) => [key, plain(field)]));
}

type Schema = string | readonly Schema[] | SchemaObject;

interface SchemaObject {
  readonly type: Schema;
  readonly name?: string;
  readonly fields?: ReadonlyArray<{ readonly name: string; readonly type: Schema; readonly default?: unknown }>;
  readonly items?: Schema;
  readonly values?: Schema;
}

interface Known {
  readonly schema: SchemaObject;
  /** The records that it holds, by their names without namespaces, which are unique. */
  readonly records: ReadonlyMap<string, SchemaObject>;
}

const known = new Map<string, Known>();

function eventFromJSON(event: unknown): HistoryEvent {
  const type = isObject(event) ? String(event.type) : '';
  const found = schemaOf(type);
  if (found === undefined) throw new TypeError(`Invalid history: there is no event of type '${type}'`);
  return { type, ...(revived(found.schema, event, found.records, type) as object) } as HistoryEvent;
}

function schemaOf(type: string): Known | undefined {
  const json = messageSchemas[`millrace.history.${type}`];
  if (json !== undefined && !known.has(type)) {
    const schema = JSON.parse(json) as SchemaObject;
    const records = new Map<string, SchemaObject>();
    collectRecords(schema, records);
    known.set(type, { schema, records });
  }
  return known.get(type);
}

function collectRecords(schema: Schema, records: Map<string, SchemaObject>): void {
  if (typeof schema === 'string') return;
  if (isUnion(schema)) {
    for (const branch of schema) collectRecords(branch, records);
    return;
  }
  if (schema.type === 'record') records.set(shortName(schema.name ?? ''), schema);
  for (const { type } of schema.fields ?? []) collectRecords(type, records);
  collectRecords(schema.items ?? schema.values ?? 'null', records);
  if (typeof schema.type !== 'string') collectRecords(schema.type, records);
}

function revived(schema: Schema, value: unknown, records: Known['records'], path: string): unknown {
  if (typeof schema === 'string') {
    const record = records.get(shortName(schema));
    if (record !== undefined) return revived(record, value, records, path);
    return schema === 'bytes' ? bytesOf(value, path) : value;
  }
  if (isUnion(schema)) {
    const branch = schema.find((candidate) => candidate !== 'null') ?? 'null';
    return value === null || value === undefined ? null : revived(branch, value, records, path);
  }
  const { type, fields, items, values } = schema;
  if (fields !== undefined) {
    if (!isObject(value)) throw new TypeError(`Invalid history: ${path} must be an object`);
    const entries = fields.map((field) => {
      const given = value[field.name] ?? field.default;
      return [field.name, revived(field.type, given, records, `${path}.${field.name}`)];
    });
    return Object.fromEntries(entries);
  }
  if (items !== undefined) {
    if (!Array.isArray(value)) throw new TypeError(`Invalid history: ${path} must be an array`);
    return value.map((item, index) => revived(items, item, records, `${path}.${index}`));
  }
  if (values !== undefined) {
    if (!isObject(value)) throw new TypeError(`Invalid history: ${path} must be an object`);
    return Object.fromEntries(
      Object.entries(value).map(([key, item]) => [key, revived(values, item, records, `${path}.${key}`)]),
    );
  }
  return revived(type, value, records, path);
}

/** `JSON.stringify` writes a Buffer as an object with its bytes, and a Uint8Array as one with a key for each. */
function bytesOf(value: unknown, path: string): Uint8Array {
  if (typeof value === 'string') return Buffer.from(value, 'base64');
  if (isUint8Array(value)) return value;
  if (isObject(value)) {
    const bytes = Array.isArray(value.data) ? (value.data as unknown[]) : Object.values(value);
    if (bytes.every((byte) => typeof byte === 'number')) return Buffer.from(bytes);
  }
  throw new TypeError(`Invalid history: ${path} must be bytes, as base64`);
}

function shortName(name: string): string {
  return name.slice(name.lastIndexOf('.') + 1);
}

function isUnion(schema: Exclude<Schema, string>): schema is readonly Schema[] {
  return Array.isArray(schema);
}
