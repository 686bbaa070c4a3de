import { setTimeout as delay } from 'node:timers/promises';
import { type Client, ServiceError, WorkflowExecutionAlreadyStartedError, type WorkflowHandle } from 'millrace/client';
import { clerkDecision, needsApproval } from './approval.js';
import { inParallel } from './in-parallel.js';
import type { Order } from './order.js';
import type { OrderOutcome } from './outcome.js';
import { approve, orderStatus, processOrder } from './workflows.js';

export interface HandledOrder {
  readonly order: Order;
  readonly workflowId: string;
  /** What the workflow returned; an Error when it failed. */
  readonly outcome: OrderOutcome | Error;
  /** From the start request to the result, in milliseconds. */
  readonly tookMs: number;
}

export interface StartOrdersOptions {
  readonly client: Client;
  readonly orders: readonly Order[];
  /** Orders under way at a time. */
  readonly concurrency: number;
  readonly onHandled?: (handled: HandledOrder) => void;
}

type OrderHandle = WorkflowHandle<typeof processOrder>;

const ASK_EVERY_MS = 200;
const TRY_AGAIN_AFTER_MS = 1_000;

/** Sees each order through to its end. May be run again at any time: an order is processed once. */
export async function startOrders(options: StartOrdersOptions): Promise<readonly HandledOrder[]> {
  const { client, orders, concurrency, onHandled } = options;
  return await inParallel(orders, concurrency, async (order) => {
    const startedAt = Date.now();
    const handle = await persistently(() => start(client, order));
    const outcome = await seeThrough(handle, order);
    const handled = { order, workflowId: handle.workflowId, outcome, tookMs: Date.now() - startedAt };
    onHandled?.(handled);
    return handled;
  });
}

async function start(client: Client, order: Order): Promise<OrderHandle> {
  const workflowId = `order-${order.id}`;
  try {
    await client.workflow.start(processOrder, {
      workflowId,
      taskQueue: 'orders',
      args: [order],
      workflowIdReusePolicy: 'REJECT_DUPLICATE',
    });
  } catch (error) {
    if (!(error instanceof WorkflowExecutionAlreadyStartedError)) throw error;
  }
  // Whichever run the order has, this one's or an earlier one's, is the one to wait for.
  return client.workflow.getHandle(workflowId);
}

async function seeThrough(handle: OrderHandle, order: Order): Promise<OrderOutcome | Error> {
  const ended = new AbortController();
  try {
    const result = handle.result();
    if (needsApproval(order)) await Promise.race([result, decideWhenAsked(handle, order, ended.signal)]);
    return await result;
  } catch (error) {
    return error instanceof Error ? error : new Error(String(error));
  } finally {
    ended.abort();
  }
}

/** Stands in for the clerk's desk: looks until the order waits for a decision, then gives it. */
async function decideWhenAsked(handle: OrderHandle, order: Order, ended: AbortSignal): Promise<void> {
  const decision = clerkDecision(order);
  if (!decision) return;
  while (!ended.aborted) {
    // No answer means that no worker is there to give one: the clerk looks again later.
    const status = await handle.query(orderStatus).catch(() => undefined);
    if (status?.phase === 'AWAITING_APPROVAL') return await persistently(() => handle.signal(approve, decision));
    await delay(ASK_EVERY_MS);
  }
}

/** Sits an outage out. What is called may have had its effect although it failed, so it must bear being repeated. */
async function persistently<T>(call: () => Promise<T>): Promise<T> {
  for (;;) {
    try {
      return await call();
    } catch (error) {
      if (!(error instanceof ServiceError && error.retryable)) throw error;
      await delay(TRY_AGAIN_AFTER_MS);
    }
  }
}
