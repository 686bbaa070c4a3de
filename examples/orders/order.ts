import type { Currency } from './currencies.js';

export type Channel = 'web' | 'phone' | 'marketplace';

export interface OrderLine {
  readonly sku: string;
  readonly quantity: number;
  /** In the currency's minor unit. */
  readonly unitPrice: number;
}

export interface Address {
  readonly line1: string;
  readonly line2?: string;
  readonly city: string;
  readonly postalCode: string;
  /** ISO 3166-1 alpha-2. */
  readonly country: string;
}

export interface Customer {
  readonly id: string;
  readonly name: string;
  readonly email: string;
  /** ISO 8601 date of the customer's first order. */
  readonly since: string;
}

/** One order as the shop's channels hand it in: a line of `data/orders.jsonl`. */
export interface Order {
  readonly id: string;
  /** ISO 8601, UTC. */
  readonly placedAt: string;
  readonly channel: Channel;
  readonly currency: Currency;
  readonly customer: Customer;
  readonly lines: readonly OrderLine[];
  readonly shippingAddress: Address;
  readonly paymentToken: string;
}

/** What the order costs, in the currency's minor unit. */
export function totalOf(order: Order): number {
  return order.lines.reduce((total, line) => total + line.quantity * line.unitPrice, 0);
}
