import { describe, expect, test } from 'vitest';
import { expectedOutcome } from '../../examples/orders/expected-outcome.js';
import type { Order } from '../../examples/orders/order.js';
import { summarize, surprises } from '../../examples/orders/report.js';
import type { HandledOrder } from '../../examples/orders/start-orders.js';
import { anOrder } from './an-order.js';

function handled(order: Order, outcome: HandledOrder['outcome'] = expectedOutcome(order)): HandledOrder {
  return { order, workflowId: `order-${order.id}`, outcome, tookMs: 120 };
}

const run = {
  handled: [
    handled(anOrder()),
    handled(anOrder({ id: 'ORD-2', paymentToken: 'tok_declined_1' })),
    handled(anOrder({ id: 'ORD-3', paymentToken: 'tok_declined_2' })),
  ],
  refused: [{ lineNumber: 4, reason: 'MALFORMED_JSON', message: 'Unexpected end of JSON input' }],
  tookMs: 1_500,
} as const;

describe('the report', () => {
  test('counts the orders by how they ended', () => {
    expect(summarize(run).split('\n')).toEqual([
      '    2  compensated      CARD_DECLINED        undone: releaseStock',
      '    1  completed',
      '    1  refused at edge  MALFORMED_JSON',
      '',
      '4 lines in 1.50 s; an order took 0.12 s (median), 0.12 s (99 %)',
      'all orders ended as they must',
    ]);
    expect(surprises(run)).toEqual([]);
  });

  test('names every order that ended otherwise than its data says', () => {
    const failed = handled(anOrder({ id: 'ORD-4' }), new Error('Workflow execution failed'));
    const wrong = handled(anOrder({ id: 'ORD-5' }), expectedOutcome(anOrder({ id: 'ORD-6' })));
    const surprising = { ...run, handled: [...run.handled, failed, wrong] };
    expect(surprises(surprising)).toEqual([failed, wrong]);
    expect(summarize(surprising)).toContain('2 orders did not end as they must');
    expect(summarize(surprising)).toContain('UNEXPECTED ORD-4: Error: Workflow execution failed');
    expect(summarize(surprising)).toContain('UNEXPECTED ORD-5: {"outcome":"COMPLETED","orderId":"ORD-6"');
  });
});
