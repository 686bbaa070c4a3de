import {
  ApplicationFailure,
  condition,
  defineQuery,
  defineSignal,
  isCancellation,
  proxyActivities,
  setHandler,
} from 'millrace/workflow';
import type { Activities } from './activities.js';
import { type Approval, approvalTimeoutMs, needsApproval } from './approval.js';
import type { Order } from './order.js';
import type { OrderOutcome, OrderStatus, Phase } from './outcome.js';
import { refusalOf, Saga } from './saga.js';

export const approve = defineSignal<[Approval]>('approve');
export const orderStatus = defineQuery<OrderStatus>('orderStatus');

const { reserveStock, chargeCard, shipOrder, tellCustomer } = proxyActivities<Activities>({
  startToCloseTimeout: '5 seconds',
  retry: { initialInterval: '200 ms', maximumInterval: '5 seconds', maximumAttempts: 20 },
});

// What was done must be undone, however long the service is away.
const { releaseStock, refundCharge } = proxyActivities<Activities>({
  startToCloseTimeout: '5 seconds',
  retry: { initialInterval: '200 ms', maximumInterval: '1 minute' },
});

/** Takes an order from the shelf to the carrier; when it can't go on, undoes what it has done. */
export async function processOrder(order: Order): Promise<OrderOutcome> {
  let phase: Phase = 'RESERVING_STOCK';
  let approval: Approval | undefined;
  setHandler(orderStatus, () => ({ orderId: order.id, phase }));
  setHandler(approve, (decision) => {
    approval ??= decision;
  });

  const saga = new Saga();
  let chargeId: string;
  let trackingNumber: string;
  try {
    const { grams } = await saga.step(() => reserveStock(order), {
      name: 'releaseStock',
      run: () => releaseStock(order.id),
    });
    if (needsApproval(order)) {
      phase = 'AWAITING_APPROVAL';
      await approved(() => approval, approvalTimeoutMs(order));
    }
    phase = 'CHARGING_CARD';
    chargeId = await saga.step(() => chargeCard(order), { name: 'refundCharge', run: () => refundCharge(order.id) });
    phase = 'SHIPPING';
    trackingNumber = await shipOrder(order, grams);
  } catch (error) {
    phase = 'COMPENSATING';
    const undone = await saga.compensate();
    const reason = refusalOf(error);
    if (!reason) throw error; // cancelled, or a service stayed away: the run fails, but leaves nothing half done

    phase = 'TELLING_CUSTOMER';
    const customerTold = await told(tellCustomer(order, `We can't carry out your order ${order.id}`));
    phase = 'CLOSED';
    return { outcome: undone.length > 0 ? 'COMPENSATED' : 'REJECTED', orderId: order.id, reason, undone, customerTold };
  }

  phase = 'TELLING_CUSTOMER';
  const customerTold = await told(tellCustomer(order, `Your order ${order.id} is on its way: ${trackingNumber}`));
  phase = 'CLOSED';
  return { outcome: 'COMPLETED', orderId: order.id, chargeId, trackingNumber, customerTold };
}

/** Resolves once a person has approved; a denial and a decision that doesn't come in time are refusals. */
async function approved(decision: () => Approval | undefined, timeoutMs: number): Promise<void> {
  const decided = await condition(() => decision() !== undefined, timeoutMs);
  if (!decided) throw ApplicationFailure.nonRetryable('nobody decided in time', 'APPROVAL_TIMED_OUT');
  if (!decision()?.approved) throw ApplicationFailure.nonRetryable('a person said no', 'APPROVAL_DENIED');
}

/** A letter that can't be delivered changes nothing about the order. */
async function told(letter: Promise<void>): Promise<boolean> {
  try {
    await letter;
    return true;
  } catch (error) {
    if (isCancellation(error)) throw error;
    return false;
  }
}
