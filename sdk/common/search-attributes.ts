// Search attributes on the wire: JSON with the attribute's type beside it, whatever the data converter, and never
// through a codec, since an index must read them. There is no registry of types: who writes an attribute says its type.
import type { Payload } from '../../schemas/generated/messages.js';
import { defaultPayloadConverter } from './converter/payload-converter.js';
import { decode, encode } from './encoding.js';
import { ValueError } from './errors.js';
import {
  checkPair,
  isDate,
  isValueOfType,
  type SearchAttributePair,
  SearchAttributeType,
  type SearchAttributeUpdatePair,
  TypedSearchAttributes,
} from './typed-search-attributes.js';

/** The values of a search attribute, all of one kind. @deprecated Use TypedSearchAttributes. */
export type SearchAttributeValue = string[] | number[] | boolean[] | Date[];
/** @deprecated Use TypedSearchAttributes. */
export type SearchAttributeValueOrReadonly = Readonly<SearchAttributeValue> | undefined;
/**
 * What runs can be found by. They are JSON always, and no codec touches them, so that they can be indexed.
 * @deprecated Use TypedSearchAttributes.
 */
export type SearchAttributes = Record<string, SearchAttributeValueOrReadonly>;

/** The payload metadata entry with the attribute's type, spelled as Temporal spells it. */
const TYPE_KEY = 'type';
const typeNames: Readonly<Record<SearchAttributeType, string>> = {
  TEXT: 'Text',
  KEYWORD: 'Keyword',
  INT: 'Int',
  DOUBLE: 'Double',
  BOOL: 'Bool',
  DATETIME: 'Datetime',
  KEYWORD_LIST: 'KeywordList',
};

/**
 * Encodes search attributes of either form; where both name one, the typed value counts. A null is encoded as such and
 * stands for the attribute's removal. Throws a ValueError for a value that isn't of its type.
 */
export function encodeSearchAttributes(
  attributes: SearchAttributes = {},
  typed: TypedSearchAttributes | readonly SearchAttributeUpdatePair[] = [],
): Record<string, Payload> {
  const encoded: Record<string, Payload> = {};
  for (const [name, values] of Object.entries(attributes)) {
    if (values !== undefined) encoded[name] = encodeValues(name, values);
  }
  for (const pair of typed instanceof TypedSearchAttributes ? typed.getAll() : typed) {
    encoded[pair.key.name] = encodePair(pair);
  }
  return encoded;
}

/** The attributes as lists of values, Dates where they were Dates. */
export function decodeSearchAttributes(payloads: Readonly<Record<string, Payload>>): SearchAttributes {
  const entries = Object.entries(payloads).map(([name, payload]) => {
    const value = defaultPayloadConverter.fromPayload<unknown>(payload);
    const values: unknown[] = Array.isArray(value) ? value : value === null ? [] : [value];
    return [name, typeOf(payload) === 'DATETIME' ? values.map((text) => new Date(String(text))) : values] as const;
  });
  return Object.fromEntries(entries.filter(([, values]) => values.length > 0)) as SearchAttributes;
}

/** The attributes with their types. Those without a type, or with a value that isn't of it, are left out. */
export function decodeTypedSearchAttributes(payloads: Readonly<Record<string, Payload>>): TypedSearchAttributes {
  const pairs = Object.entries(payloads).flatMap(([name, payload]): SearchAttributePair[] => {
    const type = typeOf(payload);
    if (type === undefined) return [];
    let value = defaultPayloadConverter.fromPayload<unknown>(payload);
    // Untyped attributes are lists always.
    if (type !== 'KEYWORD_LIST' && Array.isArray(value) && value.length === 1) [value] = value;
    if (type === 'DATETIME' && typeof value === 'string') value = new Date(value);
    return isValueOfType(type, value) ? [{ key: { name, type }, value } as SearchAttributePair] : [];
  });
  return new TypedSearchAttributes(pairs);
}

function encodePair(pair: SearchAttributeUpdatePair): Payload {
  const payload = defaultPayloadConverter.toPayload(pair.value);
  if (pair.value === null) return payload;
  checkPair(pair as SearchAttributePair);
  return withType(payload, pair.key.type);
}

function encodeValues(name: string, values: Readonly<SearchAttributeValue>): Payload {
  if (!Array.isArray(values)) throw new ValueError(`SearchAttribute value must be an array, which '${name}' is not`);
  const [first] = values;
  const kind = kindOf(first);
  for (const [index, value] of values.entries()) {
    if (kindOf(value) !== kind || !['string', 'number', 'boolean', 'Date'].includes(kind)) {
      throw new ValueError(
        'SearchAttribute values must be arrays of strings, numbers, booleans, or Dates, all of one type: ' +
          `'${name}' has ${value} of type ${kindOf(value)} at index ${index}`,
      );
    }
  }
  const payload = defaultPayloadConverter.toPayload(values);
  const type = typeOfValues(values);
  return type === undefined ? payload : withType(payload, type);
}

const kindOf = (value: unknown): string => (isDate(value) ? 'Date' : typeof value);

/** The type that untyped values show; a single string may be a keyword as well as a text, and reads as either. */
function typeOfValues(values: readonly unknown[]): SearchAttributeType | undefined {
  if (values.length === 0) return undefined;
  if (values.length > 1) return typeof values[0] === 'string' ? 'KEYWORD_LIST' : undefined;
  const candidates = ['TEXT', 'INT', 'DOUBLE', 'BOOL', 'DATETIME'] as const;
  return candidates.find((type) => isValueOfType(type, values[0]));
}

function withType(payload: Payload, type: SearchAttributeType): Payload {
  return { ...payload, metadata: { ...payload.metadata, [TYPE_KEY]: encode(typeNames[type]) } };
}

function typeOf({ metadata }: Payload): SearchAttributeType | undefined {
  const name = metadata[TYPE_KEY];
  if (name === undefined) return undefined;
  const text = decode(name);
  return Object.values(SearchAttributeType).find((type) => typeNames[type] === text);
}
