import type { Currency } from '../currencies.js';
import { Refusal } from '../refusal.js';
import { idFor } from './hash.js';
import type { Ledger } from './ledger.js';
import type { Network } from './network.js';

export interface ChargeRequest {
  readonly token: string;
  /** In the currency's minor unit. */
  readonly amount: number;
  readonly currency: Currency;
}

export interface Payments {
  /** Answers with the charge's id. */
  charge(idempotencyKey: string, request: ChargeRequest): Promise<string>;
  /** Gives back what was charged under the key; nothing was, nothing is given back. */
  refund(idempotencyKey: string): Promise<void>;
}

/** As at a payment provider's test bench, the token says what the card's bank will answer. */
export function cardRefusal(token: string): Refusal | undefined {
  if (token.startsWith('tok_declined')) return new Refusal('CARD_DECLINED', 'the bank declined the card');
  if (token.startsWith('tok_insufficient')) return new Refusal('INSUFFICIENT_FUNDS', 'the account lacks the funds');
  if (token.startsWith('tok_expired')) return new Refusal('CARD_EXPIRED', 'the card has expired');
  return undefined;
}

export function chargeIdFor(idempotencyKey: string): string {
  return idFor('ch', idempotencyKey);
}

export function createPayments({ network, ledger }: { network: Network; ledger: Ledger }): Payments {
  return {
    charge: async (idempotencyKey, { token }) => {
      await network.call('payments', idempotencyKey);
      const refusal = cardRefusal(token);
      if (refusal) throw refusal;
      await ledger.record('chargeCard', idempotencyKey);
      return chargeIdFor(idempotencyKey);
    },
    refund: async (idempotencyKey) => {
      await network.call('payments', `refund/${idempotencyKey}`);
      await ledger.record('refundCharge', idempotencyKey);
    },
  };
}
