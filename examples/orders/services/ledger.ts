import { appendFile, mkdir } from 'node:fs/promises';
import { join } from 'node:path';

export type Effect = 'reserveStock' | 'releaseStock' | 'chargeCard' | 'refundCharge' | 'shipOrder' | 'tellCustomer';

/** One thing done to the outside world. The same key twice is one effect: services drop repeated requests by it. */
export interface LedgerEntry {
  readonly effect: Effect;
  readonly idempotencyKey: string;
  readonly pid: number;
  /** Milliseconds since the epoch. */
  readonly at: number;
}

export interface Ledger {
  record(effect: Effect, idempotencyKey: string): Promise<void>;
}

export const noLedger: Ledger = { record: async () => {} };

/** Writes `effects.jsonl` in the directory. Appends are one small write each, so that several workers may share it. */
export async function openLedger(directory: string): Promise<Ledger> {
  await mkdir(directory, { recursive: true });
  const path = join(directory, 'effects.jsonl');
  return {
    record: async (effect, idempotencyKey) => {
      const entry: LedgerEntry = { effect, idempotencyKey, pid: process.pid, at: Date.now() };
      await appendFile(path, `${JSON.stringify(entry)}\n`);
    },
  };
}
