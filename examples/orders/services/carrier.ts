import type { Address } from '../order.js';
import { Refusal } from '../refusal.js';
import { idFor } from './hash.js';
import type { Ledger } from './ledger.js';
import type { Network } from './network.js';

export interface Parcel {
  readonly address: Address;
  readonly grams: number;
}

export interface Carrier {
  /** Answers with the tracking number. */
  collect(idempotencyKey: string, parcel: Parcel, signal: AbortSignal): Promise<string>;
}

const SERVED_COUNTRIES = new Set([
  'AT',
  'BE',
  'DE',
  'DK',
  'ES',
  'FR',
  'GB',
  'IE',
  'IT',
  'JP',
  'NL',
  'PL',
  'PT',
  'SE',
  'US',
]);
const MAX_PARCEL_GRAMS = 30_000;
const POST_OFFICE_BOX = /^(p\.? ?o\.? ?box|postfach|bo[iî]te postale|apartado)\b/i;

export function parcelRefusal({ address, grams }: Parcel): Refusal | undefined {
  if (!SERVED_COUNTRIES.has(address.country)) {
    return new Refusal('COUNTRY_NOT_SERVED', `no service to ${address.country}`);
  }
  if (POST_OFFICE_BOX.test(address.line1)) {
    return new Refusal('ADDRESS_REFUSED', `cannot deliver to "${address.line1}"`);
  }
  if (grams > MAX_PARCEL_GRAMS) {
    return new Refusal('PARCEL_TOO_HEAVY', `${grams} g is over the limit of ${MAX_PARCEL_GRAMS} g`);
  }
  return undefined;
}

export function trackingNumberFor(idempotencyKey: string): string {
  return idFor('trk', idempotencyKey);
}

export function createCarrier({ network, ledger }: { network: Network; ledger: Ledger }): Carrier {
  return {
    collect: async (idempotencyKey, parcel, signal) => {
      await network.call('carrier', idempotencyKey, signal);
      const refusal = parcelRefusal(parcel);
      if (refusal) throw refusal;
      await ledger.record('shipOrder', idempotencyKey);
      return trackingNumberFor(idempotencyKey);
    },
  };
}
