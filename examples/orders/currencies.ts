/** The currencies the shop takes: their minor digits, and the total (minor units) above which a person must approve. */
export const currencies = {
  EUR: { minorDigits: 2, approvalAbove: 1_000_00 },
  USD: { minorDigits: 2, approvalAbove: 1_100_00 },
  GBP: { minorDigits: 2, approvalAbove: 900_00 },
  SEK: { minorDigits: 2, approvalAbove: 11_000_00 },
  JPY: { minorDigits: 0, approvalAbove: 160_000 },
} as const;

export type Currency = keyof typeof currencies;

export function isCurrency(code: string): code is Currency {
  return Object.hasOwn(currencies, code);
}
