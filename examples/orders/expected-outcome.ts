import { clerkDecision, needsApproval } from './approval.js';
import type { Order } from './order.js';
import type { Compensation, OrderOutcome } from './outcome.js';
import type { RefusalReason } from './refusal.js';
import { parcelRefusal, trackingNumberFor } from './services/carrier.js';
import type { Effect } from './services/ledger.js';
import { mailboxRefusal } from './services/mail.js';
import { cardRefusal, chargeIdFor } from './services/payments.js';
import { stockRefusal, weightOf } from './services/warehouse.js';

/** How an order must end, whatever dies on the way: the workflow's steps as plain rules, without retries or time. */
export function expectedOutcome(order: Order): OrderOutcome {
  const customerTold = mailboxRefusal(order.customer.email) === undefined;

  const drop = (reason: RefusalReason, ...undone: Compensation[]): OrderOutcome => ({
    outcome: undone.length === 0 ? 'REJECTED' : 'COMPENSATED',
    orderId: order.id,
    reason,
    undone,
    customerTold,
  });

  const stock = stockRefusal(order.lines);
  if (stock) return drop(stock.reason);

  if (needsApproval(order)) {
    const approval = clerkDecision(order);
    if (!approval) return drop('APPROVAL_TIMED_OUT', 'releaseStock');
    if (!approval.approved) return drop('APPROVAL_DENIED', 'releaseStock');
  }

  const card = cardRefusal(order.paymentToken);
  if (card) return drop(card.reason, 'releaseStock');

  const parcel = parcelRefusal({ address: order.shippingAddress, grams: weightOf(order.lines) });
  if (parcel) return drop(parcel.reason, 'refundCharge', 'releaseStock');

  return {
    outcome: 'COMPLETED',
    orderId: order.id,
    chargeId: chargeIdFor(order.id),
    trackingNumber: trackingNumberFor(order.id),
    customerTold,
  };
}

/** What the order must have done to the outside world in the end, in this order. */
export function expectedEffects(order: Order): readonly Effect[] {
  const end = expectedOutcome(order);
  const told: readonly Effect[] = end.customerTold ? ['tellCustomer'] : [];
  if (end.outcome === 'COMPLETED') return ['reserveStock', 'chargeCard', 'shipOrder', ...told];
  if (end.outcome === 'REJECTED') return told;
  const charged: readonly Effect[] = end.undone.includes('refundCharge') ? ['chargeCard'] : [];
  return ['reserveStock', ...charged, ...end.undone, ...told];
}
