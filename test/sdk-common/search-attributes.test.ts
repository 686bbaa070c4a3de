import { describe, expect, it } from 'vitest';
import {
  decode,
  defineSearchAttributeKey,
  type SearchAttributePair,
  SearchAttributeType,
  TypedSearchAttributes,
  ValueError,
} from '../../sdk/common/index.js';
import {
  decodeSearchAttributes,
  decodeTypedSearchAttributes,
  encodeSearchAttributes,
} from '../../sdk/common/search-attributes.js';

const customer = defineSearchAttributeKey('Customer', SearchAttributeType.KEYWORD);
const amount = defineSearchAttributeKey('Amount', SearchAttributeType.DOUBLE);
const due = defineSearchAttributeKey('Due', SearchAttributeType.DATETIME);
const tags = defineSearchAttributeKey('Tags', SearchAttributeType.KEYWORD_LIST);

const pairs: SearchAttributePair[] = [
  { key: customer, value: 'ada' },
  { key: amount, value: 9.5 },
  { key: due, value: new Date('2026-11-25T12:00:00Z') },
  { key: tags, value: ['a', 'b'] },
];

describe('search attribute keys [common.search-attribute-keys]', () => {
  it('have a name and a type', () => {
    expect(customer).toEqual({ name: 'Customer', type: 'KEYWORD' });
  });

  it.each<[SearchAttributeType, unknown]>([
    ['TEXT', 1],
    ['KEYWORD', ['a']],
    ['INT', 1.5],
    ['DOUBLE', '1'],
    ['BOOL', 0],
    ['DATETIME', '2026-11-25'],
    ['KEYWORD_LIST', ['a', null]],
    ['KEYWORD_LIST', null],
  ])('of type %s refuse %j', (type, value) => {
    const pair = { key: defineSearchAttributeKey('Key', type), value } as SearchAttributePair;
    expect(() => new TypedSearchAttributes([pair])).toThrow(ValueError);
  });
});

describe('typed search attributes [common.typed-search-attributes]', () => {
  const attributes = new TypedSearchAttributes(pairs);

  it('are read by key, and all at once', () => {
    expect([attributes.get(customer), attributes.get(amount), attributes.get(tags)]).toEqual(['ada', 9.5, ['a', 'b']]);
    expect(attributes.getAll()).toEqual(pairs);
    expect(JSON.parse(JSON.stringify(attributes))[0]).toEqual({ key: customer, value: 'ada' });
  });

  it('have nothing under a key of another type or name', () => {
    expect(attributes.get(defineSearchAttributeKey('Customer', 'INT'))).toBeUndefined();
    expect(attributes.get(defineSearchAttributeKey('Other', 'KEYWORD'))).toBeUndefined();
  });

  it('refuse two values of one name', () => {
    const twice = [...pairs, { key: customer, value: 'bob' }];
    expect(() => new TypedSearchAttributes(twice)).toThrow('Duplicate search attribute key: Customer');
  });

  it('are copied with their dates and lists', () => {
    const copy = attributes.copy();
    expect(copy.getAll()).toEqual(pairs);
    expect(copy.get(due)).not.toBe(attributes.get(due));
    expect(copy.get(tags)).not.toBe(attributes.get(tags));
  });

  it('are changed in a copy; a null removes what has the type of its key', () => {
    const otherType = defineSearchAttributeKey('Amount', SearchAttributeType.INT);
    const changed = attributes.updateCopy([
      { key: customer, value: 'bob' },
      { key: tags, value: null },
      { key: otherType, value: null },
    ]);
    expect([changed.get(customer), changed.get(tags), changed.get(amount)]).toEqual(['bob', undefined, 9.5]);
    expect(attributes.get(customer)).toBe('ada');
  });
});

describe('search attributes on the wire [common.search-attribute-encoding]', () => {
  it('are JSON with their type beside it, and come back typed', () => {
    const payloads = encodeSearchAttributes({}, new TypedSearchAttributes(pairs));
    const facts = Object.entries(payloads).map(([name, { metadata, data }]) => [
      name,
      decode(metadata.encoding ?? new Uint8Array()),
      decode(metadata.type ?? new Uint8Array()),
      decode(data),
    ]);
    expect(facts).toEqual([
      ['Customer', 'json/plain', 'Keyword', '"ada"'],
      ['Amount', 'json/plain', 'Double', '9.5'],
      ['Due', 'json/plain', 'Datetime', '"2026-11-25T12:00:00.000Z"'],
      ['Tags', 'json/plain', 'KeywordList', '["a","b"]'],
    ]);
    expect(decodeTypedSearchAttributes(payloads).getAll()).toEqual(pairs);
  });

  it('come back as lists of values too, Dates where they were Dates', () => {
    const payloads = encodeSearchAttributes({ Customer: ['ada'], Amounts: [1, 2], Due: [new Date(0)] });
    expect(decodeSearchAttributes(payloads)).toEqual({ Customer: ['ada'], Amounts: [1, 2], Due: [new Date(0)] });
    expect(decodeTypedSearchAttributes(payloads).get(customer)).toBe('ada');
    expect(decodeTypedSearchAttributes(payloads).get(due)).toEqual(new Date(0));
  });

  it('are overruled by typed ones of the same name', () => {
    const payloads = encodeSearchAttributes({ Customer: ['ada'] }, [{ key: customer, value: 'bob' }]);
    expect(decodeSearchAttributes(payloads)).toEqual({ Customer: ['bob'] });
  });

  it('spell a removal as null without a type', () => {
    const payloads = encodeSearchAttributes(undefined, [{ key: tags, value: null }]);
    expect(payloads.Tags).toMatchObject({ data: new TextEncoder().encode('null') });
    expect(payloads.Tags?.metadata).not.toHaveProperty('type');
    expect(decodeTypedSearchAttributes(payloads).getAll()).toEqual([]);
    expect(decodeSearchAttributes(payloads)).toEqual({});
  });

  it.each<[string, unknown]>([
    ['no list', 'ada'],
    ['of several types', ['a', 1]],
    ['an object', [{}]],
  ])('are refused when they are %s', (_what, values) => {
    expect(() => encodeSearchAttributes({ Customer: values as string[] })).toThrow(/SearchAttribute.*'Customer'/);
  });
});
