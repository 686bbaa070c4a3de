// Workflow code runs in a realm of its own, where `instanceof` against a class of another realm is always false.
// Symbols of the global registry are the same in every realm of a thread, so our classes are told apart by them.

type Class = { readonly prototype: object };

/**
 * Gives a class, of errors mostly, its name and makes `instanceof` work between realms, also when the package was loaded twice.
 * Subclasses that users write keep the ordinary `instanceof`.
 */
export function identifyAcrossRealms(clazz: Class, name: string): void {
  const marker = Symbol.for(`millrace.${name}`);
  const { prototype } = clazz;
  Object.defineProperty(prototype, 'name', { value: name, enumerable: false, configurable: true, writable: true });
  Object.defineProperty(prototype, marker, { value: true });
  Object.defineProperty(clazz, Symbol.hasInstance, {
    value(this: Class, value: unknown): boolean {
      if (this !== clazz) return isObject(value) && Object.prototype.isPrototypeOf.call(this.prototype, value);
      return isObject(value) && value[marker] === true;
    },
  });
}

/** Whether a value is an object whose properties can be looked at. */
export function isObject(value: unknown): value is Record<PropertyKey, unknown> {
  return typeof value === 'object' && value !== null;
}

/** Whether a value is an Error, of whatever realm. */
export function isError(value: unknown): value is Error {
  return isObject(value) && typeof value.name === 'string' && typeof value.message === 'string';
}

/** Whether a value is a Uint8Array, of whatever realm; a Buffer is one. */
export function isUint8Array(value: unknown): value is Uint8Array {
  return (
    ArrayBuffer.isView(value) && (value as unknown as Record<symbol, unknown>)[Symbol.toStringTag] === 'Uint8Array'
  );
}
