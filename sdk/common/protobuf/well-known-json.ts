// The messages of google.protobuf whose JSON is not an object of their fields.
import { isObject } from '../cross-realm.js';
import { ValueError } from '../errors.js';
import type { Plain, ProtobufType } from './reflection.js';

interface ToJson {
  readonly type: ProtobufType;
  jsonOfBytes(type: ProtobufType, bytes: Uint8Array): unknown;
}
interface ToPlain {
  readonly type: ProtobufType;
  bytesOfJson(type: ProtobufType, json: unknown): Uint8Array;
}

/** Between the JSON and the plain object that protobufjs has, in which 64-bit numbers are text and bytes base64. */
interface WellKnownJson {
  toJson(plain: Plain, reflection: ToJson): unknown;
  toPlain(json: unknown, reflection: ToPlain): Plain;
}

/** The special JSON of a type; undefined for those without. */
export function wellKnownJson(fullName: string): WellKnownJson | undefined {
  return Object.hasOwn(wellKnown, fullName) ? wellKnown[fullName] : undefined;
}

const wrapper = (empty: unknown): WellKnownJson => ({
  toJson: ({ value = empty }) => value,
  toPlain: (value) => ({ value }),
});

const timestamp: WellKnownJson = {
  toJson: ({ seconds = 0, nanos = 0 }) =>
    new Date(Number(seconds) * 1_000).toISOString().replace('.000Z', `${fractionOf(Number(nanos))}Z`),
  toPlain: (json) => {
    const [, whole, fraction = '', zone] = /^([^.]+?)(?:\.(\d{1,9}))?(Z|[+-]\d\d:\d\d)$/i.exec(String(json)) ?? [];
    const millis = Date.parse(`${whole}${zone}`);
    if (Number.isNaN(millis)) throw new ValueError(`${json} is no RFC 3339 time`);
    return { seconds: String(millis / 1_000), nanos: Number(fraction.padEnd(9, '0')) };
  },
};

const duration: WellKnownJson = {
  toJson: ({ seconds = 0, nanos = 0 }) => {
    const sign = Number(seconds) < 0 || Number(nanos) < 0 ? '-' : '';
    return `${sign}${String(seconds).replace('-', '')}${fractionOf(Math.abs(Number(nanos)))}s`;
  },
  toPlain: (json) => {
    const [all, sign, seconds = '0', fraction = ''] = /^(-?)(\d+)(?:\.(\d{1,9}))?s$/.exec(String(json)) ?? [];
    if (all === undefined) throw new ValueError(`${json} is no duration: write seconds, as in 1.5s`);
    const nanos = Number(fraction.padEnd(9, '0'));
    return sign === '-' ? { seconds: `-${seconds}`, nanos: -nanos } : { seconds, nanos };
  },
};

const fieldMask: WellKnownJson = {
  toJson: ({ paths = [] }) =>
    (paths as string[]).map((path) => path.replace(/_(\w)/g, (_, letter: string) => letter.toUpperCase())).join(','),
  toPlain: (json) => ({
    paths: String(json)
      .split(',')
      .filter((path) => path !== '')
      .map((path) => path.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`)),
  }),
};

const struct: WellKnownJson = { toJson: jsonOfStruct, toPlain: plainOfStruct };
const value: WellKnownJson = { toJson: jsonOfValue, toPlain: plainOfValue };
const list: WellKnownJson = {
  toJson: ({ values = [] }) => (values as Plain[]).map(jsonOfValue),
  toPlain: (json) => ({ values: (json as unknown[]).map(plainOfValue) }),
};

/** The JSON of the message inside, with its type beside it. Its field is `typeUrl` or, in roots that keep case, `type_url`. */
const any: WellKnownJson = {
  toJson: (plain, { type, jsonOfBytes }) => {
    const typeUrl = String(plain[typeUrlOf(type)] ?? '');
    const name = typeUrl.replace(/^.*\//, '');
    const json = jsonOfBytes(type.root.lookupType(name), bytesOfBase64(String(plain.value ?? '')));
    const fields = wellKnownJson(name) === undefined ? (json as Plain) : { value: json };
    return { '@type': typeUrl, ...fields };
  },
  toPlain: (json, { type, bytesOfJson }) => {
    if (!isObject(json) || typeof json['@type'] !== 'string') throw new ValueError("an Any has its '@type' in JSON");
    const { '@type': typeUrl, ...rest } = json;
    const name = typeUrl.replace(/^.*\//, '');
    const inner = wellKnownJson(name) === undefined ? rest : rest.value;
    return { [typeUrlOf(type)]: typeUrl, value: bytesOfJson(type.root.lookupType(name), inner) };
  },
};

const typeUrlOf = (any: ProtobufType): string =>
  any.fieldsArray.find(({ type }) => type === 'string')?.name ?? 'type_url';

const wellKnown: Readonly<Record<string, WellKnownJson>> = {
  'google.protobuf.Any': any,
  'google.protobuf.BoolValue': wrapper(false),
  'google.protobuf.BytesValue': wrapper(''),
  'google.protobuf.DoubleValue': wrapper(0),
  'google.protobuf.Duration': duration,
  'google.protobuf.FieldMask': fieldMask,
  'google.protobuf.FloatValue': wrapper(0),
  'google.protobuf.Int32Value': wrapper(0),
  'google.protobuf.Int64Value': wrapper('0'),
  'google.protobuf.ListValue': list,
  'google.protobuf.StringValue': wrapper(''),
  'google.protobuf.Struct': struct,
  'google.protobuf.Timestamp': timestamp,
  'google.protobuf.UInt32Value': wrapper(0),
  'google.protobuf.UInt64Value': wrapper('0'),
  'google.protobuf.Value': value,
};

function jsonOfStruct({ fields = {} }: Plain): unknown {
  return Object.fromEntries(Object.entries(fields as Plain).map(([key, field]) => [key, jsonOfValue(field as Plain)]));
}

function plainOfStruct(json: unknown): Plain {
  return {
    fields: Object.fromEntries(Object.entries(json as Plain).map(([key, field]) => [key, plainOfValue(field)])),
  };
}

function jsonOfValue({ numberValue, stringValue, boolValue, structValue, listValue }: Plain): unknown {
  if (structValue !== undefined) return jsonOfStruct(structValue as Plain);
  if (listValue !== undefined) return ((listValue as Plain).values as Plain[] | undefined)?.map(jsonOfValue) ?? [];
  return numberValue ?? stringValue ?? boolValue ?? null;
}

function plainOfValue(json: unknown): Plain {
  if (json === null) return { nullValue: 'NULL_VALUE' };
  if (typeof json === 'number') return { numberValue: json };
  if (typeof json === 'string') return { stringValue: json };
  if (typeof json === 'boolean') return { boolValue: json };
  if (Array.isArray(json)) return { listValue: { values: json.map(plainOfValue) } };
  return { structValue: plainOfStruct(json) };
}

/** Nanoseconds as the specification writes them: 0, 3, 6 or 9 digits. */
function fractionOf(nanos: number): string {
  if (nanos === 0) return '';
  return `.${String(nanos)
    .padStart(9, '0')
    .replace(/(000){1,2}$/, '')}`;
}

function bytesOfBase64(base64: string): Uint8Array {
  return Uint8Array.from(atob(base64), (char) => char.charCodeAt(0));
}
