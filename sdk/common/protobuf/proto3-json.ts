// The JSON of protobuf messages, as the protobuf specification has it (protobuf.dev, "ProtoJSON Format"), so that
// programs in other languages read it. protobufjs turns scalars, enums and bytes into JSON's values and back; this adds
// names in lowerCamelCase and the types that have a JSON of their own. It needs nothing that the sandbox lacks.
import { isObject } from '../cross-realm.js';
import { ValueError } from '../errors.js';
import {
  fullNameOf,
  isProtobufType,
  type Plain,
  type ProtobufField,
  type ProtobufMessage,
  type ProtobufType,
} from './reflection.js';
import { wellKnownJson } from './well-known-json.js';

const AS_JSON = { longs: String, enums: String, bytes: String };

/** The JSON value of a message. */
export function toProto3Json(message: ProtobufMessage): unknown {
  return jsonOf(message.$type, message.$type.toObject(message, AS_JSON));
}

/** The message of a JSON value. Throws a ValueError where the value doesn't fit the type. */
export function fromProto3Json(type: ProtobufType, json: unknown): object {
  return type.fromObject(plainOf(type, json));
}

function jsonOf(type: ProtobufType, plain: Plain): unknown {
  const special = wellKnownJson(fullNameOf(type));
  if (special !== undefined) return special.toJson(plain, { type, jsonOfBytes });
  const entries = type.fieldsArray
    .filter(({ name }) => plain[name] !== undefined && plain[name] !== null)
    .map((field) => [jsonNameOf(field), jsonOfField(field.resolve(), plain[field.name])]);
  return Object.fromEntries(entries);
}

function plainOf(type: ProtobufType, json: unknown): Plain {
  const special = wellKnownJson(fullNameOf(type));
  if (special !== undefined) return special.toPlain(json, { type, bytesOfJson });
  if (!isObject(json) || Array.isArray(json)) {
    throw new ValueError(`a ${fullNameOf(type)} is an object in JSON, not ${JSON.stringify(json)}`);
  }
  const entries = type.fieldsArray.flatMap((field) => {
    const value = json[jsonNameOf(field)] ?? json[field.name];
    const isNull = value === null && field.resolve().resolvedType?.name !== 'Value';
    return value === undefined || isNull ? [] : [[field.name, plainOfField(field.resolve(), value)]];
  });
  return Object.fromEntries(entries);
}

function jsonOfField(field: ProtobufField, value: unknown): unknown {
  return eachValue(field, value, (single) => {
    const { resolvedType, type } = field;
    if (isProtobufType(resolvedType)) return jsonOf(resolvedType, single as Plain);
    if (resolvedType?.name === 'NullValue') return null;
    // NaN and the infinities, which JSON has no numbers for.
    if ((type === 'double' || type === 'float') && !Number.isFinite(single)) return String(single);
    return /64$/.test(type) ? String(single) : single;
  });
}

function plainOfField(field: ProtobufField, value: unknown): unknown {
  return eachValue(field, value, (single) => {
    const { resolvedType, type } = field;
    if (isProtobufType(resolvedType)) return plainOf(resolvedType, single);
    if (resolvedType !== null && typeof single === 'string' && !Object.hasOwn(resolvedType.values, single)) {
      throw new ValueError(`${single} is no value of the enum ${resolvedType.name}`);
    }
    return type === 'double' || type === 'float' ? Number(single) : single;
  });
}

function eachValue(field: ProtobufField, value: unknown, convert: (single: unknown) => unknown): unknown {
  if (field.map) {
    return Object.fromEntries(Object.entries(value as Plain).map(([key, single]) => [key, convert(single)]));
  }
  return field.repeated ? (value as unknown[]).map(convert) : convert(value);
}

function jsonNameOf({ name, options }: ProtobufField): string {
  if (typeof options?.json_name === 'string') return options.json_name;
  return name.replace(/_+([a-zA-Z0-9])/g, (_, letter: string) => letter.toUpperCase());
}

/** For `Any`, whose value is a message in its bytes. */
function jsonOfBytes(type: ProtobufType, bytes: Uint8Array): unknown {
  return jsonOf(type, type.toObject(type.decode(bytes), AS_JSON));
}

function bytesOfJson(type: ProtobufType, json: unknown): Uint8Array {
  return type.encode(fromProto3Json(type, json)).finish();
}
