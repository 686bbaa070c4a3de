import { describe, expect, test } from 'vitest';
import { parseOrder } from '../../examples/orders/parse-order.js';
import { anOrder } from './an-order.js';

const parsed = (fields: Record<string, unknown>) => parseOrder(JSON.stringify({ ...anOrder(), ...fields }));

describe('a line of the order file', () => {
  test('is read into an order, without fields nobody asked for', () => {
    expect(parsed({ coupon: 'AUTUMN' })).toEqual(anOrder());
  });

  test.each([
    ['MALFORMED_JSON', '{"id": "ORD-1",', /JSON/],
    ['MALFORMED_JSON', '<html></html>', /JSON/],
    ['INVALID_FIELD', '[]', /the line must be an object/],
    ['INVALID_FIELD', 'null', /the line must be an object/],
  ])('that is no JSON object is refused as %s: %s', (reason, line, message) => {
    expect(() => parseOrder(line)).toThrow(
      expect.objectContaining({ reason, message: expect.stringMatching(message) }),
    );
  });

  test.each([
    ['MISSING_FIELD', { id: undefined }, 'id is missing'],
    ['MISSING_FIELD', { customer: undefined }, 'customer is missing'],
    ['MISSING_FIELD', { customer: { ...anOrder().customer, email: '' } }, 'customer.email is missing'],
    ['MISSING_FIELD', { lines: [] }, 'lines is empty'],
    ['INVALID_FIELD', { lines: {} }, 'lines must be a list'],
    ['INVALID_FIELD', { lines: ['MUG-STEEL'] }, 'lines[0] must be an object'],
    ['INVALID_FIELD', { channel: 'fax' }, 'channel must be one of web, phone, marketplace, not "fax"'],
    ['INVALID_FIELD', { placedAt: 'yesterday' }, 'placedAt must be an ISO 8601 date, not "yesterday"'],
    ['UNKNOWN_CURRENCY', { currency: 'BTC' }, 'currency "BTC" isn\'t taken'],
    ['UNKNOWN_CURRENCY', { currency: 'toString' }, 'currency "toString" isn\'t taken'],
  ])('with a bad field is refused as %s: %j', (reason, fields, message) => {
    expect(() => parsed(fields)).toThrow(expect.objectContaining({ reason, message }));
  });

  test.each([
    ['INVALID_QUANTITY', { quantity: -1 }],
    ['INVALID_QUANTITY', { quantity: 0 }],
    ['INVALID_QUANTITY', { quantity: 1.5 }],
    ['INVALID_FIELD', { quantity: '2' }],
    ['INVALID_FIELD', { unitPrice: 12.9 }],
    ['INVALID_FIELD', { unitPrice: -1 }],
    ['MISSING_FIELD', { sku: null }],
  ])('with a bad order line is refused as %s: %j', (reason, fields) => {
    const lines = [...anOrder().lines, { sku: 'MAT-FOAM', quantity: 1, unitPrice: 3_490, ...fields }];
    expect(() => parsed({ lines })).toThrow(
      expect.objectContaining({ reason, message: expect.stringContaining(`lines[1].${Object.keys(fields)[0]}`) }),
    );
  });
});
