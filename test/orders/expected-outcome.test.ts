import { describe, expect, test } from 'vitest';
import { expectedEffects, expectedOutcome } from '../../examples/orders/expected-outcome.js';
import { anOrder, dearLines } from './an-order.js';

const poBox = { ...anOrder().shippingAddress, line1: 'P.O. Box 1187' };
const newCustomer = { ...anOrder().customer, since: '2026-11-20' };

describe('the expected outcome', () => {
  test('of a good order is its completion, with ids that follow from the order', () => {
    expect(expectedOutcome(anOrder())).toEqual({
      outcome: 'COMPLETED',
      orderId: 'ORD-1',
      chargeId: expect.stringMatching(/^ch_/),
      trackingNumber: expect.stringMatching(/^trk_/),
      customerTold: true,
    });
    expect(expectedOutcome(anOrder())).toEqual(expectedOutcome(anOrder()));
  });

  test('of an order whose mail bounces is still its completion', () => {
    const customer = { ...anOrder().customer, email: 'lena@closed.invalid' };
    expect(expectedOutcome(anOrder({ customer }))).toMatchObject({ outcome: 'COMPLETED', customerTold: false });
  });

  test.each([
    ['UNKNOWN_SKU', [{ sku: 'MUG STEEL', quantity: 1, unitPrice: 1 }]],
    ['OUT_OF_STOCK', [{ sku: 'BAG-DOWN-L', quantity: 1, unitPrice: 1 }]],
  ])('of an order refused at the shelf is a rejection that undoes nothing: %s', (reason, lines) => {
    expect(expectedOutcome(anOrder({ lines }))).toMatchObject({ outcome: 'REJECTED', reason, undone: [] });
  });

  test.each([
    ['CARD_DECLINED', { paymentToken: 'tok_declined_1' }],
    ['INSUFFICIENT_FUNDS', { paymentToken: 'tok_insufficient_1' }],
    ['CARD_EXPIRED', { paymentToken: 'tok_expired_1' }],
    ['APPROVAL_DENIED', { lines: dearLines, customer: newCustomer }],
    ['APPROVAL_TIMED_OUT', { lines: dearLines, channel: 'marketplace' as const }],
  ])('of an order stopped before the charge gives the stock back: %s', (reason, differences) => {
    expect(expectedOutcome(anOrder(differences))).toMatchObject({
      outcome: 'COMPENSATED',
      reason,
      undone: ['releaseStock'],
    });
  });

  test.each([
    ['ADDRESS_REFUSED', { shippingAddress: poBox }],
    ['COUNTRY_NOT_SERVED', { shippingAddress: { ...anOrder().shippingAddress, country: 'NO' } }],
    ['PARCEL_TOO_HEAVY', { lines: [{ sku: 'ANVIL-25KG', quantity: 2, unitPrice: 8_900 }] }],
  ])('of an order the carrier refuses is undone latest first: %s', (reason, differences) => {
    expect(expectedOutcome(anOrder(differences))).toMatchObject({
      outcome: 'COMPENSATED',
      reason,
      undone: ['refundCharge', 'releaseStock'],
    });
  });

  test('of a dear order that a person approves is its completion', () => {
    expect(expectedOutcome(anOrder({ lines: dearLines }))).toMatchObject({ outcome: 'COMPLETED' });
  });
});

test('the expected effects are those of the steps taken and of those undone', () => {
  expect(expectedEffects(anOrder())).toEqual(['reserveStock', 'chargeCard', 'shipOrder', 'tellCustomer']);
  expect(expectedEffects(anOrder({ paymentToken: 'tok_declined_1' }))).toEqual([
    'reserveStock',
    'releaseStock',
    'tellCustomer',
  ]);
  expect(expectedEffects(anOrder({ shippingAddress: poBox }))).toEqual([
    'reserveStock',
    'chargeCard',
    'refundCharge',
    'releaseStock',
    'tellCustomer',
  ]);
  expect(expectedEffects(anOrder({ lines: [{ sku: 'none', quantity: 1, unitPrice: 1 }] }))).toEqual(['tellCustomer']);
});
