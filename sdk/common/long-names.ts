/** Constants by their names and, as older programs for Temporal spell them, by their names behind a prefix. */
export type WithLongNames<P extends string, T extends Readonly<Record<string, string>>> = T & {
  readonly [K in keyof T & string as `${P}${K}`]: T[K];
};

/** Adds the long names. They can't be enumerated, so that the values are listed once. */
export function withLongNames<P extends string, const T extends Readonly<Record<string, string>>>(
  prefix: P,
  values: T,
): WithLongNames<P, T> {
  const longNames = Object.entries(values).map(([name, value]) => [`${prefix}${name}`, { value }]);
  return Object.defineProperties({ ...values }, Object.fromEntries(longNames)) as WithLongNames<P, T>;
}
