import type { Order } from '../../examples/orders/order.js';

/** An order that completes; a test states what is different about its own. */
export function anOrder(differences: Partial<Order> = {}): Order {
  return {
    id: 'ORD-1',
    placedAt: '2026-11-24T09:30:00.000Z',
    channel: 'web',
    currency: 'EUR',
    customer: { id: 'CUS-1', name: 'Lena Schröder', email: 'lena@example.com', since: '2023-05-01' },
    lines: [{ sku: 'MUG-STEEL', quantity: 2, unitPrice: 1_290 }],
    shippingAddress: { line1: 'Am Lindenhof 4', city: 'Leipzig', postalCode: '04109', country: 'DE' },
    paymentToken: 'tok_visa_1',
    ...differences,
  };
}

/** Dear enough to need a person's approval. */
export const dearLines = [{ sku: 'TENT-4P-ORG', quantity: 3, unitPrice: 47_900 }];
