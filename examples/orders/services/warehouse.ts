import type { OrderLine } from '../order.js';
import { Refusal } from '../refusal.js';
import { catalogue } from './catalogue.js';
import { idFor } from './hash.js';
import type { Ledger } from './ledger.js';
import type { Network } from './network.js';

export interface Reservation {
  readonly reservationId: string;
  /** Weight of all that is to be shipped. */
  readonly grams: number;
}

export interface Warehouse {
  reserve(idempotencyKey: string, lines: readonly OrderLine[]): Promise<Reservation>;
  release(idempotencyKey: string): Promise<void>;
}

/** Stock on hand isn't counted down, so that an order's outcome doesn't depend on which orders came before it. */
export function stockRefusal(lines: readonly OrderLine[]): Refusal | undefined {
  for (const { sku, quantity } of lines) {
    const item = catalogue.get(sku);
    if (!item) return new Refusal('UNKNOWN_SKU', `no such item: ${sku}`);
    if (quantity > item.onHand)
      return new Refusal('OUT_OF_STOCK', `${sku}: ${quantity} wanted, ${item.onHand} on hand`);
  }
  return undefined;
}

export function weightOf(lines: readonly OrderLine[]): number {
  return lines.reduce((grams, line) => grams + line.quantity * (catalogue.get(line.sku)?.grams ?? 0), 0);
}

export function createWarehouse({ network, ledger }: { network: Network; ledger: Ledger }): Warehouse {
  return {
    reserve: async (idempotencyKey, lines) => {
      await network.call('warehouse', idempotencyKey);
      const refusal = stockRefusal(lines);
      if (refusal) throw refusal;
      await ledger.record('reserveStock', idempotencyKey);
      return { reservationId: idFor('rsv', idempotencyKey), grams: weightOf(lines) };
    },
    release: async (idempotencyKey) => {
      await network.call('warehouse', `release/${idempotencyKey}`);
      await ledger.record('releaseStock', idempotencyKey);
    },
  };
}
