import { ApplicationFailure, cancellationSignal } from 'millrace/activity';
import { type Order, totalOf } from './order.js';
import { Refusal } from './refusal.js';
import type { Carrier } from './services/carrier.js';
import type { Mail } from './services/mail.js';
import type { Payments } from './services/payments.js';
import type { Reservation, Warehouse } from './services/warehouse.js';

export interface Dependencies {
  readonly warehouse: Warehouse;
  readonly payments: Payments;
  readonly carrier: Carrier;
  readonly mail: Mail;
}

/**
 * The steps of an order. An activity may run more than once (a worker can die between the effect and its report), so
 * each hands the order's id to the service as idempotency key: a repeated request has no second effect.
 */
export function createActivities({ warehouse, payments, carrier, mail }: Dependencies) {
  return {
    reserveStock: (order: Order): Promise<Reservation> => final(warehouse.reserve(order.id, order.lines)),

    releaseStock: (orderId: string): Promise<void> => warehouse.release(orderId),

    chargeCard: (order: Order): Promise<string> =>
      final(payments.charge(order.id, { token: order.paymentToken, amount: totalOf(order), currency: order.currency })),

    refundCharge: (orderId: string): Promise<void> => payments.refund(orderId),

    shipOrder: (order: Order, grams: number): Promise<string> =>
      final(carrier.collect(order.id, { address: order.shippingAddress, grams }, cancellationSignal())),

    tellCustomer: (order: Order, subject: string): Promise<void> =>
      final(mail.send(order.id, { to: order.customer.email, subject, text: `Dear ${order.customer.name}, …` })),
  };
}

export type Activities = ReturnType<typeof createActivities>;

/** A refusal is final: it becomes a failure that isn't retried, typed with its reason. All else is retried. */
async function final<T>(call: Promise<T>): Promise<T> {
  try {
    return await call;
  } catch (error) {
    if (error instanceof Refusal) throw ApplicationFailure.nonRetryable(error.message, error.reason);
    throw error;
  }
}
