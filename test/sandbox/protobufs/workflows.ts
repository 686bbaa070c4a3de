import { Order } from './root.js';

interface OrderMessage {
  readonly id: string;
  readonly amount: number;
  readonly raw: Uint8Array;
}

/** Answers an order with a larger one. */
export async function reorder({ id, amount, raw }: OrderMessage): Promise<object> {
  return Order.create({ id: `${id}-again`, amount: Number(amount) + 1, raw: raw.slice(1) });
}
