/** Whether two values hold the same, down to primitives that `isSame` compares. */
export function isDeepEqual(a: unknown, b: unknown, isSame: (a: unknown, b: unknown) => boolean): boolean {
  return equal(a, b, isSame, new Map());
}

function equal(a: unknown, b: unknown, isSame: typeof Object.is, open: Map<object, unknown>): boolean {
  if (typeof a !== 'object' || typeof b !== 'object' || a === null || b === null) return isSame(a, b);
  if (a === b) return true;
  // A pair that is being compared further out holds itself: its other parts decide.
  if (open.get(a) === b) return true;
  open.set(a, b);
  const result =
    Object.prototype.toString.call(a) === Object.prototype.toString.call(b) &&
    (isSame !== Object.is || Object.getPrototypeOf(a) === Object.getPrototypeOf(b)) &&
    isContentEqual(a, b, (x, y) => equal(x, y, isSame, open));
  open.delete(a);
  return result;
}

function isContentEqual(a: object, b: object, same: (x: unknown, y: unknown) => boolean): boolean {
  if (a instanceof Date || a instanceof RegExp) return String(a.valueOf()) === String(b.valueOf());
  if (a instanceof Error && b instanceof Error && (a.message !== b.message || a.name !== b.name)) return false;
  if (a instanceof Map && b instanceof Map) {
    return a.size === b.size && [...a].every(([key, value]) => b.has(key) && same(value, b.get(key)));
  }
  if (a instanceof Set && b instanceof Set) {
    return a.size === b.size && [...a].every((item) => b.has(item) || [...b].some((other) => same(item, other)));
  }
  const keys = Object.keys(a);
  return (
    keys.length === Object.keys(b).length &&
    keys.every(
      (key) => Object.hasOwn(b, key) && same((a as Record<string, unknown>)[key], (b as Record<string, unknown>)[key]),
    )
  );
}
