import { currencies } from './currencies.js';
import { type Order, totalOf } from './order.js';

/** What a person decided about an order. */
export interface Approval {
  readonly approved: boolean;
  readonly by: string;
}

const KNOWN_CUSTOMER_DAYS = 90;
const DAY_MS = 24 * 60 * 60 * 1000;

export function needsApproval(order: Order): boolean {
  return totalOf(order) > currencies[order.currency].approvalAbove;
}

/** A marketplace must confirm its own large orders, and at once; our own clerks are given longer. */
export function approvalTimeoutMs(order: Order): number {
  return order.channel === 'marketplace' ? 5_000 : 30 * 60 * 1000;
}

/** The clerk's rule: a customer known for a while is trusted. Marketplace orders aren't the clerk's to decide. */
export function clerkDecision(order: Order): Approval | undefined {
  if (order.channel === 'marketplace') return undefined;
  const knownForMs = Date.parse(order.placedAt) - Date.parse(order.customer.since);
  return { approved: knownForMs >= KNOWN_CUSTOMER_DAYS * DAY_MS, by: 'clerk' };
}
