import { beforeAll, describe, expect, test } from 'vitest';
import { clerkDecision, needsApproval } from '../../examples/orders/approval.js';
import { expectedOutcome } from '../../examples/orders/expected-outcome.js';
import { type OrderFile, readOrderFile, readOrders } from '../../examples/orders/read-orders.js';
import { plannedFailures, plannedStall } from '../../examples/orders/services/network.js';
import { anOrder } from './an-order.js';

let file: OrderFile;
beforeAll(async () => {
  file = await readOrderFile('examples/orders/data/orders.jsonl');
});

function tally(names: readonly string[]): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const name of names) counts[name] = (counts[name] ?? 0) + 1;
  return counts;
}

describe('the order file', () => {
  test('has 300 lines, of which these are refused at the edge', () => {
    expect(file.orders.length + file.refused.length).toBe(300);
    expect(tally(file.refused.map(({ reason }) => reason))).toEqual({
      MALFORMED_JSON: 4,
      MISSING_FIELD: 6,
      INVALID_FIELD: 4,
      INVALID_QUANTITY: 4,
      UNKNOWN_CURRENCY: 3,
      DUPLICATE_ORDER_ID: 4,
    });
  });

  test('holds orders that end in every way there is', () => {
    const outcomes = file.orders.map(expectedOutcome);
    expect(tally(outcomes.map((end) => (end.outcome === 'COMPLETED' ? end.outcome : end.reason)))).toEqual({
      COMPLETED: 227,
      UNKNOWN_SKU: 6,
      OUT_OF_STOCK: 5,
      APPROVAL_DENIED: 5,
      APPROVAL_TIMED_OUT: 5,
      CARD_DECLINED: 7,
      INSUFFICIENT_FUNDS: 4,
      CARD_EXPIRED: 3,
      ADDRESS_REFUSED: 7,
      COUNTRY_NOT_SERVED: 3,
      PARCEL_TOO_HEAVY: 3,
    });
  });

  test('makes clerks approve and deny', () => {
    const decisions = file.orders.filter(needsApproval).map(clerkDecision);
    expect(tally(decisions.map((decision) => String(decision?.approved)))).toEqual({
      true: 17,
      false: 5,
      undefined: 5,
    });
  });

  test('meets services that fail at first, and a carrier that gives no answer', () => {
    const ids = file.orders.map(({ id }) => id);
    expect(ids.filter((id) => plannedFailures('payments', id) > 0).length).toBeGreaterThan(10);
    expect(ids.filter((id) => plannedStall('carrier', id)).length).toBeGreaterThan(0);
  });
});

test('of two lines with one order id the first counts, and the second is refused with its line number', () => {
  const again = anOrder({ channel: 'phone' });
  const { orders, refused } = readOrders(`${JSON.stringify(anOrder())}\n\n${JSON.stringify(again)}\n`);
  expect(orders).toEqual([anOrder()]);
  expect(refused).toEqual([
    { lineNumber: 3, reason: 'DUPLICATE_ORDER_ID', message: 'ORD-1 stands on an earlier line' },
  ]);
});
