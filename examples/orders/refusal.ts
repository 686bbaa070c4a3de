/** Why an order isn't carried out. Each is the last word of whoever gave it: asking again changes nothing. */
export const refusalReasons = [
  'UNKNOWN_SKU',
  'OUT_OF_STOCK',
  'APPROVAL_DENIED',
  'APPROVAL_TIMED_OUT',
  'CARD_DECLINED',
  'INSUFFICIENT_FUNDS',
  'CARD_EXPIRED',
  'ADDRESS_REFUSED',
  'COUNTRY_NOT_SERVED',
  'PARCEL_TOO_HEAVY',
  'MAILBOX_UNAVAILABLE',
] as const;

export type RefusalReason = (typeof refusalReasons)[number];

export function isRefusalReason(text: unknown): text is RefusalReason {
  return refusalReasons.some((reason) => reason === text);
}

/** A service understood the request and said no. */
export class Refusal extends Error {
  override readonly name = 'Refusal';
  readonly reason: RefusalReason;

  constructor(reason: RefusalReason, message: string) {
    super(message);
    this.reason = reason;
  }
}
