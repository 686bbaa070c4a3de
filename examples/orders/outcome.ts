import type { RefusalReason } from './refusal.js';

export type Phase =
  | 'RESERVING_STOCK'
  | 'AWAITING_APPROVAL'
  | 'CHARGING_CARD'
  | 'SHIPPING'
  | 'COMPENSATING'
  | 'TELLING_CUSTOMER'
  | 'CLOSED';

/** The answer to the `orderStatus` query. */
export interface OrderStatus {
  readonly orderId: string;
  readonly phase: Phase;
}

/** The steps that can be undone, by what undoes them. */
export type Compensation = 'releaseStock' | 'refundCharge';

export interface CompletedOrder {
  readonly outcome: 'COMPLETED';
  readonly orderId: string;
  readonly chargeId: string;
  readonly trackingNumber: string;
  readonly customerTold: boolean;
}

/** REJECTED: nothing had happened yet. COMPENSATED: what had happened was undone, in the order of `undone`. */
export interface DroppedOrder {
  readonly outcome: 'REJECTED' | 'COMPENSATED';
  readonly orderId: string;
  readonly reason: RefusalReason;
  readonly undone: readonly Compensation[];
  readonly customerTold: boolean;
}

export type OrderOutcome = CompletedOrder | DroppedOrder;
