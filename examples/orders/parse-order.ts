import { isCurrency } from './currencies.js';
import type { Address, Channel, Customer, Order, OrderLine } from './order.js';

export type BadLineReason =
  | 'MALFORMED_JSON'
  | 'MISSING_FIELD'
  | 'INVALID_FIELD'
  | 'INVALID_QUANTITY'
  | 'UNKNOWN_CURRENCY'
  | 'DUPLICATE_ORDER_ID';

/** A line that isn't an order: refused at the edge, before any workflow starts. */
export class BadLine extends Error {
  override readonly name = 'BadLine';
  readonly reason: BadLineReason;

  constructor(reason: BadLineReason, message: string) {
    super(message);
    this.reason = reason;
  }
}

type Fields = Readonly<Record<string, unknown>>;

const channels: readonly Channel[] = ['web', 'phone', 'marketplace'];

/** Reads one line; throws a BadLine that names the field and what is wrong with it. */
export function parseOrder(line: string): Order {
  const fields = record(parseJson(line), 'the line');
  const currency = text(fields, 'currency');
  if (!isCurrency(currency)) throw new BadLine('UNKNOWN_CURRENCY', `currency "${currency}" isn't taken`);

  return {
    id: text(fields, 'id'),
    placedAt: date(fields, 'placedAt'),
    channel: channel(text(fields, 'channel')),
    currency,
    customer: parseCustomer(record(required(fields, 'customer'), 'customer')),
    lines: list(fields, 'lines').map((line, index) => parseLine(record(line, `lines[${index}]`), `lines[${index}]`)),
    shippingAddress: parseAddress(record(required(fields, 'shippingAddress'), 'shippingAddress')),
    paymentToken: text(fields, 'paymentToken'),
  };
}

function parseJson(line: string): unknown {
  try {
    return JSON.parse(line);
  } catch (error) {
    throw new BadLine('MALFORMED_JSON', error instanceof Error ? error.message : String(error));
  }
}

function parseCustomer(fields: Fields): Customer {
  return {
    id: text(fields, 'id', 'customer.'),
    name: text(fields, 'name', 'customer.'),
    email: text(fields, 'email', 'customer.'),
    since: date(fields, 'since', 'customer.'),
  };
}

function parseAddress(fields: Fields): Address {
  const path = 'shippingAddress.';
  return {
    line1: text(fields, 'line1', path),
    ...(fields.line2 === undefined ? {} : { line2: text(fields, 'line2', path) }),
    city: text(fields, 'city', path),
    postalCode: text(fields, 'postalCode', path),
    country: text(fields, 'country', path),
  };
}

function parseLine(fields: Fields, path: string): OrderLine {
  const quantity = number(fields, 'quantity', `${path}.`);
  if (!Number.isSafeInteger(quantity) || quantity < 1) {
    throw new BadLine('INVALID_QUANTITY', `${path}.quantity must be a whole number of at least 1, not ${quantity}`);
  }
  const unitPrice = number(fields, 'unitPrice', `${path}.`);
  if (!Number.isSafeInteger(unitPrice) || unitPrice < 0) {
    throw new BadLine('INVALID_FIELD', `${path}.unitPrice must be a whole number of minor units, not ${unitPrice}`);
  }
  return { sku: text(fields, 'sku', `${path}.`), quantity, unitPrice };
}

function required(fields: Fields, name: string, path = ''): unknown {
  const value = fields[name];
  if (value === undefined || value === null || value === '') {
    throw new BadLine('MISSING_FIELD', `${path}${name} is missing`);
  }
  return value;
}

function record(value: unknown, path: string): Fields {
  if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value as Fields;
  throw new BadLine('INVALID_FIELD', `${path} must be an object`);
}

function list(fields: Fields, name: string): readonly unknown[] {
  const value = required(fields, name);
  if (!Array.isArray(value)) throw new BadLine('INVALID_FIELD', `${name} must be a list`);
  if (value.length === 0) throw new BadLine('MISSING_FIELD', `${name} is empty`);
  return value;
}

function text(fields: Fields, name: string, path = ''): string {
  const value = required(fields, name, path);
  if (typeof value === 'string') return value;
  throw new BadLine('INVALID_FIELD', `${path}${name} must be text, not ${typeof value}`);
}

function number(fields: Fields, name: string, path = ''): number {
  const value = required(fields, name, path);
  if (typeof value === 'number') return value;
  throw new BadLine('INVALID_FIELD', `${path}${name} must be a number, not ${typeof value}`);
}

function date(fields: Fields, name: string, path = ''): string {
  const value = text(fields, name, path);
  if (!Number.isNaN(Date.parse(value))) return value;
  throw new BadLine('INVALID_FIELD', `${path}${name} must be an ISO 8601 date, not "${value}"`);
}

function channel(value: string): Channel {
  const found = channels.find((name) => name === value);
  if (found) return found;
  throw new BadLine('INVALID_FIELD', `channel must be one of ${channels.join(', ')}, not "${value}"`);
}
