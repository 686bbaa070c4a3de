import { Order } from './root.js';

/** Takes a message and answers with another. */
export async function double({ item, amount }: Order): Promise<Order> {
  return Order.create({ item, amount: amount * 2 }) as unknown as Order;
}
