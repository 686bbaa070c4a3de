import { readFile } from 'node:fs/promises';
import type { Order } from './order.js';
import { BadLine, type BadLineReason, parseOrder } from './parse-order.js';

export interface RefusedLine {
  /** Counted from 1. */
  readonly lineNumber: number;
  readonly reason: BadLineReason;
  readonly message: string;
}

export interface OrderFile {
  readonly orders: readonly Order[];
  readonly refused: readonly RefusedLine[];
}

/** Sorts the lines of a JSON Lines text into orders and refusals. Of several orders with one id the first counts. */
export function readOrders(jsonLines: string): OrderFile {
  const orders = new Map<string, Order>();
  const refused: RefusedLine[] = [];

  for (const [index, line] of jsonLines.split('\n').entries()) {
    if (line.trim() === '') continue;
    try {
      const order = parseOrder(line);
      if (orders.has(order.id)) throw new BadLine('DUPLICATE_ORDER_ID', `${order.id} stands on an earlier line`);
      orders.set(order.id, order);
    } catch (error) {
      if (!(error instanceof BadLine)) throw error;
      refused.push({ lineNumber: index + 1, reason: error.reason, message: error.message });
    }
  }
  return { orders: [...orders.values()], refused };
}

export async function readOrderFile(path: string): Promise<OrderFile> {
  return readOrders(await readFile(path, 'utf8'));
}
