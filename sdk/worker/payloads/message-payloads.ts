// Finds the user's values in any message by walking its schema, so that those of a field to come are found, too.
import { type Message, messageSchemas, type Payload } from '../../../schemas/generated/messages.js';
import type { SerializationContext } from '../../common/converter/serialization-context.js';
import { contextOf, type PayloadScope } from './payload-scope.js';

/** Values that stand together in a message: a list, the values of a map, or a single one. */
export interface PayloadSlot {
  readonly payloads: readonly Payload[];
  /** Whose values they are. */
  readonly context: SerializationContext;
  /** Puts as many others in their place. The message is changed. */
  readonly put: (payloads: readonly Payload[]) => void;
}

type Holder = Record<string, unknown>;
type Visit = (holder: Holder, key: string, context: SerializationContext, walk: Walk) => void;

interface Walk {
  readonly scope: PayloadScope;
  readonly slots: PayloadSlot[];
}

/** Search attributes are to be found by, and headers are the interceptors' own: no codec touches them, as in Temporal. */
const UNTOUCHED = new Set(['searchAttributes', 'headers']);
const PAYLOAD = 'millrace.common.Payload';

/** Compiled at the first message of each type. */
const visits = new Map<string, Visit | undefined>();

/** All values of a message, but for search attributes and headers. */
export function payloadSlots(message: Message, scope: PayloadScope): PayloadSlot[] {
  const { namespace, workflowId } = scope;
  const walk: Walk = { scope, slots: [] };
  visitOf(message.type)?.({ message }, 'message', { type: 'workflow', namespace, workflowId }, walk);
  return walk.slots;
}

function visitOf(shortName: string): Visit | undefined {
  if (!visits.has(shortName)) {
    const schema = Object.entries(messageSchemas).find(([name]) => name.endsWith(`.${shortName}`))?.[1];
    if (schema === undefined) throw new Error(`there is no schema of ${shortName}`);
    visits.set(shortName, compile(JSON.parse(schema), { namespace: '', named: new Map() }));
  }
  return visits.get(shortName);
}

/** Avro's JSON, as far as it matters here. */
type Schema = string | readonly Schema[] | SchemaObject;

interface SchemaObject {
  readonly type: Schema;
  readonly name?: string;
  readonly namespace?: string;
  readonly fields?: ReadonlyArray<{ readonly name: string; readonly type: Schema }>;
  readonly items?: Schema;
  readonly values?: Schema;
}

interface Compiling {
  readonly namespace: string;
  /** The types met so far, by full name. */
  readonly named: Map<string, Visit | undefined>;
}

/** Undefined where there can be no value of the user's. */
function compile(schema: Schema, compiling: Compiling): Visit | undefined {
  if (typeof schema === 'string') return compiling.named.get(fullNameOf(schema, compiling.namespace));
  if (isUnion(schema)) return compileUnion(schema, compiling);
  if (schema.type === 'record') return compileRecord(schema, compiling);
  const inner = schema.items ?? schema.values;
  if (inner !== undefined) return compileMany(inner, compiling);
  return typeof schema.type === 'string' ? undefined : compile(schema.type, compiling);
}

function compileUnion(branches: readonly Schema[], compiling: Compiling): Visit | undefined {
  const visit = branches.map((branch) => compile(branch, compiling)).find((found) => found !== undefined);
  return visit && ((holder, key, ...rest) => holder[key] !== null && visit(holder, key, ...rest));
}

function compileRecord({ name = '', namespace, fields = [] }: SchemaObject, outer: Compiling): Visit | undefined {
  const compiling = { ...outer, namespace: namespace ?? outer.namespace };
  const fullName = fullNameOf(name, compiling.namespace);
  if (fullName === PAYLOAD) {
    compiling.named.set(fullName, visitPayload);
    return visitPayload;
  }
  const found: Array<readonly [string, Visit]> = [];
  const visit: Visit = (holder, key, context, walk) => {
    const record = holder[key] as Holder;
    const own = contextOf(fullName, record, context, walk.scope);
    for (const [field, visitField] of found) visitField(record, field, own, walk);
  };
  // Known before its fields are compiled: a failure has another as its cause.
  compiling.named.set(fullName, visit);
  for (const field of fields) {
    const visitField = compile(field.type, compiling);
    if (visitField !== undefined && !UNTOUCHED.has(field.name)) found.push([field.name, visitField]);
  }
  if (found.length > 0) return visit;
  compiling.named.set(fullName, undefined);
  return undefined;
}

/** An array, or a map, whose values go through a codec together. */
function compileMany(inner: Schema, compiling: Compiling): Visit | undefined {
  const visit = compile(inner, compiling);
  if (visit === undefined) return undefined;
  if (visit === visitPayload) return visitPayloads;
  return (holder, key, context, walk) => {
    const many = holder[key] as Holder;
    for (const item of Object.keys(many)) visit(many, item, context, walk);
  };
}

function visitPayload(holder: Holder, key: string, context: SerializationContext, { slots }: Walk): void {
  const put = ([payload]: readonly Payload[]) => {
    holder[key] = payload;
  };
  slots.push({ payloads: [holder[key] as Payload], context, put });
}

function visitPayloads(holder: Holder, key: string, context: SerializationContext, { slots }: Walk): void {
  const many = holder[key] as Record<string, Payload>;
  const keys = Object.keys(many);
  const values = Object.values(many);
  if (keys.length === 0) return;
  const put = (payloads: readonly Payload[]) => {
    for (const [index, payload] of payloads.entries()) many[keys[index] ?? ''] = payload;
  };
  slots.push({ payloads: values, context, put });
}

function fullNameOf(name: string, namespace: string): string {
  return name.includes('.') || namespace === '' ? name : `${namespace}.${name}`;
}

function isUnion(schema: Exclude<Schema, string>): schema is readonly Schema[] {
  return Array.isArray(schema);
}
