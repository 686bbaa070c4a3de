// Runs share one realm. What they share must not change, or one run's code could be seen by another's.

/** Freezes the libraries and all that can be reached from the global object, and pins the global's own properties. */
export function lockRealm(libraries: object): void {
  const seen = new Set<object>([globalThis]);
  for (const root of [...hiddenIntrinsics(), libraries]) deepFreeze(root, seen);
  for (const key of Reflect.ownKeys(globalThis)) {
    const property = Object.getOwnPropertyDescriptor(globalThis, key);
    if (property === undefined) continue;
    for (const part of [property.value, property.get, property.set]) deepFreeze(part, seen);
    Object.defineProperty(
      globalThis,
      key,
      'value' in property ? { writable: false, configurable: false } : { configurable: false },
    );
  }
}

/** Freezes an object and all that it leads to. */
function deepFreeze(value: unknown, seen: Set<object>): void {
  if ((typeof value !== 'object' && typeof value !== 'function') || value === null || seen.has(value)) return;
  seen.add(value);
  deepFreeze(Object.getPrototypeOf(value), seen);
  for (const key of Reflect.ownKeys(value)) {
    const property = Object.getOwnPropertyDescriptor(value, key);
    for (const part of [property?.value, property?.get, property?.set]) deepFreeze(part, seen);
  }
  if (isOftenOverridden(value)) allowOverrides(value);
  if (value === Error) freezeErrorClass();
  else if (!ArrayBuffer.isView(value)) Object.freeze(value);
}

/** Objects on whose heirs code sets properties of the same names by assignment, as in `this.name = 'MyError'`. */
function isOftenOverridden(value: object): boolean {
  return (
    value === Object.prototype ||
    value === Function.prototype ||
    value === Error.prototype ||
    Object.prototype.isPrototypeOf.call(Error.prototype, value)
  );
}

/**
 * Assigning to an heir a property that its frozen prototype has throws; through an accessor it makes an own property,
 * as it does where nothing is frozen.
 */
function allowOverrides(prototype: object): void {
  for (const key of Reflect.ownKeys(prototype)) {
    const property = Object.getOwnPropertyDescriptor(prototype, key);
    if (property === undefined || !property.configurable || property.writable !== true) continue;
    const { value, enumerable = false } = property;
    const set = function (this: object, own: unknown) {
      if (this === prototype) throw new TypeError(`${String(key)} is shared by all workflows and can't be changed`);
      Object.defineProperty(this, key, { value: own, writable: true, enumerable: true, configurable: true });
    };
    Object.defineProperty(prototype, key, { get: () => value, set, enumerable, configurable: false });
  }
}

/** V8 reads `stackTraceLimit` only where it is a writable property, and programs do set it. */
function freezeErrorClass(): void {
  Object.preventExtensions(Error);
  for (const key of Reflect.ownKeys(Error)) {
    if (key === 'stackTraceLimit') Object.defineProperty(Error, key, { configurable: false });
    else Object.defineProperty(Error, key, { configurable: false, writable: false });
  }
}

/** Intrinsics that no global leads to. */
function hiddenIntrinsics(): object[] {
  return [
    function* generator() {},
    async () => {},
    async function* asyncGenerator() {},
    [][Symbol.iterator](),
    new Map()[Symbol.iterator](),
    new Set()[Symbol.iterator](),
    ''[Symbol.iterator](),
    /x/[Symbol.matchAll](''),
  ].map((sample) => Object.getPrototypeOf(sample));
}
