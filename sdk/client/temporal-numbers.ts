// Numbers in the forms that Temporal's protocol gives them to JavaScript.

/** What programs ask of the `Long` that a 64-bit number is there. Its halves are those that `Long.fromValue` takes. */
export interface LongNumber {
  readonly low: number;
  readonly high: number;
  readonly unsigned: boolean;
  toNumber(): number;
  toInt(): number;
  toString(): string;
  toJSON(): string;
  valueOf(): number;
  equals(other: LongNumber | number | string): boolean;
  eq(other: LongNumber | number | string): boolean;
}

/** A duration, or a time since 1970. */
export interface SecondsAndNanos {
  readonly seconds: LongNumber;
  readonly nanos: number;
}

/** `value` is an integer of at most 53 bits. */
export function longOf(value: number): LongNumber {
  const equals = (other: LongNumber | number | string) => Number(other) === value;
  return {
    low: value | 0,
    high: Math.floor(value / 2 ** 32) | 0,
    unsigned: false,
    toNumber: () => value,
    toInt: () => value | 0,
    toString: () => String(value),
    toJSON: () => String(value),
    valueOf: () => value,
    equals,
    eq: equals,
  };
}

export function secondsAndNanos(ms: number): SecondsAndNanos {
  const seconds = Math.floor(ms / 1000);
  return { seconds: longOf(seconds), nanos: Math.round((ms - seconds * 1000) * 1e6) };
}
